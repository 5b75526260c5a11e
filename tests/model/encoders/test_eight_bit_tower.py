"""The tower in 8 bits sees nearly what it sees in full precision; its calibration belongs to its weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from tests.model.encoders.test_efficientnet_lite import read_poster
from videobert_demo.errors import CheckpointError
from videobert_demo.model.encoders.efficientnet_lite import FrameTower
from videobert_demo.model.encoders.eight_bit_tower import (
    CALIBRATION_FILE,
    TowerCalibration,
    build_eight_bit_onnx,
    calibrate,
    hash_tower,
)
from videobert_demo.model.encoders.onnx import OnnxFrameTower
from videobert_demo.training.initialise import load_published_tower


@pytest.fixture(scope="module")
def tower() -> FrameTower:
    return load_published_tower()


@pytest.fixture(scope="module")
def calibration(tower: FrameTower) -> TowerCalibration:
    return calibrate(tower, [read_poster(name) for name in ("street", "horses")])


def cosines(tower: FrameTower, calibration: TowerCalibration, images: Tensor) -> Tensor:
    """Of the pooled features in 8 bits and in full precision."""
    light, full = OnnxFrameTower(tower, calibration=calibration)(images), OnnxFrameTower(tower)(images)
    assert light.shape == full.shape
    return functional.cosine_similarity(light.mean((2, 3)), full.mean((2, 3)))


def test_frames_that_were_not_looked_at_are_seen_nearly_as_in_full_precision(
    tower: FrameTower, calibration: TowerCalibration
) -> None:
    unseen = torch.cat([read_poster(name) for name in ("cat", "dog")])
    assert cosines(tower, calibration, unseen).min() > 0.97
    upright = unseen.transpose(2, 3)
    assert cosines(tower, calibration, upright).min() > 0.96


@pytest.mark.parametrize("name", ["cat", "dog"])
def test_what_rounding_adds_on_average_is_taken_away(tower: FrameTower, name: str) -> None:
    """At least half of the error goes. It is a third or less with any number of threads, which add in other orders."""
    image = read_poster(name)
    found = calibrate(tower, [image])
    no_means = {layer: np.zeros_like(mean) for layer, mean in found.means.items()}
    plain = TowerCalibration(found.tower_hash, no_means, found.largest)
    assert 1 - cosines(tower, found, image) < (1 - cosines(tower, plain, image)) / 2


def test_a_channel_that_is_far_larger_than_the_others_spoils_nothing(tower: FrameTower) -> None:
    """Blocks 1 and 2 write sums that 2 and 3 read: one channel of them a hundredfold, and read at a hundredth."""
    other = FrameTower().eval()
    other.load_state_dict(tower.state_dict())
    weights, factor = other.state_dict(), 100.0  # they share memory with the module
    for index in (1, 2):
        weights[f"blocks.{index}.layers.project.conv.weight"][0] *= factor
        weights[f"blocks.{index}.layers.project.conv.bias"][0] *= factor
        weights[f"blocks.{index + 1}.layers.expand.conv.weight"][:, 0] /= factor
    image = read_poster("cat")
    maps = OnnxFrameTower(other)(image)
    torch.testing.assert_close(maps, OnnxFrameTower(tower)(image), atol=1e-3, rtol=0)
    found = calibrate(other, [image])
    assert cosines(other, found, image) > 0.97
    one_unit = {name: np.full_like(value, value.max()) for name, value in found.largest.items()}
    assert cosines(other, TowerCalibration(found.tower_hash, found.means, one_unit), image) < 0.95


def test_every_convolution_has_weights_of_8_bits(tower: FrameTower, calibration: TowerCalibration) -> None:
    graph = onnx.load_from_string(build_eight_bit_onnx(tower, calibration)).graph
    weights = [one for one in graph.initializer if one.name.endswith(".weight.whole")]
    assert len(weights) == sum(node.op_type == "Conv" for node in graph.node) == 49
    assert {one.data_type for one in weights} == {onnx.TensorProto.INT8}


def test_a_calibration_is_read_back_and_fits_its_weights_only(
    tower: FrameTower, calibration: TowerCalibration, tmp_path: Path
) -> None:
    assert TowerCalibration.read(tmp_path) is None
    calibration.write(tmp_path)
    found = TowerCalibration.read(tmp_path)
    assert found is not None
    assert found.fits(tower)
    assert found.means.keys() == calibration.means.keys()
    np.testing.assert_allclose(found.largest["blocks.3.project"], calibration.largest["blocks.3.project"], rtol=1e-3)
    other = FrameTower().eval()
    assert not found.fits(other)
    with pytest.raises(ValueError, match="other weights"):
        build_eight_bit_onnx(other, found)


def test_weights_in_half_precision_are_the_same_weights() -> None:
    tower = FrameTower()
    before = hash_tower(tower)
    assert hash_tower(tower.half().float()) == before
    with torch.no_grad():
        tower.head.conv.bias[:] = 0.0
        before = hash_tower(tower)
        tower.head.conv.bias[:] = -0.0
        assert hash_tower(tower) == before
        tower.classifier.weight += 1
        assert hash_tower(tower) == before
        tower.head.conv.weight += 1
    assert hash_tower(tower) != before


def test_a_damaged_file_and_no_frames_are_refused(tower: FrameTower, tmp_path: Path) -> None:
    (tmp_path / CALIBRATION_FILE).write_bytes(b"no tensors")
    with pytest.raises(CheckpointError, match="int8-tower"):
        TowerCalibration.read(tmp_path)
    for broken in (np.nan, np.inf):
        values = np.array([1, broken], np.float32)
        TowerCalibration("hash", {"stem": values}, {}).write(tmp_path)
        with pytest.raises(CheckpointError, match="not finite"):
            TowerCalibration.read(tmp_path)
    with pytest.raises(ValueError, match="no frames"):
        calibrate(tower, [])
