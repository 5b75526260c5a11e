"""What the parts of the Tokens tab share: nobody is shown what was meant for another, or for an earlier clip."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr

from videobert_demo.errors import QuestionError
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.ui.page.visits import Keeping, Visits
from videobert_demo.ui.tokens.context import Stage


def request_of(session: str) -> gr.Request:
    return cast(gr.Request, SimpleNamespace(session_hash=session, headers={}))


def stage_of(tmp_path: Path) -> Stage:
    service = SimpleNamespace(open=lambda path: path)
    return Stage(cast(VideoBertService, service), Visits(tmp_path, Keeping()), cast(VisitorLibraries, None), ())


def test_an_answer_that_comes_too_late_is_not_shown(tmp_path: Path) -> None:
    stage, ann, bob = stage_of(tmp_path), request_of("ann"), request_of("bob")
    stage.show("a.mp4", ann)
    stage.show("b.mp4", bob)
    assert stage.about("a.mp4", ann, 1, lambda opened, _: (f"of {opened}",)) == ("of a.mp4",)
    assert stage.about("b.mp4", bob, 1, lambda opened, _: (f"of {opened}",)) == ("of b.mp4",)

    def work_while_another_clip_arrives(opened: Any, _: Any) -> tuple[str]:
        stage.show("c.mp4", ann)
        return (f"of {opened}",)

    assert stage.about("a.mp4", ann, 1, work_while_another_clip_arrives) == (gr.skip(),)
    assert stage.is_shown("b.mp4", bob)
    stage.forget("ann")
    assert stage.about("c.mp4", ann, 1, lambda opened, _: (f"of {opened}",)) == ("of c.mp4",)  # she came back


def test_a_refusal_is_a_sentence_in_the_view(tmp_path: Path) -> None:
    def refuse(_: Any, __: Any) -> tuple[str, str]:
        raise QuestionError("That is <too> long.")

    view, other = stage_of(tmp_path).about("a.mp4", request_of("ann"), 2, refuse)
    assert "That is &lt;too&gt; long." in view
    assert other == gr.skip()
    assert stage_of(tmp_path).about(None, request_of("ann"), 1, refuse) == (gr.skip(),)
