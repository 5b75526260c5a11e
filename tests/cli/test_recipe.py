"""A recipe's steps are done in order, each once, and go on where they were interrupted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from videobert_demo.cli import recipe as recipe_module
from videobert_demo.cli.main import main
from videobert_demo.cli.recipe import run_recipe

TEXT = "name: tiny\nfinish_minutes: 6\nstages:\n  - {name: only, minutes: 54, steps: 2, warmup_steps: 1}\n"
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
