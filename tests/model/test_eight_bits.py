"""Weights with 8 bits: how near they are, what stays as it was, and that such a checkpoint loads as any other."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.tiny import random_clips, write_tiny_checkpoint
from videobert_demo.errors import CheckpointError
from videobert_demo.model.configuration_videobert import VideoBertConfig
from videobert_demo.model.eight_bits import WEIGHTS, compress, from_eight_bits, has_eight_bits, to_eight_bits
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration


@pytest.mark.parametrize(("group", "size"), [(0, 300), (50, 50), (64, 300)], ids=["rows", "groups", "no multiple"])
def test_a_weight_is_off_by_half_a_step_of_its_row_or_group_at_most(group: int, size: int) -> None:
    torch.manual_seed(0)
    weight = torch.randn(7, 300) * torch.logspace(-6, 3, 7)[:, None]
    weight[3] = 0.0
    stored = to_eight_bits({"layer.weight": weight}, group=group)
    assert stored["layer.weight"].dtype == torch.int8
    assert stored["layer.weight.scale"].numel() == 7 * 300 // size
    found = from_eight_bits(stored)["layer.weight"]
    steps = weight.view(7, -1, size).abs().amax(2, keepdim=True) / 127
    assert bool(((found - weight).view(7, -1, size).abs() <= steps * 0.501).all())
    assert found[3].abs().max() == 0


def test_what_is_no_large_matrix_is_kept() -> None:
    weights = {
        "vector": torch.tensor([1.5, -2.0]),
        "kernel": torch.full((2, 2, 3, 3), 0.1),
        "small": torch.full((2, 2), 0.1),
        "book.centroids": torch.full((20, 20), 0.1),
        "count": torch.tensor([2**40]),
    }
    stored = to_eight_bits(weights, kept=("book.",), min_values=100)
    assert {name: value.dtype for name, value in stored.items()} == {
        **dict.fromkeys(("vector", "kernel", "small", "book.centroids"), torch.float16),
        "count": torch.int64,
    }
    found = from_eight_bits(stored)
    assert found["count"].tolist() == [2**40]
    assert all(torch.allclose(found[name], value, rtol=1e-3) for name, value in weights.items() if name != "count")


def test_a_compressed_checkpoint_loads_as_any_other(tmp_path: Path) -> None:
    source, out = write_tiny_checkpoint(tmp_path / "tiny", half=True), tmp_path / "small"
    (source / "README.md").write_text("a card", encoding="utf-8")
    before, after = compress(source, out)
    assert after == (out / WEIGHTS).stat().st_size < before == (source / WEIGHTS).stat().st_size
    assert (out / "README.md").read_text(encoding="utf-8") == "a card"
    assert has_eight_bits(out)
    assert not has_eight_bits(source)
    full, small = load_checkpoint(str(source)), load_checkpoint(str(out))
    assert small.model.dtype == torch.float32
    weights, found = full.model.state_dict(), small.model.state_dict()
    assert found.keys() == weights.keys()
    for name, value in weights.items():
        if name.startswith("encoder.codebook."):
            assert torch.equal(found[name], value)
        else:
            assert (found[name] - value).abs().max() <= value.abs().max() / 250
    clips = random_clips([3, 2])
    with torch.inference_mode():
        vectors = [one.model.embed_video(one.model.encoder(**clips)) for one in (full, small)]
    assert 0.99 < (vectors[0] * vectors[1]).sum(1).min() < 0.999999
    again = VideoBertForConditionalGeneration.from_pretrained(out, config=VideoBertConfig.from_pretrained(out))
    assert torch.equal(again.text_projection.weight, small.model.text_projection.weight)
    again.save_pretrained(tmp_path / "again")
    assert not has_eight_bits(tmp_path / "again")


def test_what_cannot_be_compressed_is_refused(tmp_path: Path) -> None:
    source, out = write_tiny_checkpoint(tmp_path / "tiny"), tmp_path / "small"
    compress(source, out)
    with pytest.raises(CheckpointError, match="not empty"):
        compress(source, out)
    with pytest.raises(CheckpointError, match="8 bits already"):
        compress(out, tmp_path / "smaller")
    with pytest.raises(CheckpointError, match=WEIGHTS):
        compress(tmp_path, tmp_path / "nothing")
    weights = load_file(out / WEIGHTS)
    del weights["text_projection.weight"]
    save_file(weights, out / WEIGHTS, metadata={"format": "pt"})
    with pytest.raises(CheckpointError, match="damaged or incomplete"):
        load_checkpoint(str(out))
