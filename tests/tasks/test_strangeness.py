"""Clips of which nothing can be told."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from tests.tiny import write_tiny_checkpoint
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.service.examples import read_examples
from videobert_demo.service.service import VideoBertService
from videobert_demo.tasks.strangeness import are_strange, measure_strangeness, tells_strangeness

BARS = ((192, 192, 192), (192, 192, 0), (0, 192, 192), (0, 192, 0), (192, 0, 192), (192, 0, 0), (0, 0, 192))
PICTURES: dict[str, NDArray[np.uint8]] = {
    "black": np.zeros((210, 280, 3), np.uint8),
    "test pattern": np.repeat(np.tile(np.array(BARS, np.uint8), (210, 1, 1)), 40, axis=1),
    "a still of noise": np.random.default_rng(0).integers(0, 256, (210, 280, 3), np.uint8),
}


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


@pytest.mark.slow
def test_of_noise_patterns_and_black_the_bundled_checkpoint_tells_nothing(
    service: VideoBertService, tmp_path: Path
) -> None:
    if not tells_strangeness(service._loaded):
        pytest.skip("the bundled checkpoint has not learnt to tell strange clips")
    for name, picture in PICTURES.items():
        path = tmp_path / f"{name}.mp4"
        with av.open(str(path), "w") as sink:
            stream = sink.add_stream("libx264", rate=10)
            stream.width, stream.height, stream.pix_fmt = 280, 210, "yuv420p"
            for _ in range(20):
                sink.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            sink.mux(stream.encode())
        assert not service.caption(service.open(path)).can_tell, name
    for example in read_examples():
        assert service.caption(service.open(example.path)).can_tell, example.path.stem
