"""Clips of which nothing can be told."""

from __future__ import annotations

from pathlib import Path

import torch

from tests.tiny import write_tiny_checkpoint
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.tasks.strangeness import are_strange, measure_strangeness


def test_without_a_head_or_a_limit_no_clip_is_strange(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    assert measure_strangeness(loaded, clips) == []
    assert are_strange(loaded, clips) == [False] * 3


def test_clips_from_the_limit_on_are_strange(tmp_path: Path, clips: list[ClipTensors]) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny", tells_strangeness=True)))
    with torch.no_grad():
        loaded.model.get_parameter("strangeness_head.weight").fill_(1.0)
    values = measure_strangeness(loaded, clips)
    assert len(set(values)) == 3
    assert are_strange(loaded, clips) == [False] * 3
    loaded.model.config.calibration = {"strange": [sorted(values)[1]]}
    assert are_strange(loaded, clips) == [value >= sorted(values)[1] for value in values]
