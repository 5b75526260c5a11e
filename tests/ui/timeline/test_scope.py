"""What a question is about: it follows the visitor's choice, and is forgotten with the clip."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

from tests.timeline.samples import sample_timeline
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.found import FoundTimeline, ScenesProblem
from videobert_demo.ui.timeline.scope import ChosenScene, SceneScope, chosen_in

REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={}))
FOUND = FoundTimeline("a.mp4", sample_timeline("25"))
SECOND = ChosenScene("a.mp4", 1, (12.32, 60.12), FOUND.timeline.scenes[1].caption)


def event(index: Any) -> gr.EventData:
    return cast(gr.EventData, SimpleNamespace(index=index))


@pytest.fixture
def scope() -> SceneScope:
    with gr.Blocks():
        scope = SceneScope(gr.State(None), arrivals=Arrivals())
        scope.bar()
        scope.bar()
    return scope


def test_a_choice_is_told_to_every_bar(scope: SceneScope) -> None:
    updates = scope._choose(FOUND, event(1), REQUEST)
    assert updates[scope.chosen] == SECOND
    assert len({updates[bar] for bar in scope._bars}) == 1
    assert "Scene 2, 0:12.3–1:00.1" in updates[scope._bars[0]]
    whole = scope._choose(FOUND, event(-1), REQUEST)
    assert whole[scope.chosen] is None


@pytest.mark.parametrize("index", [3, -2, "1", None, 1.0])
def test_a_scene_that_there_is_not_changes_nothing(scope: SceneScope, index: Any) -> None:
    assert scope._choose(FOUND, event(index), REQUEST) == gr.skip()
    assert scope._choose(None, event(0), REQUEST) == gr.skip()
    assert scope._choose(ScenesProblem("No."), event(0), REQUEST) == gr.skip()


def test_a_choice_outlives_a_changed_title_and_no_other_clip(scope: SceneScope) -> None:
    assert scope._offer(FOUND, SECOND, REQUEST)[scope.chosen] == SECOND
    assert scope._offer(replace(FOUND, path="b.mp4"), SECOND, REQUEST)[scope.chosen] is None
    gone = scope._offer(None, SECOND, REQUEST)
    assert [gone[one] for one in (scope.chosen, *scope._bars)] == [None, "", ""]
    assert chosen_in(SECOND, "a.mp4") == SECOND
    assert chosen_in(SECOND, "b.mp4") is None
    assert chosen_in(None, "a.mp4") is None
