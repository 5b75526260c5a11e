"""The head that tells made clips from videos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.tiny import write_features, write_frames, write_tiny_checkpoint
from videobert_demo.data.made_clips import make_clips
from videobert_demo.errors import DataError
from videobert_demo.evaluation.strangeness import calibrate_strangeness, choose_strangeness_limit, evaluate_strangeness
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.training import strangeness
from videobert_demo.training.checkpoints import save_model
from videobert_demo.training.store import FeatureStore
from videobert_demo.training.strangeness import fit_strangeness, fit_strangeness_head
from videobert_demo.types import Frames
from videobert_demo.video.write import write_webm


def test_few_strange_clips_are_told_from_many_videos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangeness, "COST", 0.1)
    random = torch.Generator().manual_seed(0)
    videos, strange = torch.randn(400, 8, generator=random), torch.randn(20, 8, generator=random)
    strange[:, 2] += 6
    head = fit_strangeness(videos + 5, strange + 5)
    assert (head(videos + 5) < 0).float().mean() > 0.97
    assert (head(strange + 5) > 0).float().mean() > 0.9


def test_there_is_room_for_videos_from_elsewhere() -> None:
    videos = np.linspace(-6, -2, 101)
    assert choose_strangeness_limit(videos, [2.08] * 100) == pytest.approx(0.0)  # 2 % of the videos reach -2.08
    assert choose_strangeness_limit(videos, [-5.0] * 100) == pytest.approx(-2.08)


def test_videos_are_needed(tmp_path: Path) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny")))
    with pytest.raises(DataError, match="no video"):
        fit_strangeness_head(loaded, FeatureStore(write_features(tmp_path / "features", ())))


@pytest.mark.slow
def test_what_is_fitted_and_calibrated_is_said(tmp_path: Path) -> None:
    checkpoint = write_tiny_checkpoint(tmp_path / "tiny")
    loaded = load_checkpoint(str(checkpoint))
    assert fit_strangeness_head(loaded, FeatureStore(write_features(tmp_path / "features")), made=10) == 10
    save_model(checkpoint, loaded.model, loaded.processor)
    loaded = load_checkpoint(str(checkpoint))
    data = write_frames(tmp_path / "data", split="val")
    limits = calibrate_strangeness(loaded, data, progress=False)
    assert list(limits) == ["strange"]
    loaded.model.config.calibration = {"strange": [-1e9]}
    scores = evaluate_strangeness(loaded, data, split="val", progress=False)
    assert scores["made_told"] == scores["videos_refused"] == 100.0
    service = VideoBertService(loaded, Settings())
    path = tmp_path / "noise.webm"
    write_webm(path, Frames(make_clips(1, 7)[0][1], np.arange(4.0)))
    clip = service.open(path)
    told = service.caption(clip)
    assert (told.text, told.can_tell, told.is_sure) == ("I cannot tell", False, False)
    answer = service.answer(clip, "what is it?")
    assert (answer.text, answer.can_tell, answer.is_sure) == ("I cannot tell", False, False)
    assert service.answer_frames(clip, answer).sum() == pytest.approx(1)
