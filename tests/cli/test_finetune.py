"""The command `finetune` from a folder of clips to a checkpoint that tells held-out clips better."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

import videobert_demo
from tests.cli.conftest import Run
from tests.training.own_clips import write_own_clips
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.settings import BUNDLED_CHECKPOINT
from videobert_demo.training import finetuning

SETTINGS = """
steps: 60
videos_per_step: 6
captions_per_video: 2
questions_per_step: 4
answer_rank: 4
learning_rate: 5.0e-3
encoder_learning_rate: 2.0e-3
warmup_steps: 5
average_decay: 0.8
patience: 5
validate_every: 5
weights:
  contrast: 0.5
  answer: 0.5
"""


@pytest.mark.slow
def test_a_tiny_checkpoint_learns_from_clips(
    run: Run, checkpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finetuning, "VIEWS", 1)
    folder = write_own_clips(tmp_path / "clips", 12, questions=True)
    (tmp_path / "settings.yaml").write_text(SETTINGS, encoding="utf-8")
    command = ["finetune", folder, "--out", tmp_path / "out", "--config", tmp_path / "settings.yaml", "--cpu"]
    status, out, _ = run(*command, "--checkpoint", checkpoint, "--dry-run")
    assert status == 0
    cost = json.loads(out)
    assert (cost["clips"], cost["steps"]) == (12, 60)
    assert cost["seconds_per_step"] > 0
    assert not (tmp_path / "out").exists()
    status, out, _ = run(*command, "--checkpoint", checkpoint, "--json")
    assert status == 0
    report = json.loads(out)
    assert report["clips"] == {"train": 8, "val": 2, "test": 2}
    assert report["after"]["caption_loss"] < 0.8 * report["before"]["caption_loss"]
    assert {"R@1", "R@5", "R@10", "MedR"} <= set(report["after"])
    assert [example["people"] for example in report["examples"]]
    demo = videobert_demo.load(report["checkpoint"])
    assert demo.model_name == "clips"
    assert demo.caption(demo.open(folder / "00.webm")).text
    status, out, _ = run(*command, "--checkpoint", checkpoint)  # all is done: only the figures are computed again
    assert status == 0
    assert "8 clips to learn from, 2 to stop by, 2 to measure with" in out


def test_a_wrong_row_is_refused_before_anything_is_written(run: Run, checkpoint: str, tmp_path: Path) -> None:
    (tmp_path / "captions.jsonl").write_text('{"file": "../a.mp4", "captions": ["a dog"]}\n')
    status, _, error = run("finetune", tmp_path, "--out", tmp_path / "out", "--checkpoint", checkpoint)
    assert status == 1
    assert "captions.jsonl:1: file is '../a.mp4'; it must be a path below the folder" in error
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.exhaustive
def test_the_bundled_checkpoint_learns_forty_clips(run: Run, tmp_path: Path) -> None:
    folder = write_own_clips(tmp_path / "clips", 40)
    settings = yaml.safe_load(finetuning.CONFIG.read_text(encoding="utf-8"))
    shorter = {**settings, "steps": 45, "videos_per_step": 8, "warmup_steps": 5}  # two minutes of one processor
    (tmp_path / "settings.yaml").write_text(yaml.safe_dump(shorter), encoding="utf-8")
    command = ["finetune", folder, "--out", tmp_path / "out", "--config", tmp_path / "settings.yaml", "--cpu", "--json"]
    status, out, _ = run(*command, "--checkpoint", BUNDLED_CHECKPOINT)
    assert status == 0
    report = json.loads(out)
    before, after = report["before"], report["after"]
    assert after["caption_loss"] < 0.5 * before["caption_loss"]
    assert after["R@1"] > before["R@1"]
    assert after["MedR"] <= before["MedR"]


def test_annotations_of_a_known_format_are_imported(run: Run, tmp_path: Path) -> None:
    folder = write_own_clips(tmp_path / "clips", 8)
    rows = [json.loads(line) for line in (folder / "captions.jsonl").read_text().splitlines()]
    (folder / "captions.jsonl").unlink()
    described = [{"videoID": Path(row["file"]).stem, "enCap": row["captions"]} for row in rows]
    (folder / "vatex.json").write_text(json.dumps(described))
    status, out, _ = run("import", folder, "--out", tmp_path / "data", "--frames", "2")
    assert status == 0
    assert "8 clips or parts of clips (vatex)" in out
    videos = read_videos(tmp_path / "data" / "msrvtt")
    assert [len(video.frame_files) for video in videos] == [2] * 8
    assert videos[3].captions == tuple(rows[3]["captions"])
