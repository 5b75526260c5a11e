"""Two clips are asked the same on the page, and shown side by side."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import numpy as np
import pytest

from tests.ui.page.test_states import ScriptedService
from videobert_demo.errors import QuestionError
from videobert_demo.service.examples import read_examples
from videobert_demo.service.results import Alignment, SeenClip
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.both.tab import BothTab
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.playback import Playback
from videobert_demo.ui.page.visits import Retention, Visits
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import Translations

REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={}))


class Service(ScriptedService):
    """Also aligns."""

    def align(self, clip: Any, sentence: str) -> Alignment:
        if not sentence.strip():
            raise QuestionError("There is no sentence yet.")
        moments = np.array([0.1, 0.9, 0.2, 0.1])
        return Alignment(sentence, 0.8, moments, clip.frames.timestamps_seconds)

    def see(self, clip: Any) -> SeenClip:
        return SeenClip(clip.name, np.array([0.6, 0.8], np.float32))


@pytest.fixture
def tab(tmp_path: Path) -> BothTab:
    visits = Visits(tmp_path, Retention())
    with gr.Blocks():
        return BothTab(
            cast(VideoBertService, Service()),
            clip=gr.Video(),
            neutral=gr.Checkbox(),
            visits=visits,
            playback=Playback(visits, read_examples()),
            arrivals=Arrivals(),
            translations=Translations(),
        )


@pytest.fixture
def clips(tmp_path: Path) -> list[str]:
    for name in ("one", "<two>"):
        (tmp_path / f"{name}.mp4").write_bytes(name.encode())
    return [str(tmp_path / "one.mp4"), str(tmp_path / "<two>.mp4")]


def test_both_answers_stand_beside_each_other(tab: BothTab, clips: list[str]) -> None:
    html = tab._answer(*clips, "question", "what is it?", False, REQUEST)[tab._view]
    assert html.count('class="vb-both-answer"') == 2
    for text in ("one again", "&lt;two&gt; again", "what is it?", "1.00", "&lt;two&gt;.mp4"):
        assert text in html
    assert "<two>" not in html


def test_an_example_has_its_title_and_not_its_files_name(tab: BothTab, clips: list[str]) -> None:
    example = read_examples()[0]
    shown = tab._take(str(example.path), REQUEST)[tab._shown]
    assert example.title_in("en") in shown
    html = tab._answer(clips[0], str(example.path), "question", "what is it?", False, REQUEST)[tab._view]
    assert example.title_in("en") in html
    assert example.path.name not in shown + html


def test_a_sentence_is_aligned_with_both(tab: BothTab, clips: list[str]) -> None:
    html = tab._answer(*clips, "sentence", "a dog", False, REQUEST)[tab._view]
    assert html.count("80\u00a0% likely to belong to it") >= 2
    assert html.count("most at 0:01.5") == 2
    assert html.count("<svg") == 2


def test_without_two_clips_it_is_said_what_to_do(tab: BothTab, clips: list[str]) -> None:
    for first, second in ((None, clips[1]), (clips[0], None)):
        with pytest.raises(QuestionError, match="Choose two clips"):
            tab._answer(first, second, "question", "what?", False, REQUEST)
    with pytest.raises(QuestionError, match="no sentence"):
        tab._answer(*clips, "sentence", None, False, REQUEST)
    assert ENGLISH.both_empty_heading in tab._arrive(None, REQUEST)[tab._view]


def test_the_clip_on_the_left_can_be_set_aside(tab: BothTab, clips: list[str]) -> None:
    updates = tab._take(clips[1], REQUEST)
    assert updates[tab._second] == clips[1]
    assert 'data-second="&lt;two&gt;.mp4"' in updates[tab._shown]
    updates = tab._take(None, REQUEST)
    assert tab._second not in updates
    assert ENGLISH.both_nothing in updates[tab._shown]
