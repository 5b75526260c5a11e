"""Labels are taught on the page: examples are picked and taken out, named, taught, forgotten, each visitor's alone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import numpy as np
import pytest

from videobert_demo.errors import QuestionError
from videobert_demo.service.results import LabelExample, OwnLabel, OwnLabelScore
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.tasks.few_shot import LabelFit
from videobert_demo.types import Frames
from videobert_demo.ui.page.visits import Retention, Visits
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.tokens.context import TokensContext
from videobert_demo.ui.tokens.own_labels import OwnLabelsPart

VECTOR = np.eye(4, dtype=np.float32)[0]
FIT = LabelFit(VECTOR, 0.5, 3, 4, 1, 70)


def request_of(session: str) -> gr.Request:
    return cast(gr.Request, SimpleNamespace(session_hash=session, headers={}))


ONE, OTHER = request_of("one"), request_of("other")


class Service:
    """Opens any file as a clip of four frames, and remembers labels by library."""

    def __init__(self) -> None:
        self.labels: dict[str, list[OwnLabel]] = {}

    def open(self, path: str) -> Any:
        frames = Frames(np.full((4, 24, 32, 3), 90, np.uint8), np.array([0.5, 1.5, 2.5, 3.5]))
        return SimpleNamespace(content_hash=path, frames=frames)

    def label_example(self, clip: Any, title: str, *, seconds: float | None) -> LabelExample:
        return LabelExample(clip.content_hash, title, seconds, VECTOR)

    def teach_label(self, library: str, name: str, examples: list[LabelExample]) -> None:
        if len(examples) < 3:
            raise QuestionError("A label needs {least} of them.", least=3)
        self.labels.setdefault(library, []).append(OwnLabel(name, tuple(examples), FIT))

    def own_labels(self, library: str) -> tuple[OwnLabel, ...]:
        return tuple(self.labels.get(library, ()))

    def drop_label(self, library: str, name: str) -> None:
        self.labels[library] = [one for one in self.labels[library] if one.name != name]

    def score_labels(self, library: str, clip: Any) -> tuple[OwnLabelScore, ...]:
        return tuple(OwnLabelScore(one.name, 0.9, 0.5, 1.5) for one in self.own_labels(library))


@pytest.fixture
def part(tmp_path: Path) -> OwnLabelsPart:
    visitors: Any = SimpleNamespace(of=lambda one: f"of {one}", own=lambda one: f"of {one}", are_lasting=False)
    context = TokensContext(cast(Any, Service()), cast(VisitorLibraries, visitors), cast(Any, None))
    with gr.Blocks():
        return OwnLabelsPart(
            context,
            visitors=visitors,
            visits=Visits(tmp_path, Retention()),
            clip=gr.Video(),
            empty="",
            words=ENGLISH,
        )


def do(part: OwnLabelsPart, request: gr.Request = ONE, path: str | None = "a.mp4", **value: Any) -> str:
    view: str = part._change(path, cast(gr.EventData, SimpleNamespace(value=value)), request)[part.view]
    return view


def test_examples_are_picked_from_several_clips_named_and_taught(part: OwnLabelsPart) -> None:
    assert 'data-gathered="1"' in do(part, pick="1")
    view = do(part, pick="whole")
    assert 'data-gathered="2"' in view
    assert "2 of at least 3" in view
    refused = part._teach("my dog", "a.mp4", ONE)[part.view]
    assert "A label needs 3" in refused
    assert 'data-gathered="2"' in refused, "nothing that was gathered is lost"
    view = do(part, path="b.mp4", pick="1")
    assert 'data-gathered="3"' in view
    assert view.count('aria-pressed="true"') == 1, "only what is picked of this clip is marked"
    view = part._teach("<i>my dog", "b.mp4", ONE)[part.view]
    assert 'data-gathered="0"' in view
    assert "&lt;i&gt;my dog" in view
    for sentence in ("3 of 4 examples found, 1 of 70 other moments", "fits this clip", ENGLISH.own_labels_private):
        assert sentence in view
    assert 'data-labels="0"' in do(part, forget="<i>my dog")


def test_a_second_click_takes_an_example_out(part: OwnLabelsPart) -> None:
    do(part, pick="0")
    do(part, pick="2")
    assert 'data-gathered="1"' in do(part, pick="0")
    assert 'data-gathered="0"' in do(part, takeOut="0")


@pytest.mark.parametrize("value", [{"pick": "99"}, {"pick": "-1"}, {"takeOut": "x"}, {"takeOut": "5"}, {}])
def test_what_is_not_there_changes_nothing(part: OwnLabelsPart, value: dict[str, Any]) -> None:
    do(part, pick="0")
    assert 'data-gathered="1"' in do(part, **value)


def test_without_a_clip_files_are_examples(part: OwnLabelsPart, tmp_path: Path) -> None:
    view = part._add([str(tmp_path / name) for name in ("x.mp4", "y.mp4", "z.mp4")], None, ONE)[part.view]
    assert 'data-gathered="3"' in view
    assert "data-pick" not in view
    assert 'data-labels="1"' in part._teach("mine", None, ONE)[part.view]


def test_what_one_visitor_gathers_is_not_another_visitors(part: OwnLabelsPart) -> None:
    do(part, pick="0")
    assert 'data-gathered="1"' in do(part, request=OTHER, pick="1")
    part.forget("one")
    assert 'data-gathered="0"' in do(part)
