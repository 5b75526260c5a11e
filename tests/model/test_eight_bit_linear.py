"""Linear layers in 8 bits: near full precision, the same for a row whatever is beside it, and where they run."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from tests.tiny import write_tiny_checkpoint
from videobert_demo.model import loading
from videobert_demo.model.adapters import AdaptedLinear
from videobert_demo.model.eight_bit_linear import ROWS_AT_ONCE, EightBitWeight, has_vnni
from videobert_demo.model.encoders.efficientnet_lite import FrameTower
from videobert_demo.model.encoders.eight_bit_tower import calibrate
from videobert_demo.model.encoders.onnx import OnnxFrameTower
from videobert_demo.model.linear import FastLinear, compute_in_eight_bits
from videobert_demo.model.loading import load_checkpoint, speed_up


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(1, 96), (5, 96), (2, 7, 96), (ROWS_AT_ONCE * 2 + 1, 96)])
def test_is_near_full_precision(shape: tuple[int, ...], bias: bool) -> None:
    torch.manual_seed(0)
    layer, inputs = FastLinear(96, 40, bias=bias), torch.randn(shape)
    with torch.inference_mode():
        exact = layer(inputs)
        compute_in_eight_bits(layer)
        found = layer(inputs)
    assert found.shape == exact.shape
    assert not torch.equal(found, exact)
    assert (found - exact).norm() < 0.015 * exact.norm()


def test_whole_numbers_are_multiplied_exactly() -> None:
    weight = torch.tensor([[127.0, -3.0], [1.0, 127.0], [0.0, 0.0]])
    inputs = torch.tensor([[127.0, 2.0], [0.0, 0.0], [-1270.0, 20.0]])
    with torch.inference_mode():
        found = EightBitWeight(weight).multiply(inputs, torch.tensor([0.5, 0.0, 0.0]))
    torch.testing.assert_close(found, inputs @ weight.T + torch.tensor([0.5, 0.0, 0.0]), rtol=1e-6, atol=1e-4)


def test_a_row_is_the_same_whatever_is_beside_it() -> None:
    torch.manual_seed(0)
    weight, inputs = EightBitWeight(torch.randn(8, 32)), torch.randn(200, 32) * torch.logspace(-3, 3, 200)[:, None]
    with torch.inference_mode():
        together = weight.multiply(inputs)
        assert torch.equal(together, torch.cat([weight.multiply(row[None]) for row in inputs]))


def test_gradients_and_other_types_go_by_full_precision() -> None:
    layer = FastLinear(4, 3)
    compute_in_eight_bits(layer)
    inputs = torch.randn(8, 4, requires_grad=True)
    layer(inputs).sum().backward()
    assert inputs.grad is not None
    torch.testing.assert_close(inputs.grad[0], layer.weight.sum(0))
    assert layer.eight_bits is not None
    with torch.inference_mode():
        assert not layer.eight_bits.takes(inputs.double())
        assert layer(torch.ones(0, 4)).shape == (0, 3)


def test_adapters_add_to_8_bits() -> None:
    torch.manual_seed(0)
    layer, inputs = AdaptedLinear(32, 8, rank=2), torch.randn(3, 32)
    nn.init.normal_(layer.up)
    with torch.inference_mode():
        layer.is_active = True
        exact = layer(inputs)
        compute_in_eight_bits(layer)
        found = layer(inputs)
    assert (found - exact).norm() < 0.02 * exact.norm()


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


@pytest.mark.parametrize(
    ("wish", "has", "is_light"), [(None, True, True), (None, False, False), (True, False, True), (False, True, False)]
)
def test_the_processor_decides_where_nobody_does(
    wish: bool | None, has: bool, is_light: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "has_vnni", lambda: has)
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path)), int8=wish)
    layers = [layer for layer in loaded.model.modules() if isinstance(layer, FastLinear)]
    light = [layer for layer in layers if layer.eight_bits is not None]
    assert loaded.is_light is is_light
    assert bool(light) is is_light
    assert len(light) < len(layers)  # the heads stay as they are


def test_a_tower_computes_in_8_bits_with_a_calibration_of_its_own_alone(tmp_path: Path) -> None:
    tower, other = FrameTower().eval(), FrameTower().eval()
    calibrate(tower, [torch.rand(1, 3, 64, 64) * 2 - 1]).write(tmp_path)
    bits = []
    for encoder, folder, int8 in (
        (tower, tmp_path, True),
        (tower, tmp_path, False),
        (other, tmp_path, True),
        (tower, tmp_path / "none", True),
    ):
        found = speed_up(encoder, folder, int8=int8)
        assert isinstance(found, OnnxFrameTower)
        bits.append(found.bits)
    assert bits == [8, 32, 32, 32]
