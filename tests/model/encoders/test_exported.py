"""On CPUs an encoder runs with onnxruntime where that gives the same numbers, else with PyTorch; the log says which."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.published import save_published
from videobert_demo.model.encoders.contract import FrameEncoder, Preparation
from videobert_demo.model.encoders.exported import ExportedEncoder
from videobert_demo.model.encoders.taking import noise, take_encoder


class Stubborn(FrameEncoder):
    """Its output hangs on a choice that tracing fixes: an export of one input is wrong for others."""

    preparation = Preparation(((8, 8),), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
    classifier = None

    def __init__(self, error: type[Exception] | None = None) -> None:
        super().__init__()
        self.scale, self._error = nn.Parameter(torch.ones(())), error

    def forward(self, images: Tensor) -> Any:
        if self._error and torch.jit.is_tracing():
            raise self._error("cannot be traced")
        return images * self.scale if len(images) == 1 else 2 * images * self.scale


@pytest.mark.parametrize("name", ["clip", "resnet", pytest.param("videomae", marks=pytest.mark.slow)])
def test_it_gives_what_pytorch_gives(name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    save_published(name, tmp_path)
    encoder = take_encoder(str(tmp_path)).encoder
    fast = ExportedEncoder(encoder)
    with caplog.at_level(logging.INFO):
        for shape in (*encoder.preparation.shapes[:2], encoder.preparation.shapes[0]):
            images = torch.cat([noise(encoder.preparation, shape)] * 3) * torch.tensor([1.0, 2.0, 3.0]).view(
                3, *[1] * (4 if encoder.preparation.frames > 1 else 3)
            )
            with torch.no_grad():
                torch.testing.assert_close(fast(images), encoder(images), atol=1e-3, rtol=0)
    assert all(fast.runs_exported().values())
    assert caplog.text.count("runs with onnxruntime") == len(fast.runs_exported()) >= 1


@pytest.mark.parametrize("error", [None, RuntimeError])
def test_what_differs_or_cannot_be_exported_runs_with_pytorch(
    error: type[Exception] | None, caplog: pytest.LogCaptureFixture
) -> None:
    encoder = Stubborn(error)
    fast, images = ExportedEncoder(encoder), torch.rand(3, 3, 8, 8) + 1
    assert torch.equal(fast(images), 2 * images)
    assert fast.runs_exported() == {(3, 8, 8): False}
    assert "runs with PyTorch" in caplog.text
    assert ("cannot be traced" if error else "the export differs") in caplog.text
