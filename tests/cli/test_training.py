"""The commands that make a checkpoint."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import videobert_demo
from tests.cli.conftest import Run
from tests.tiny import CAPTIONS, write_features, write_frames, write_jsonl


def test_calibrate_writes_into_the_checkpoint(
    run: Run, checkpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from videobert_demo.evaluation import calibration

    monkeypatch.setattr(calibration, "fit_logistic", lambda _values, _is_yes: (9.5, 0.25))  # nothing is learned yet
    copy = tmp_path / "checkpoint"
    shutil.copytree(checkpoint, copy)
    status, out, _ = run("calibrate", copy, "--data", write_frames(tmp_path / "msrvtt", split="val"))
    before, after = (json.loads((Path(folder) / "config.json").read_text()) for folder in (checkpoint, copy))
    assert status == 0
    found = json.loads(out)
    assert (found["answer_yes_slope"], found["answer_yes_middle"]) == (9.5, 0.25)
    assert after == before | found


def test_train_prints_the_last_losses(run: Run, checkpoint: str, tmp_path: Path) -> None:
    write_features(tmp_path / "features" / "msrvtt")
    config = tmp_path / "config.yaml"
    config.write_text(f"init: {checkpoint}\nsteps: 2\nvideos_per_step: 2\nwarmup_steps: 1\n")
    command = ["train", config, "--data", tmp_path, "--features", tmp_path / "features", "--out", tmp_path / "run"]
    status, out, _ = run(*command, "--cpu")
    assert status == 0
    assert set(json.loads(out)) == {"caption"}
    assert videobert_demo.load(str(tmp_path / "run" / "model")).model_name == "model"


def test_features_of_both_data_sets_are_computed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from videobert_demo.model.encoders.efficientnet_lite import FrameTower
    from videobert_demo.training import initialise
    from videobert_demo.training.store import FeatureStore

    monkeypatch.setattr(initialise, "load_published_tower", FrameTower)
    write_frames(tmp_path / "msrvtt", CAPTIONS[:2], split="train")
    stills = write_frames(tmp_path / "flickr8k", CAPTIONS[2:3], frames=1)
    (stills / "frames.tar").rename(stills / "images.tar")
    write_jsonl(stills / "captions.jsonl", [{"file": "frames/0_0.png", "captions": CAPTIONS[2]}])
    out = tmp_path / "out"
    sizes = ["--views", "2", "--grid", "2", "--pairs", "3"]
    status, _, _ = run("features", "--data", tmp_path, "--out", out, *sizes)
    assert status == 0
    assert len(FeatureStore(out / "pairs").videos) == 3
    videos, pictures = FeatureStore(out / "msrvtt"), FeatureStore(out / "flickr8k")
    assert (len(videos.videos), len(pictures.videos), videos.views, videos.grid) == (2, 1, 2, (2, 2))
    assert videos.load(1, 1).patches.shape == (2, 4, 1280)


def test_a_dry_run_tells_what_a_stage_costs_and_keeps_nothing(run: Run, checkpoint: str, tmp_path: Path) -> None:
    write_features(tmp_path / "features" / "msrvtt")
    config = tmp_path / "config.yaml"
    config.write_text(f"init: {checkpoint}\nsteps: 600\nvideos_per_step: 2\nwarmup_steps: 1\n")
    command = ["train", config, "--data", tmp_path, "--features", tmp_path / "features", "--out", tmp_path / "run"]
    status, out, _ = run(*command, "--cpu", "--dry-run")
    cost = json.loads(out)
    assert status == 0
    assert (cost["stage"], cost["steps"]) == ("config", 600)
    assert cost["memory_mb"] > cost["weights_mb"] > 0
    assert not (tmp_path / "run").exists()
