"""What a step costs is counted: parameters that learn, storage once, and two steps of the real loop."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from tests.tiny import tiny_tokenizer
from tests.training.runs import make_batches, make_config, make_model
from videobert_demo.training.dry_run import counting_kept, measure_step


def test_what_backward_needs_is_counted_once_and_while_it_is_alive() -> None:
    layer = nn.Linear(64, 64, bias=False)
    values = torch.rand(32, 64)
    with counting_kept() as kept:
        for _ in range(3):
            (layer(values).relu() + layer(values)).sum().backward()
    # the input, which both products keep, and what relu gave; the weight is there anyway
    assert kept.most_bytes == 2 * 32 * 64 * 4


def test_a_step_is_measured(tmp_path: Path) -> None:
    small, large = (make_config(steps=50, videos_per_step=count, encoder_layers=2) for count in (2, 6))
    batches = make_batches(tmp_path / "data", small)
    model = make_model()
    cost = measure_step(model, tiny_tokenizer(), batches, small, cpu=True)
    tower = sum(value.numel() for value in model.encoder.frame_tower.parameters())
    assert cost.parameters == sum(value.numel() for value in model.parameters())
    assert cost.learning == cost.parameters - tower
    assert cost.learning_bytes == 4 * 4 * cost.learning
    report = cost.to_dict()
    assert report["memory_mb"] == round((cost.weight_bytes + cost.learning_bytes + cost.kept_bytes) / 1e6, 1)
    assert report["minutes"] == round(cost.seconds * 50 / 60, 1)
    more = measure_step(make_model(), tiny_tokenizer(), make_batches(tmp_path / "more", large), large, cpu=True)
    assert more.kept_bytes > 2 * cost.kept_bytes
