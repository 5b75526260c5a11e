"""What every encoder promises: preparation, features of segments, and which of its blocks learn."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.published import save_published
from videobert_demo.model.encoders.contract import FrameEncoder, Preparation, SegmentFeatures, train_blocks
from videobert_demo.model.encoders.efficientnet_lite import FrameTower
from videobert_demo.model.encoders.taking import take_encoder

SQUARE = ((64, 64),)


def learning(encoder: FrameEncoder) -> set[str]:
    return {name for name, value in encoder.named_parameters() if value.requires_grad}


def test_a_preparation_survives_json() -> None:
    preparation = Preparation(((32, 64), (64, 32)), (1.0, 2.0, 3.0), (4.0, 5.0, 6.0), 16, 2)
    assert Preparation.from_dict(preparation.to_dict()) == preparation
    assert preparation.choose_shape(300, 500) == (32, 64)
    assert preparation.choose_shape(500, 300) == (64, 32)


@pytest.mark.parametrize(
    "changes", [{"shapes": ()}, {"deviation": (1.0, 0.0, 1.0)}, {"frames": 3, "stride": 2}, {"frames": 0}]
)
def test_a_preparation_checks_itself(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="got"):
        Preparation(**{"shapes": SQUARE, "mean": (0.0, 0.0, 0.0), "deviation": (1.0, 1.0, 1.0), **changes})  # type: ignore[arg-type]


def test_features_are_read_row_by_row_and_mirrored_back() -> None:
    maps = torch.arange(6.0).view(1, 1, 2, 3)
    features = SegmentFeatures.of(maps)
    assert features.grid == (2, 3)
    assert features.patches[0, :, 0].tolist() == [0, 1, 2, 3, 4, 5]
    assert features.pooled.item() == 2.5
    assert features.mirrored().patches[0, :, 0].tolist() == [2, 1, 0, 5, 4, 3]
    other = SegmentFeatures.of((torch.tensor([[8.0]]), maps + 2))
    assert other.pooled.item() == 8.0
    assert other.mean_with(other.mirrored()).pooled.item() == 8.0
    assert other.mean_with(other.mirrored()).patches[0, :, 0].tolist() == [3, 3, 3, 6, 6, 6]
    with pytest.raises(ValueError, match="pooled must be"):
        SegmentFeatures.of((torch.zeros(2, 1), maps))


def test_the_last_blocks_of_efficientnet_learn() -> None:
    tower = FrameTower()
    train_blocks(tower, 0)
    assert learning(tower) == set()
    train_blocks(tower, 2)
    assert {name.split(".")[1] for name in learning(tower) if name.startswith("blocks.")} == {"14", "15"}
    assert {name for name in learning(tower) if not name.startswith("blocks.")} == {
        "head.conv.weight",
        "head.conv.bias",
    }
    train_blocks(tower, -1)
    assert learning(tower) == {name for name, _ in tower.named_parameters() if not name.startswith("classifier.")}
    with pytest.raises(ValueError, match="16 blocks"):
        train_blocks(tower, 17)


def test_the_last_block_of_a_published_transformer_learns(tmp_path: Path) -> None:
    save_published("clip", tmp_path)
    encoder = take_encoder(str(tmp_path)).encoder
    train_blocks(encoder, 1)
    found = learning(encoder)
    assert any(".layers.1." in name for name in found)
    assert not any(".layers.0." in name or "embeddings" in name or "pre_layrnorm" in name for name in found)
    assert {name for name in found if ".layers." not in name} == {
        "model.post_layernorm.weight",
        "model.post_layernorm.bias",
    }
    assert not encoder.train().training  # its norms keep their statistics
