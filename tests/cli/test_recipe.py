"""A recipe's steps are done in order, each once, and go on where they were interrupted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import yaml

from tests.published import save_bart, save_bert, save_published
from tests.tiny import write_frames, write_jsonl
from tests.training.runs import read_losses
from videobert_demo.cli import recipe as recipe_module
from videobert_demo.cli.main import main
from videobert_demo.cli.recipe import run_recipe
from videobert_demo.errors import DataError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration

TEXT = "name: tiny\nfinish_minutes: 6\nstages:\n  - {name: only, minutes: 54, steps: 2, warmup_steps: 1}\n"
GPU = Path(__file__).resolve().parents[2] / "configs" / "gpu-base.yaml"
NAMES = ("frozen", "looking")
STEPS = ["features", "only", "export", "heads", "calibration"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A recipe of one stage."""
    path = tmp_path / "recipe.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def note_steps(monkeypatch: pytest.MonkeyPatch, *, fails_at: str = "") -> list[str]:
    """Puts steps in place that only write down their names; one of them is interrupted."""
    seen: list[str] = []

    def step(name: str) -> Callable[[], None]:
        def take() -> None:
            seen.append(name)
            if name == fails_at:
                raise KeyboardInterrupt

        return take

    monkeypatch.setattr(recipe_module, "_steps", lambda *_, **__: {name: step(name) for name in STEPS})
    return seen


def test_the_steps_are_taken_in_order_after_the_estimate(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = note_steps(monkeypatch)
    assert main(["train", str(path), "--data", str(tmp_path), "--out", str(tmp_path / "out")]) == 0
    assert seen == STEPS
    assert "about 1.0 hours on two idle cores" in capsys.readouterr().out


def test_an_interrupted_recipe_goes_on(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note_steps(monkeypatch, fails_at="export")
    with pytest.raises(KeyboardInterrupt):
        run_recipe(path, tmp_path, tmp_path / "out")
    seen = note_steps(monkeypatch)
    assert run_recipe(path, tmp_path, tmp_path / "out") == tmp_path / "out" / "checkpoint"
    assert seen == ["export", "heads", "calibration"]
    note_steps(monkeypatch, fails_at="features")
    run_recipe(path, tmp_path, tmp_path / "out")  # nothing is left to do


def test_the_real_steps_have_the_recipes_names(path: Path, tmp_path: Path) -> None:
    recipe = recipe_module.read_recipe(path)
    steps = recipe_module._steps(recipe, tmp_path, tmp_path / "features", tmp_path, cpu=True)
    assert list(steps) == list(recipe.settings()) == STEPS


def test_options_of_one_stage_are_refused(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["train", str(path), "--data", str(tmp_path), "--out", str(tmp_path / "out"), "--stop-after", "2"]
    assert main(arguments) == 1
    assert "are for one stage" in capsys.readouterr().err


@pytest.mark.slow
def test_the_gpu_recipe_runs_twenty_steps_with_a_tiny_twin_of_every_part(tmp_path: Path) -> None:
    save_published("siglip", tmp_path / "vision")
    save_bert(tmp_path / "text")
    save_bart(tmp_path / "decoder")
    values = yaml.safe_load(GPU.read_text(encoding="utf-8"))
    values["parts"] = {name: str(tmp_path / name) for name in ("vision", "text", "decoder")} | {"max_frames": 2}
    values["features"]["views"] = 2
    for stage in values["stages"]:
        stage |= {"steps": 10, "warmup_steps": 2, "videos_per_step": 2, "validate_every": 5, "average_decay": 0.5}
        stage |= {"learning_rate": 2e-3, "mixed_precision": "no", "log_every": 5}
        stage["tower_blocks"] = min(1, stage.get("tower_blocks", 0))  # the twin has two blocks
    path = tmp_path / "recipe.yaml"
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    data = write_frames(tmp_path / "data" / "msrvtt", frames=2, split="train")
    rows = [json.loads(line) for line in (data / "videos.jsonl").read_text().splitlines()]
    write_jsonl(data / "videos.jsonl", [row | {"split": "val" if n > 3 else "train"} for n, row in enumerate(rows)])
    recipe = recipe_module.read_recipe(path)
    steps = recipe_module._steps(recipe, tmp_path / "data", tmp_path / "features", tmp_path / "out", cpu=True)
    assert list(steps) == list(recipe.settings()) == ["parts", "features", *NAMES, "export", "heads", "calibration"]
    for name in ("parts", "features", *NAMES, "export"):
        steps[name]()
    frozen, looking = (read_losses(tmp_path / "out" / name) for name in NAMES)
    assert [row["step"] for row in frozen] == [5, 10]
    assert frozen[-1]["caption"] < frozen[0]["caption"]
    assert [row["step"] for row in looking if "held_out/loss" in row] == [0, 5, 10]
    start, learned = (
        VideoBertForConditionalGeneration.from_pretrained(tmp_path / "out" / name / "model").encoder.frame_tower
        for name in NAMES
    )
    assert any(not torch.equal(value, learned.state_dict()[name]) for name, value in start.state_dict().items())
    assert load_checkpoint(str(tmp_path / "out" / "checkpoint")).name == "videobert-gpu-base"


def test_a_recipe_without_a_part_is_refused(path: Path) -> None:
    path.write_text(f"{TEXT}parts: {{vision: a, text: b}}\n", encoding="utf-8")
    with pytest.raises(DataError, match="parts lacks 'decoder'"):
        recipe_module.read_recipe(path)
