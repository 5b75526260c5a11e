"""What the Attend tab's handlers give, around a service that finds what it is asked for."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import numpy as np
import pytest

from videobert_demo.errors import WordError
from videobert_demo.service.service import VideoBertService
from videobert_demo.types import Heatmap
from videobert_demo.ui.attend.drawing import FoundHeatmap
from videobert_demo.ui.attend.tab import AttendTab, HeatmapRequest
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.visits import Retention, Visits
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import Translations
from videobert_demo.ui.timeline.scope import ChosenScene, SceneScope

REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={}))
DESCRIBED = Described("a.mp4", "a dog runs")


def word_target(text: str) -> Any:
    if not text:
        raise WordError("There is no word.")
    return SimpleNamespace(word=text, is_written=False)


@pytest.fixture
def tab(tmp_path: Path) -> AttendTab:
    service = SimpleNamespace(
        open=lambda path, span_seconds: (path, span_seconds),
        word_target=word_target,
        presence=lambda _clip, _word: 0.2,
        caption_target=lambda caption, index: SimpleNamespace(word=caption.split()[index], is_written=True),
        can_look_finer=False,
        attend=lambda _clip, _target, _method, segments: Heatmap(np.zeros((1, 2, 2), np.float32), np.array([0.0])),
    )
    with gr.Blocks():
        arrivals = Arrivals()
        return AttendTab(
            cast(VideoBertService, service),
            visits=Visits(tmp_path, Retention()),
            clip=gr.Video(),
            arrivals=arrivals,
            scope=SceneScope(gr.State(None), arrivals=arrivals),
            described=gr.State(None),
            translations=Translations(),
        )


def test_a_chosen_word_is_asked_about_in_its_sentence(tab: AttendTab) -> None:
    updates = tab._choose(DESCRIBED, None, cast(gr.EventData, SimpleNamespace(index=1)), REQUEST)
    asked = updates[tab._asked]
    assert (asked.path, asked.text, asked.index) == ("a.mp4", "a dog runs", 1)
    assert 'data-word="1" aria-pressed="true"' in updates[tab._words]
    assert "“dog”" in updates[tab._result]
    for index in (-1, 3, "1", None):
        assert tab._choose(DESCRIBED, None, cast(gr.EventData, SimpleNamespace(index=index)), REQUEST) == gr.skip()


@pytest.mark.parametrize(
    ("asked", "word"), [(HeatmapRequest("a.mp4", "a dog runs", 2), "runs"), (HeatmapRequest("a.mp4", "cat"), "cat")]
)
def test_what_is_found_is_shown_with_its_panels_folded(tab: AttendTab, asked: HeatmapRequest, word: str) -> None:
    updates = tab._find(asked, "rollout", "a.mp4", False, REQUEST)
    found = updates[tab._found]
    assert (found.path, found.method, found.target.word) == ("a.mp4", "rollout", word)
    assert found.presence == (0.2 if asked.index is None else None)  # the model does not write of what is not there
    column, faith, heads = tab._drawing.outputs
    assert updates[faith].open is updates[heads].open is False
    assert column not in updates  # it is hidden until the heatmap is drawn


def test_while_something_else_is_looked_for_nothing_of_the_last_stands_there(tab: AttendTab) -> None:
    column, asked = tab._drawing.outputs[0], HeatmapRequest("a.mp4", "cat")
    for updates in (
        tab._choose(DESCRIBED, None, cast(gr.EventData, SimpleNamespace(index=1)), REQUEST),
        tab._ask_typed(DESCRIBED, "cat", None, REQUEST),
        tab._change_method(asked, "rollout", "a.mp4", REQUEST),
        tab._look_again(asked, "rollout", "a.mp4", REQUEST),
    ):
        assert updates[column].visible is False
    assert column not in tab._ask_typed(DESCRIBED, "", None, REQUEST), "a refused word leaves what was found"


def test_heat_is_as_faint_as_it_is_unlikely_that_there_is_anything() -> None:
    heatmap = Heatmap(np.array([[[1.0, 0.5]]], np.float32), np.array([0.0]))
    target = cast(Any, SimpleNamespace(word="elephant"))

    def drawn(presence: float | None) -> list[float]:
        values = FoundHeatmap("a.mp4", target, "rollout", heatmap, presence=presence).drawn.values
        return [round(float(value), 6) for value in values.ravel()]

    assert drawn(None) == drawn(0.5) == drawn(0.9) == [1.0, 0.5]
    assert drawn(0.1) == [0.1, 0.05]


def test_a_word_that_cannot_be_asked_leaves_what_is_shown(tab: AttendTab) -> None:
    updates = tab._ask_typed(DESCRIBED, "", None, REQUEST)
    assert list(updates) == [tab._told]
    assert "There is no word." in updates[tab._told]
    assert tab._ask_typed(DESCRIBED, "cat", None, REQUEST)[tab._told] == ""


def test_a_refused_word_takes_away_what_was_drawn(tab: AttendTab) -> None:
    updates = tab._find(HeatmapRequest("a.mp4", ""), "rollout", "a.mp4", False, REQUEST)
    assert "There is no word." in updates[tab._result]
    assert updates[tab._found] is None
    assert updates[tab._drawing.outputs[0]].visible is False


def test_a_question_about_an_earlier_clip_is_dropped(tab: AttendTab) -> None:
    asked = HeatmapRequest("a.mp4", "dog")
    assert tab._find(asked, "rollout", "b.mp4", False, REQUEST) == gr.skip()
    assert tab._find(None, "rollout", "b.mp4", False, REQUEST) == gr.skip()
    assert ENGLISH.attend_method_rollout_hint in tab._change_method(None, "rollout", "b.mp4", REQUEST)[tab._hint]
    for again in (tab._change_method, tab._look_again):
        assert tab._result not in again(asked, "rollout", "b.mp4", REQUEST)
        assert ENGLISH.attend_looking_again in again(asked, "rollout", "a.mp4", REQUEST)[tab._result]


def test_finer_heat_is_offered_where_the_frame_encoder_attends(tab: AttendTab) -> None:
    given: list[Any] = []

    def attend(_clip: Any, _target: Any, _method: str, segments: Any) -> Heatmap:
        given.append(segments)
        return Heatmap(np.zeros((1, 2, 2), np.float32), np.array([0.0]))

    service: Any = tab._service
    service.attend, service.read_segments = attend, lambda path, span_seconds: (path, span_seconds)
    asked = HeatmapRequest("a.mp4", "dog")
    for can, method, offered in (
        (False, "rollout", False),
        (True, "rollout", True),
        (True, "relevance", True),
        (True, "attention", False),
    ):
        service.can_look_finer = can
        assert tab._change_method(asked, method, "a.mp4", REQUEST)[tab._finer].visible is offered
        for is_chosen in (True, False):
            tab._find(asked, method, "a.mp4", is_chosen, REQUEST)
            assert given.pop() == (("a.mp4", None) if offered and is_chosen else None)


def test_words_are_offered_once_the_clip_is_described(tab: AttendTab) -> None:
    offered = tab._offer(DESCRIBED, REQUEST)
    assert offered[tab._words].count("data-word=") == 3
    assert offered[tab._ask].visible is True
    for answer, shown in (
        (None, ENGLISH.attend_empty_heading),
        (Described("a.mp4", problem="Too long."), "Too long."),
    ):
        updates = tab._offer(answer, REQUEST)
        assert shown in updates[tab._words]
        assert updates[tab._ask].visible is False
    assert tab._ask_typed(Described("a.mp4", problem="Too long."), "dog", None, REQUEST) == gr.skip()


def test_the_chosen_scene_is_looked_at_and_a_scene_of_another_clip_is_not(tab: AttendTab) -> None:
    scene = ChosenScene("a.mp4", 2, (40.0, 52.0), "two cats sleep")
    seen: list[Any] = []
    tab._service.attend = lambda clip, _target, _method, segments: (
        seen.append(clip)
        or Heatmap(  # type: ignore[assignment]
            np.zeros((1, 2, 2), np.float32), np.array([41.0])
        )
    )
    asked = tab._ask_typed(DESCRIBED, "dog", scene, REQUEST)[tab._asked]
    found = tab._find(asked, "rollout", "a.mp4", False, REQUEST)[tab._found]
    assert seen == [("a.mp4", (40.0, 52.0))]
    assert (found.scene, found.span_seconds) == (scene, (40.0, 52.0))
    other = ChosenScene("b.mp4", 0, (0.0, 1.0), "a car")
    assert tab._ask_typed(DESCRIBED, "dog", other, REQUEST)[tab._asked].scene is None


def test_the_words_are_those_of_the_chosen_scene(tab: AttendTab) -> None:
    scene = ChosenScene("a.mp4", 2, (40.0, 52.0), "two cats sleep")
    assert ">two<" in tab._reword(DESCRIBED, scene, REQUEST)[tab._words]
    assert ">runs<" in tab._reword(DESCRIBED, None, REQUEST)[tab._words]
    assert tab._reword(None, scene, REQUEST) == gr.skip()
    event = cast(gr.EventData, SimpleNamespace(index=1))
    asked = tab._choose(DESCRIBED, scene, event, REQUEST)[tab._asked]
    assert (asked.text, asked.index, asked.scene) == ("two cats sleep", 1, scene)
