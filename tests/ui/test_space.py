"""The GPU of a Space: it is asked for where the package `spaces` is present, and by one function only."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.tiny import write_tiny_checkpoint
from videobert_demo.service.opening import load
from videobert_demo.types.visual_words import VisualWord
from videobert_demo.ui.space import on_gpu


def test_without_the_package_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spaces", None)
    assert on_gpu(len) is len


def test_every_task_asks_for_the_gpu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clips: Path) -> None:
    asked: list[str] = []
    decorated: list[Callable[..., Any]] = []

    def gpu(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(task: Callable[..., Any], *given: Any, **named: Any) -> Any:
            asked.append(task.__name__)
            return function(task, *given, **named)

        decorated.append(call)
        return call

    spaces = ModuleType("spaces")
    spaces.GPU = gpu  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spaces", spaces)
    service = load(str(write_tiny_checkpoint(tmp_path / "tiny")), on_gpu=on_gpu)
    assert len(decorated) == 1
    clip = service.open(clips / "h264.mp4")
    service.caption(clip)
    service.answer(clip, "what is the dog doing?")
    service.attend(clip, service.word_target("dog"))
    service.align(clip, "a dog")
    service.inspect(clip, library=service.temporary_library())
    service.stand_ins([[VisualWord(0, 1.0)]], clip, library=service.temporary_library())
    assert asked == [
        "encode_clip", "caption_clips", "answer_questions", "explain", "align", "align_moments", "read_visual_words",
        "all_centroids",
    ]  # fmt: skip
