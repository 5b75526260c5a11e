"""What is prepared for training on somebody's own clips, with a tiny checkpoint."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny import write_tiny_checkpoint
from tests.training.own_clips import write_own_clips
from videobert_demo.data.own_clips import read_own_clips
from videobert_demo.errors import CheckpointError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.training import finetuning as finetuning_module
from videobert_demo.training.config import read_config
from videobert_demo.training.finetuning import CONFIG, prepare_finetuning
from videobert_demo.training.store import FeatureStore


@pytest.mark.slow
def test_clips_features_and_a_start_that_can_write_their_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finetuning_module, "VIEWS", 1)
    folder = write_own_clips(tmp_path / "clips", 8)
    text = (folder / "captions.jsonl").read_text(encoding="utf-8").replace("square on", "guitar on")
    (folder / "captions.jsonl").write_text(text, encoding="utf-8")
    checkpoint = write_tiny_checkpoint(tmp_path / "tiny", half=True)
    records = read_own_clips(folder)
    made = prepare_finetuning(folder, records, tmp_path / "out", str(checkpoint))
    assert made.new_words == ("guitar",)
    store = FeatureStore(made.features / "msrvtt")
    assert [video.video_id for video in store.videos] == [record.name for record in records]
    assert store.load(0).patches.shape == (4, 4, 1280)
    before, start = load_checkpoint(str(checkpoint)), load_checkpoint(str(made.start))
    assert start.model.config.decoder.vocab_size == before.model.config.decoder.vocab_size + 1
    pictures = made.features / "msrvtt" / "patches.npy"
    written = pictures.stat().st_mtime_ns
    assert prepare_finetuning(folder, records, tmp_path / "out", str(checkpoint)) == made
    assert pictures.stat().st_mtime_ns == written


def test_a_checkpoint_that_is_not_there_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no checkpoint folder"):
        prepare_finetuning(tmp_path, [], tmp_path / "out", str(tmp_path / "none"))
    assert not (tmp_path / "out").exists()


def test_the_settings_stop_by_held_out_clips() -> None:
    config = read_config(CONFIG)
    assert config.patience > 0
    assert config.validate_every * config.patience < config.steps
    assert config.weights.caption > 0
    assert config.weights.contrast > 0
    first, *_ = CONFIG.read_text(encoding="utf-8").splitlines()
    assert first == "# python -m videobert_demo finetune FOLDER --out OUT"
