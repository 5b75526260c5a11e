"""Held-out videos are measured without a draw, and say when training has to end and which weights are kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.nn import functional

from tests.tiny import CAPTIONS, tiny_tokenizer, write_features
from tests.training.runs import make_batches, make_config, make_model, read_losses
from videobert_demo.errors import DataError
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.processing_videobert import as_processor
from videobert_demo.training.loop import train
from videobert_demo.training.store import FeatureStore
from videobert_demo.training.validation import HeldOut


def hold_out(folder: Path, count: int = 2) -> FeatureStore:
    """Makes the last videos of a store held-out ones."""
    path = folder / "index.json"
    index = json.loads(path.read_text())
    for video in index["videos"][-count:]:
        video["split"] = "val"
    path.write_text(json.dumps(index))
    return FeatureStore(folder)


def test_the_caption_loss_is_the_mean_over_all_word_pieces(tmp_path: Path) -> None:
    store = hold_out(write_features(tmp_path))
    model, words = make_model(dropout=0.5), tiny_tokenizer()
    config = make_config({"contrast": 0.25}, label_smoothing=0.3, patch_dropout=0.5)
    found = HeldOut(store, words, config).measure(model.train())
    assert model.training
    assert found == HeldOut(store, words, config).measure(model)
    model.eval()
    losses = []
    for row in (4, 5):
        clip = store.load(row).to_tensors()
        video = {"frame_features": clip.frame_features[None], "patch_features": clip.patch_features[None]}
        for text in CAPTIONS[row]:
            ids = words(text, add_special_tokens=False).input_ids
            with torch.no_grad():
                logits = model(torch.tensor([[words.cls_token_id, *ids]]), **video).logits[0]
            losses += functional.cross_entropy(logits, torch.tensor([*ids, words.sep_token_id]), reduction="none")
    assert found["caption"] == pytest.approx(float(torch.stack(losses).mean()), rel=1e-4)
    assert found["loss"] == pytest.approx(found["caption"] + 0.25 * found["contrast"])


def test_training_ends_when_held_out_videos_are_told_no_better(tmp_path: Path) -> None:
    config = make_config(steps=40, patience=2, validate_every=1, learning_rate=0.3, encoder_learning_rate=0.3)
    batches = make_batches(tmp_path, config)
    batches.store = hold_out(tmp_path / "msrvtt")
    out, start = tmp_path / "out", make_model()
    train(start, tiny_tokenizer(), batches, config, out, cpu=True)
    losses = {row["step"]: row["held_out/loss"] for row in read_losses(out) if "held_out/loss" in row}
    best = min(losses, key=losses.get)
    assert max(losses) == best + 2 < 40
    kept = VideoBertForConditionalGeneration.from_pretrained(out / "model")
    again = HeldOut(batches.store, as_processor(tiny_tokenizer()), config).measure(kept)
    assert again["loss"] == pytest.approx(losses[best], abs=2e-4)
    written = (out / "model" / "model.safetensors").read_bytes()
    assert train(make_model(1), tiny_tokenizer(), batches, config, out, resume=True, cpu=True) == {}
    assert (out / "model" / "model.safetensors").read_bytes() == written


def test_an_interrupted_run_keeps_its_patience(tmp_path: Path) -> None:
    config = make_config(steps=4, patience=3, validate_every=2)
    batches = make_batches(tmp_path, config)
    batches.store = hold_out(tmp_path / "msrvtt")
    for name, stops in (("whole", [None]), ("cut", [2, None])):
        for number, stop in enumerate(stops):
            model = make_model(number)
            train(
                model, tiny_tokenizer(), batches, config, tmp_path / name, resume=number > 0, cpu=True, stop_after=stop
            )
    whole, cut = (torch.load(tmp_path / name / "state.pt", weights_only=True) for name in ("whole", "cut"))
    assert (whole["best"], whole["misses"]) == (cut["best"], cut["misses"])


def test_patience_needs_held_out_videos_and_a_loss(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no videos of the split val"):
        HeldOut(FeatureStore(write_features(tmp_path)), tiny_tokenizer(), make_config())
    with pytest.raises(DataError, match="patience waits"):
        replace(make_config({"caption": 0.0}), patience=1)
