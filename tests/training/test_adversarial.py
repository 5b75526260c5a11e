"""Changed embeddings make losses worse, stay within their norm, and the model learns from them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from accelerate import Accelerator

from tests.tiny import tiny_tokenizer
from tests.training.runs import make_batches, make_config, make_model, read_losses
from videobert_demo.errors import DataError
from videobert_demo.training.adversarial import (
    _ascend,
    _draw,
    accumulate_against_changes,
    changing,
    recording,
)
from videobert_demo.training.loop import train
from videobert_demo.training.objectives import Objectives


def test_a_change_of_nothing_changes_nothing_and_hooks_are_removed(tmp_path: Path) -> None:
    config = make_config({"contrast": 1.0})
    model, batch = make_model(), make_batches(tmp_path, config).videos(0)
    objectives = Objectives(model, tiny_tokenizer(), config)
    with recording(model) as embedded:
        plain = objectives(batch, 0)["caption"]
    assert len(embedded) == 4  # [CLS] [>], the video part, its [SEP], and the captions of the contrast
    with changing(model, [torch.zeros_like(one) for one in embedded]):
        torch.testing.assert_close(objectives(batch, 0)["caption"], plain)
    with changing(model, [torch.ones_like(one) for one in embedded]):
        assert objectives(batch, 0)["caption"] != plain
    torch.testing.assert_close(objectives(batch, 0)["caption"], plain)


def test_steps_go_uphill_and_stay_within_the_norm(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = make_config()
    model, batch = make_model(), make_batches(tmp_path, config).videos(0)
    objectives = Objectives(model, tiny_tokenizer(), config)
    with recording(model) as embedded:
        plain = float(objectives(batch, 0)["caption"])
    changes = [_draw(one, 2.0) for one in embedded]
    assert all(0.4 < float(one.flatten(1).norm(dim=1).mean()) <= 2.0 for one in changes)
    losses = []
    for _ in range(4):
        for one in changes:
            one.requires_grad_()
        with changing(model, changes):
            loss = objectives(batch, 0)["caption"]
        losses.append(float(loss))
        loss.backward()
        changes = [_ascend(one, 1.0, 2.0) for one in changes]
    assert plain < losses[1] < losses[3]
    assert max(float(one.flatten(1).norm(dim=1).max()) for one in changes) <= 2.0 + 1e-4


def test_gradients_are_those_of_the_clean_and_of_the_changed_losses(tmp_path: Path) -> None:
    config = make_config(adversarial_steps=2, adversarial_norm=1e-6, adversarial_rate=1e-6)
    model, batch = make_model(dropout=0.3), make_batches(tmp_path, config).videos(0)
    objectives = Objectives(model, tiny_tokenizer(), config)
    accelerator = Accelerator(cpu=True)
    losses = accumulate_against_changes(accelerator, objectives, batch, 3, config, 0.5, waits=True)
    found = model.encoder.layers.layer[0].attention.self.query.weight.grad.clone()
    model.zero_grad()
    torch.manual_seed(3)
    clean = objectives.total(objectives(batch, 3))
    clean.backward()
    # the changes are so small that clean and changed losses agree, and each has the share of one half
    torch.testing.assert_close(
        found, model.encoder.layers.layer[0].attention.self.query.weight.grad, rtol=1e-2, atol=1e-6
    )
    torch.testing.assert_close(losses["adversarial"], clean.detach(), rtol=1e-3, atol=1e-3)


def test_a_run_with_adversarial_steps_learns(tmp_path: Path) -> None:
    config = make_config({"contrast": 0.3}, steps=12, adversarial_steps=1, log_every=4)
    train(make_model(), tiny_tokenizer(), make_batches(tmp_path, config), config, tmp_path / "out", cpu=True)
    losses = read_losses(tmp_path / "out")
    assert losses[-1]["caption"] < losses[0]["caption"]
    assert losses[-1]["adversarial"] < losses[0]["adversarial"]


def test_samples_are_of_clips_as_they_are() -> None:
    with pytest.raises(DataError, match="self_critical samples"):
        make_config({"self_critical": 1.0}, adversarial_steps=1)
