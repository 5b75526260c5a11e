"""A recipe is read and checked, says how long it takes, and remembers what is done."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from videobert_demo.errors import CheckpointError, DataError
from videobert_demo.training.recipe import Recipe, StageLog, is_recipe, read_recipe

RECIPE = Path(__file__).resolve().parents[2] / "configs" / "recipe.yaml"
TEXT = """
name: tiny
finish_minutes: 3
features: {views: 2, pairs: 10, minutes: 5}
stages:
  - {name: first, minutes: 10, steps: 4, warmup_steps: 1}
  - {name: second, minutes: 20.5, steps: 2, warmup_steps: 1, weights: {contrast: 0.5}}
"""


def write(folder: Path, text: str = TEXT) -> Path:
    path = folder / "recipe.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_each_stage_starts_from_the_one_before_it(tmp_path: Path) -> None:
    recipe = read_recipe(write(tmp_path))
    assert (recipe.name, recipe.features.views, recipe.features.grid) == ("tiny", 2, 4)
    assert [(stage.name, stage.config.init, stage.config.steps) for stage in recipe.stages] == [
        ("first", "new", 4),
        ("second", "first/model", 2),
    ]
    assert recipe.stages[1].config.weights.contrast == 0.5


def test_what_is_left_is_told_in_minutes(tmp_path: Path) -> None:
    recipe = read_recipe(write(tmp_path))
    assert list(recipe.minutes(set())) == ["features", "first", "second", "export", "heads", "calibration"]
    assert sum(recipe.minutes(set()).values()) == pytest.approx(38.5)
    assert recipe.minutes({"features", "first"})["second"] == 20.5
    assert sum(recipe.minutes({"features", "first"}).values()) == pytest.approx(23.5)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: tiny", "nam: tiny", "unknown setting 'nam'"),
        ("steps: 4", "stepz: 4", "unknown setting 'stepz'"),
        ("steps: 4", "steps: 4, init: elsewhere", "stage 1 has `init`"),
        ("name: second", "name: first", "'first' cannot name a stage"),
        ("name: second", "name: features", "'features' cannot name a stage"),
        ("pairs: 10", "pears: 10", "unknown setting 'pears'"),
        (TEXT[TEXT.index("stages:") :], "stages: 3", "stages is 3"),
        (TEXT[TEXT.index("stages:") :], "stages: []", "has 1 to 4 stages, not 0"),
    ],
)
def test_a_wrong_recipe_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_recipe(write(tmp_path, TEXT.replace(old, new)))


def test_a_config_of_one_stage_is_no_recipe(tmp_path: Path) -> None:
    assert is_recipe(write(tmp_path))
    assert not is_recipe(write(tmp_path, "steps: 4\n"))


def test_what_is_done_is_remembered(tmp_path: Path) -> None:
    recipe = read_recipe(write(tmp_path))
    progress = StageLog(tmp_path / "out", recipe)
    assert progress.done == set()
    progress.mark("features")
    progress.mark("first")
    assert StageLog(tmp_path / "out", recipe).done == {"features", "first"}


def test_settings_that_came_later_had_their_defaults(tmp_path: Path) -> None:
    recipe = read_recipe(write(tmp_path))
    StageLog(tmp_path / "out", recipe).mark("first")
    done = tmp_path / "out" / "done.json"
    kept = json.loads(done.read_text(encoding="utf-8"))
    del kept["first"]["label_smoothing"], kept["first"]["weights"]["grounding"]
    done.write_text(json.dumps(kept), encoding="utf-8")
    assert StageLog(tmp_path / "out", recipe).done == {"first"}
    config = replace(recipe.stages[0].config, label_smoothing=0.2)
    other = Recipe("tiny", recipe.features, (replace(recipe.stages[0], config=config), recipe.stages[1]))
    with pytest.raises(CheckpointError, match="other settings"):
        StageLog(tmp_path / "out", other)


def test_what_was_done_with_other_settings_is_no_start(tmp_path: Path) -> None:
    recipe = read_recipe(write(tmp_path))
    StageLog(tmp_path / "out", recipe).mark("first")
    longer = replace(recipe.stages[0], config=replace(recipe.stages[0].config, steps=5))
    other = Recipe("tiny", recipe.features, (longer, recipe.stages[1]))
    with pytest.raises(CheckpointError, match="'first' was done with other settings"):
        StageLog(tmp_path / "out", other)


def test_the_projects_recipe_takes_at_most_three_hours_and_opens_with_its_command() -> None:
    recipe = read_recipe(RECIPE)
    assert len(recipe.stages) <= 4
    assert sum(recipe.minutes(set()).values()) <= 180
    assert all(stage.minutes > 0 and stage.config.warmup_steps < stage.config.steps for stage in recipe.stages)
    assert RECIPE.read_text(encoding="utf-8").startswith(
        "# python -m videobert_demo train configs/recipe.yaml --data DATA --out runs\n"
    )
