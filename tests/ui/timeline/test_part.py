"""The timeline's handlers: they look for scenes after the caption, and show what was found."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

from tests.timeline.samples import sample_timeline
from videobert_demo.errors import UnreadableClipError
from videobert_demo.service.service import VideoBertService
from videobert_demo.timeline.timeline import Timeline
from videobert_demo.types import Cue, Subtitles
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.found import FoundTimeline, Said, ScenesProblem
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.timeline.part import TimelinePart

REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={}))
FILM = sample_timeline("25")


def scenes(path: str, **_options: Any) -> Timeline:
    if path == "bad.mp4":
        raise UnreadableClipError("{name} is <damaged>.", name=path)
    return FILM


@pytest.fixture
def part() -> TimelinePart:
    with gr.Blocks():
        return TimelinePart(cast(VideoBertService, SimpleNamespace(scenes=scenes)), arrivals=Arrivals())


def test_a_described_clip_gets_its_timeline(part: TimelinePart) -> None:
    *_, last = part._find(Described("a.mp4", "a man plays"), REQUEST)
    found = last[part.found]
    assert isinstance(found, FoundTimeline)
    assert (found.path, found.timeline, found.is_edited) == ("a.mp4", FILM, False)
    assert 'data-timeline="3"' in last[part._view]


def test_a_clip_that_could_not_be_described_has_no_scenes(part: TimelinePart) -> None:
    (problem,) = part._find(Described("a.mp4", problem="Too long."), REQUEST)
    assert problem[part._view] == ""  # the caption's place says it
    assert problem[part.found].sentence == "Too long."
    (nothing,) = part._find(None, REQUEST)
    assert (nothing[part._view], nothing[part.found]) == ("", None)


def test_what_goes_wrong_is_one_sentence(part: TimelinePart) -> None:
    *_, last = part._find(Described("bad.mp4", "a man plays"), REQUEST)
    assert "bad.mp4 is &lt;damaged&gt;." in last[part._view]
    assert isinstance(last[part.found], ScenesProblem)
    assert ENGLISH.unexpected_error in part._fail(REQUEST)[part._view]


def test_another_clip_blanks_it(part: TimelinePart) -> None:
    assert part._arrive("b.mp4", REQUEST) == {part._view: "", part.found: None, part.said: None}


def test_only_changed_words_are_drawn_anew(part: TimelinePart) -> None:
    found = FoundTimeline("a.mp4", FILM)
    assert part._redraw(found, None, REQUEST) == gr.skip()
    assert part._redraw(None, None, REQUEST) == gr.skip()
    assert 'data-timeline="3"' in part._redraw(replace(found, is_edited=True), None, REQUEST)[part._view]


def test_what_is_said_in_this_clip_is_marked_whichever_comes_first(part: TimelinePart) -> None:
    found, said = FoundTimeline("a.mp4", FILM), Said("a.mp4", Subtitles((Cue(1.0, 2.0, "hello"),), "file"))
    for draw in (part._mark, part._redraw):
        assert "hello" in draw(found, said, REQUEST)[part._view]
        assert "hello" not in draw(found, replace(said, path="b.mp4"), REQUEST)[part._view]
        assert draw(None, said, REQUEST) == gr.skip()
