"""What the parts of the Tokens tab share: nobody is shown what was meant for another, or for an earlier clip."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import numpy as np

from videobert_demo.errors import QuestionError
from videobert_demo.library.entries import make_thumbnail
from videobert_demo.service.examples import read_examples
from videobert_demo.service.segments import Neighbour, Segment
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.types.visual_words import VisualWord
from videobert_demo.ui.page.playback import Playback
from videobert_demo.ui.page.queues import Updates, unchanged
from videobert_demo.ui.page.visits import Retention, Visits
from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.tokens.context import TokensContext, index_of, segments_shown

VIEW = gr.HTML(render=False)


def request_of(session: str) -> gr.Request:
    return cast(gr.Request, SimpleNamespace(session_hash=session, headers={}))


def context_of(tmp_path: Path) -> TokensContext:
    service = cast(VideoBertService, SimpleNamespace(open=lambda path: path))
    playback = Playback(Visits(tmp_path, Retention()), read_examples())
    return TokensContext(service, cast(VisitorLibraries, None), playback)


def segment(source: str) -> Segment:
    picture = make_thumbnail(np.zeros((30, 40, 3), np.uint8))
    return Segment("0" * 64, "its title", source, 0, 1.5, 2, 1.75, VisualWord(7, 0.5), np.zeros(2, np.float32), picture)


def test_an_answer_that_comes_too_late_is_not_shown(tmp_path: Path) -> None:
    context, ann, bob = context_of(tmp_path), request_of("ann"), request_of("bob")

    def answer(opened: Any, _: Any) -> Updates:
        return {VIEW: f"of {opened}"}

    context.show("a.mp4", ann)
    context.show("b.mp4", bob)
    assert context.about("a.mp4", ann, answer, view=VIEW) == {VIEW: "of a.mp4"}
    assert context.about("b.mp4", bob, answer, view=VIEW) == {VIEW: "of b.mp4"}

    def answer_while_another_clip_arrives(opened: Any, texts: Any) -> Updates:
        context.show("c.mp4", ann)
        return answer(opened, texts)

    assert context.about("a.mp4", ann, answer_while_another_clip_arrives, view=VIEW) == unchanged()
    assert context.is_shown("b.mp4", bob)
    context.forget("ann")
    assert context.about("a.mp4", ann, answer, view=VIEW) == {VIEW: "of a.mp4"}  # she came back


def test_a_refusal_is_a_sentence_in_the_view(tmp_path: Path) -> None:
    def refuse(_: Any, __: Any) -> Updates:
        raise QuestionError("That is <too> long.")

    context, ann = context_of(tmp_path), request_of("ann")
    ((component, view),) = context.about("a.mp4", ann, refuse, view=VIEW).items()
    assert component is VIEW
    assert "That is &lt;too&gt; long." in view
    assert context.about(None, ann, refuse, view=VIEW) == unchanged()


def test_examples_are_titled_in_the_visitors_language_and_other_clips_as_they_are(tmp_path: Path) -> None:
    example = read_examples()[0]
    near = [Neighbour(segment(str(path)), 3, True) for path in (example.path.absolute(), tmp_path / "other.mp4")]
    titled = context_of(tmp_path).titled([near, []], CHINESE)
    assert [one.segment.title for one in titled[0]] == [example.title_in(CHINESE.language), "its title"]
    assert titled[1] == ()
    assert [one.title for one in segments_shown(titled)] == [example.title_in(CHINESE.language), "its title"]
    assert example.title_in(CHINESE.language) != example.title


def test_a_segment_is_played_from_its_start_while_its_file_is_there(tmp_path: Path) -> None:
    context, ann = context_of(tmp_path), request_of("ann")
    player = context.play(segment(str(read_examples()[0].path.absolute())), ann)
    assert player is not None
    assert player.playback_position == 1.5
    assert context.play(segment(str(tmp_path / "gone.mp4")), ann) is None


def test_only_a_known_index_is_taken_from_an_event() -> None:
    def event(index: object) -> gr.EventData:
        return cast(gr.EventData, SimpleNamespace(index=index))

    assert [index_of(event(index), ("a", "b")) for index in (0, 1, 2, -1, "0", None, 0.5)] == [0, 1] + [None] * 5
