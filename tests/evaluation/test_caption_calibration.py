"""How support comes to count in captions, and how their probabilities are fitted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.tiny import CAPTIONS, write_frames, write_tiny_checkpoint
from videobert_demo.evaluation import caption_calibration
from videobert_demo.evaluation.caption_calibration import (
    JudgedCaptions,
    calibrate_captions,
    choose_weight,
    fit_captions,
)
from videobert_demo.evaluation.captioning import evaluate_captioning
from videobert_demo.evaluation.sureness import apply_weights
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.types import Caption

REFERENCES = {str(number): list(texts) for number, texts in enumerate(CAPTIONS)}
MENTIONS = [{"man": 0.9, "piano": 0.9, "play": 0.9, "dog": 0.01}] * len(CAPTIONS)


def test_support_counts_where_it_removes_what_nobody_says() -> None:
    written = [(Caption("a dog", 0.5), Caption("a man is playing a piano", 0.4))] * len(CAPTIONS)
    references = {video: list(CAPTIONS[0]) for video in REFERENCES}
    assert choose_weight(written, MENTIONS, references) > 0


def test_support_counts_no_more_where_captions_get_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = iter([50.0, 49.5, 49.0, 48.0, 47.0, 46.0])
    monkeypatch.setattr(caption_calibration, "score_captions", lambda *_: {"CIDEr": next(scores)})
    unsupported = iter([30.0, 29.0, 20.0, 10.0, 5.0, 1.0])
    monkeypatch.setattr(caption_calibration, "score_truth", lambda *_: {"unsupported": next(unsupported)})
    written = [(Caption("a dog", 0.5),)] * len(CAPTIONS)
    assert choose_weight(written, MENTIONS, REFERENCES) == 0.25


def test_a_checkpoint_without_the_head_stays_as_it_is(loaded: LoadedModel, tmp_path: Path) -> None:
    assert calibrate_captions(loaded, tmp_path / "nowhere", progress=False) == {}


def test_what_is_fitted_gives_captions_their_probabilities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny", mentioned_words=["man", "dog", "sing"])))
    data = write_frames(tmp_path / "data", split="val")
    right = iter((np.random.default_rng(0).random(400) < 0.5).tolist())
    monkeypatch.setattr(caption_calibration, "is_right", lambda *_: next(right))
    found = calibrate_captions(loaded, data, progress=False)
    assert found["caption_mention_weight"] in caption_calibration.WEIGHTS
    numbers = found["calibration"]
    assert (len(numbers["caption"]), len(numbers["caption_sure"])) == (5, 1)
    assert (loaded.model.config.calibration, loaded.model.config.caption_mention_weight) == ({}, 0.0)
    loaded.model.config.calibration = numbers
    scores = evaluate_captioning(loaded, data, split="val", progress=False).scores
    assert {"ece", "sure_share", "sure_right"} <= set(scores)
    assert 0 <= scores["ece"] <= 1


def test_a_sure_caption_is_judged_by_what_other_videos_teach() -> None:
    random = np.random.default_rng(0)
    evidence = random.normal(0, 1.5, (400, 3, 4))
    is_right = random.random((400, 3)) < 1 / (1 + np.exp(-evidence.sum(2)))
    judged = [JudgedCaptions(*one, 0) for one in zip(evidence, is_right, strict=True)]
    numbers, sure_from = fit_captions(judged)
    assert numbers == pytest.approx([0, 1, 1, 1, 1], abs=0.35)
    said = apply_weights(numbers, evidence[:, 0])
    assert is_right[:, 0][said >= sure_from].mean() > 0.8
