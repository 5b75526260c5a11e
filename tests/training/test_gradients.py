"""Gradients of several batches add up, and what is not finite is noticed."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.tiny import tiny_tokenizer
from tests.training.runs import make_batches, make_config, make_model
from videobert_demo.errors import DataError
from videobert_demo.training.gradients import clip_gradients
from videobert_demo.training.loop import train


def test_a_gradient_that_is_not_finite_stops_the_run(tmp_path: Path) -> None:
    config = make_config(steps=2)
    model = make_model()
    with torch.no_grad():
        model.caption_bias[9] = math.nan
    with pytest.raises(FloatingPointError, match="step 0"):
        train(model, tiny_tokenizer(), make_batches(tmp_path, config), config, tmp_path / "out", cpu=True)


def test_accumulated_batches_count_as_one_large_one(tmp_path: Path) -> None:
    whole = make_config(steps=1, videos_per_step=6, captions_per_video=3, warmup_steps=0)
    parts = replace(whole, accumulation_steps=2)
    batches = make_batches(tmp_path, whole)
    weights, losses = [], []
    for name, config in (("whole", whole), ("parts", parts)):  # both parts are all videos with all their captions
        losses.append(train(make_model(), tiny_tokenizer(), batches, config, tmp_path / name, cpu=True)["caption"])
        weights.append(load_file(tmp_path / name / "model" / "model.safetensors"))
    assert losses[1] == pytest.approx(losses[0], rel=1e-4)
    for name in ("decoder.layers.0.fc1.weight", "encoder.layers.layer.0.output.dense.weight"):
        assert torch.isclose(weights[0][name], weights[1][name], atol=1e-5).float().mean() > 0.97
    drawn = []
    draw = batches.of_step
    batches.of_step = lambda step, rank, world: drawn.append(step) or draw(step, rank, world)
    train(make_model(), tiny_tokenizer(), batches, replace(parts, steps=2), tmp_path / "two", cpu=True)
    assert drawn == [0, 1, 2, 3]


def test_fp16_is_for_gpus_and_leaves_out_steps_that_overflow(tmp_path: Path) -> None:
    config = make_config(steps=1, mixed_precision="fp16")
    with pytest.raises(DataError, match="fp16, which needs a GPU"):
        train(make_model(), tiny_tokenizer(), make_batches(tmp_path, config), config, tmp_path / "out", cpu=True)

    class Scaled:
        scaler = object()

        def clip_grad_norm_(self, _values: object, _norm: float) -> float:
            return math.inf

    clip_gradients(Scaled(), make_model(), 1.0, 3)
    Scaled.scaler = None
    with pytest.raises(FloatingPointError, match="step 3"):
        clip_gradients(Scaled(), make_model(), 1.0, 3)
    with pytest.raises(DataError, match="mixed_precision is 'half'"):
        make_config(mixed_precision="half")
