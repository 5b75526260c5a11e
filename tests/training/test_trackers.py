"""What a run tells to TensorBoard and to Weights & Biases. The latter works offline here: it writes files."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tiny import tiny_tokenizer
from tests.training.runs import make_batches, make_config, make_model
from videobert_demo.errors import DataError
from videobert_demo.training.dry_run import measure_step
from videobert_demo.training.loop import train
from videobert_demo.training.store import FeatureStore
from videobert_demo.training.trackers import choose_trackers, read_trackers


def test_log_with_names_trackers() -> None:
    assert read_trackers("none") == ()
    assert read_trackers("wandb") == ("wandb",)
    assert read_trackers("tensorboard, wandb") == ("tensorboard", "wandb")
    for wrong in ("", "comet", "none, wandb"):
        with pytest.raises(DataError, match="log_with"):
            make_config(log_with=wrong)


def test_wandb_has_to_be_installed_and_tensorboard_need_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accelerate.utils.is_wandb_available", lambda: False)
    monkeypatch.setattr("accelerate.utils.is_tensorboard_available", lambda: False)
    assert choose_trackers(make_config().log_with) == []
    with pytest.raises(DataError, match=r"pip install 'videobert-demo\[wandb\]'"):
        choose_trackers("tensorboard, wandb")


@pytest.mark.exhaustive
def test_losses_and_settings_reach_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("wandb")
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_SILENT", "true")
    config = make_config({"caption": 1.0}, steps=2, log_every=1, log_with="tensorboard, wandb", sentences_per_step=0)
    batches = make_batches(tmp_path, config)
    model = make_model(pool=FeatureStore(tmp_path / "msrvtt"))
    train(model, tiny_tokenizer(), batches, config, tmp_path / "out", cpu=True)
    (sent,) = (tmp_path / "out" / "wandb").glob("offline-run-*/*.wandb")
    deadline = time.monotonic() + 60
    while b"caption" not in (written := sent.read_bytes()) and time.monotonic() < deadline:
        time.sleep(0.2)  # W&B writes from a process of its own
    assert b"caption" in written
    assert b"videos_per_step" in written
    assert b"weights/caption" in written
    events = list((tmp_path / "out").rglob("events.out.tfevents.*"))
    assert any(b"caption" in path.read_bytes() for path in events)
    measure_step(model, tiny_tokenizer(), batches, replace(config, steps=2), cpu=True)
    assert len(list((tmp_path / "out" / "wandb").glob("offline-run-*"))) == 1  # nothing is kept of a dry run
