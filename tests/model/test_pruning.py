"""Feed-forward rows that say the same of everything leave without a trace; the least telling ones leave first."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests.tiny import random_clips, tiny_model, write_tiny_checkpoint
from videobert_demo.errors import CheckpointError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.pruning import prune
from videobert_demo.training.checkpoints import save_model

WORDS = torch.tensor([[2, 7, 8, 9], [2, 9, 7, 3]])


def read(model: VideoBertForConditionalGeneration) -> Tensor:
    """What the decoder makes of two clips, (2, 4, vocabulary)."""
    with torch.inference_mode():
        logits: Tensor = model(**random_clips([3, 2]), decoder_input_ids=WORDS).logits
    return logits


def silence(model: VideoBertForConditionalGeneration, rows: slice) -> None:
    """Makes rows of every first matrix ignore their input, so that they give one and the same value for all."""
    with torch.no_grad():
        for name, layer in model.named_modules():
            if name.endswith((".intermediate.dense", ".fc1")):
                layer.weight[rows] = 0.0
                layer.bias[rows] = 0.7


@pytest.mark.parametrize("streams", [1, 2])
def test_rows_that_never_change_leave_without_a_trace(streams: int) -> None:
    model = tiny_model(streams=streams, answer_rank=2).eval()
    sizes = model.config.encoder.intermediate_size, model.config.decoder.decoder_ffn_dim
    assert all(size % 16 == 0 for size in sizes)
    silence(model, slice(0, None, 2))
    before = read(model)
    left = prune(model, 0.5, lambda: [read(model), model.encoder(input_ids=WORDS)])  # type: ignore[arg-type, return-value]
    assert left > 0
    assert (model.config.encoder.intermediate_size, model.config.decoder.decoder_ffn_dim) == tuple(
        size // 2 for size in sizes
    )
    torch.testing.assert_close(read(model), before, atol=1e-5, rtol=1e-5)


def test_what_matters_stays(tmp_path: Path) -> None:
    model = tiny_model(answer_rank=2).eval()
    first = model.encoder.layers.layer[0]
    with torch.no_grad():
        first.output.dense.weight[:, 3] *= 100
    row = first.intermediate.dense.weight[3].clone()
    prune(model, 0.9, lambda: read(model))  # type: ignore[arg-type, return-value]
    assert any(torch.equal(row, kept) for kept in first.intermediate.dense.weight)


def test_a_pruned_model_is_saved_and_loads(tmp_path: Path) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "whole", answer_rank=2)))
    prune(loaded.model, 0.5, lambda: read(loaded.model))  # type: ignore[arg-type, return-value]
    save_model(tmp_path / "pruned", loaded.model, loaded.processor)
    again = load_checkpoint(str(tmp_path / "pruned")).model
    torch.testing.assert_close(read(again), read(loaded.model), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(CheckpointError, match=r"between 0 and 1"):
        prune(tiny_model(), share, lambda: None)


def test_layers_that_nothing_reaches_are_named() -> None:
    with pytest.raises(CheckpointError, match="do not reach"):
        prune(tiny_model().eval(), 0.5, lambda: None)
