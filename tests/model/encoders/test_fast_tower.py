"""8 bits are chosen where they are faster, asked for, or refused; and never with a calibration of other weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from videobert_demo.errors import CheckpointError
from videobert_demo.model.encoders import fast_tower as module
from videobert_demo.model.encoders.efficientnet_lite import FrameTower
from videobert_demo.model.encoders.eight_bit_tower import calibrate
from videobert_demo.model.encoders.fast_tower import MIN_GAIN, fast_tower, has_vnni, measure_gain
from videobert_demo.model.encoders.onnx import OnnxFrameTower


@pytest.fixture(scope="module")
def tower() -> FrameTower:
    return FrameTower().eval()


@pytest.fixture(scope="module")
def folder(tower: FrameTower, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a calibration of the tower lies."""
    found = tmp_path_factory.mktemp("calibrated")
    calibrate(tower, [torch.rand(1, 3, 64, 64) * 2 - 1]).write(found)
    return found


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("processor: 0\nflags\t\t: fpu avx2 avx512_vnni\n", True),
        ("flags : fpu avx_vnni", True),
        ("flags : fpu avx2 avx512f", False),
        ("model name : avx_vnni", False),
    ],
)
def test_the_processor_says_whether_it_has_vnni(text: str, is_there: bool, tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(text)
    assert has_vnni(tmp_path / "cpuinfo") is is_there
    assert not has_vnni(tmp_path / "missing")


@pytest.mark.parametrize(("has", "gain", "bits"), [(True, 2.0, 8), (True, MIN_GAIN - 0.01, 32), (False, 2.0, 32)])
def test_the_machine_decides_by_its_processor_and_by_time(
    has: bool, gain: float, bits: int, tower: FrameTower, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "has_vnni", lambda: has)
    monkeypatch.setattr(module, "measure_gain", lambda full, light: gain if (full.bits, light.bits) == (32, 8) else 0.0)
    assert fast_tower(tower, folder, int8=None).bits == bits
    assert fast_tower(tower, folder, int8=True).bits == 8
    assert fast_tower(tower, folder, int8=False).bits == 32


def test_without_a_calibration_of_these_weights_there_are_no_8_bits(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "has_vnni", lambda: True)
    other = FrameTower().eval()
    for place in (folder, tmp_path):
        assert fast_tower(other, place, int8=None).bits == 32
        with pytest.raises(CheckpointError, match="int8-tower"):
            fast_tower(other, place, int8=True)


def test_the_gain_is_the_time_of_the_first_over_that_of_the_second(tower: FrameTower) -> None:
    full = OnnxFrameTower(tower)

    class Twice(OnnxFrameTower):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            for _ in range(4):
                found = super().forward(images)
            return found

    assert measure_gain(Twice(tower), full, frames=1) > 1.5
    assert measure_gain(full, Twice(tower), frames=1) < 0.7
