"""What is mended: offered where there is something, kept only when asked for, refused in a sentence."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

from videobert_demo.errors import QuestionError
from videobert_demo.service.corrections import Correction
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.types import Answer, AnswerResult
from videobert_demo.ui.ask.tab import mendable_answer
from videobert_demo.ui.ask.view import Answered
from videobert_demo.ui.describe.tab import Described, mendable_caption
from videobert_demo.ui.mending.mending import Mendable, Mending
from videobert_demo.ui.texts.english import ENGLISH

REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={}))
SAID = Described("a.mp4", "a dog")


class Service:
    """Remembers what is kept, and where."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str, str]] = []
        self.found: Correction | None = None

    def make_correction(self, path: str, text: str, *, said: str, question: str) -> Correction:
        if text == "狗":
            raise QuestionError("The model reads English only; search with English words.")
        return Correction("1f", path, text, said, question)

    def keep_correction(self, library: str, path: str, correction: Correction) -> None:
        self.kept.append((library, path, correction.text))
        self.found = correction

    def find_correction(self, library: str, path: str, *, question: str) -> Correction | None:
        return self.found

    def drop_correction(self, library: str, correction: Correction) -> bool:
        self.kept.remove((library, "a.mp4", correction.text))
        self.found = None
        return True


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def mending(service: Service) -> Mending:

    def library_of(session: str) -> str:
        return f"library of {session}"

    libraries = SimpleNamespace(own=library_of, of=library_of, are_lasting=False)
    with gr.Blocks():
        return Mending(
            cast(VideoBertService, service),
            visitors=cast(VisitorLibraries, libraries),
            source=gr.State(None),
            clip=gr.Video(),
            read=mendable_caption,
            name="caption",
        )


def event(text: Any, keep: Any) -> gr.EventData:
    return cast(gr.EventData, SimpleNamespace(text=text, keep=keep))


def test_only_what_was_said_of_this_clip_is_offered(mending: Mending) -> None:
    offered = mending._offer(SAID, "a.mp4", REQUEST)[mending._view]
    assert 'value="a dog"' in offered
    assert ENGLISH.mend_note in offered
    for described, path in ((None, "a.mp4"), (SAID, "b.mp4"), (Described("a.mp4", problem="broken"), "a.mp4")):
        assert mending._offer(described, path, REQUEST) == {mending._view: ""}
    result = AnswerResult("what is it?", (Answer("dog", 0.9),), 0.1)
    assert mendable_answer((Answered(result, ""),), "a.mp4") == Mendable("a.mp4", "dog", "what is it?")
    assert mendable_answer((Answered(result, "Scene 3"),), "a.mp4") is None
    assert mendable_answer((), "a.mp4") is None


def test_it_is_kept_in_the_visitors_library_only_when_asked_for(mending: Mending, service: Service) -> None:
    shown = mending._mend(SAID, "a.mp4", event("<b> a cat", False), REQUEST)[mending._view]
    assert service.kept == []
    assert ENGLISH.mend_only in shown
    assert "&lt;b&gt; a cat" in shown
    assert "data-json" in shown
    shown = mending._mend(SAID, "a.mp4", event("a cat", True), REQUEST)[mending._view]
    assert service.kept == [("library of one", "a.mp4", "a cat")]
    assert ENGLISH.mend_kept in shown


def test_what_is_kept_is_shown_when_the_clip_comes_back_and_can_be_taken_back(
    mending: Mending, service: Service
) -> None:
    assert "data-back" not in mending._mend(SAID, "a.mp4", event("a cat", False), REQUEST)[mending._view]
    mending._mend(SAID, "a.mp4", event("a cat", True), REQUEST)
    shown = mending._offer(SAID, "a.mp4", REQUEST)[mending._view]
    assert "a cat" in shown
    assert "data-back" in shown
    shown = mending._take_back(SAID, "a.mp4", REQUEST)[mending._view]
    assert service.kept == []
    assert ENGLISH.mend_taken_back in shown
    assert 'value="a dog"' in shown
    assert 'value="a dog"' in mending._take_back(SAID, "a.mp4", REQUEST)[mending._view]  # twice does no harm
    assert mending._view not in mending._take_back(SAID, "b.mp4", REQUEST)


def test_what_cannot_be_read_is_said_above_what_was_typed(mending: Mending, service: Service) -> None:
    shown = mending._mend(SAID, "a.mp4", event("狗", True), REQUEST)[mending._view]
    assert "English only" in shown
    assert 'value="狗"' in shown
    assert service.kept == []
    assert mending._view not in mending._mend(SAID, "a.mp4", event(7, True), REQUEST)
    assert mending._view not in mending._mend(SAID, "b.mp4", event("a cat", True), REQUEST)
