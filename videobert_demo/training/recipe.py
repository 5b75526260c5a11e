"""A recipe: the stages of a whole training, one after another, in one YAML file.

    published weights -> features -> stage 1 -> .. -> stage n -> export -> heads -> calibrated checkpoint

Knows what is to be done, how long it is thought to take, and what is done already; does nothing of it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from videobert_demo.errors import CheckpointError, DataError
from videobert_demo.training.config import TrainingConfig, build_config, build_settings, has_settings, read_yaml

MAX_STAGES = 4
DONE_FILE = "done.json"
FEATURES, EXPORT, HEADS, CALIBRATION = "features", "export", "heads", "calibration"
"""What a recipe does beside its stages."""


@dataclass(frozen=True)
class FeatureSettings:
    """Of the features of all frames: augmented views of each, pairs of videos, patches a side."""

    views: int = 3
    pairs: int = 5000
    grid: int = 4
    minutes: float = 0.0


@dataclass(frozen=True)
class Stage:
    """One stage; `minutes` is how long it takes on two idle cores. Its config starts from the stage before it."""

    name: str
    minutes: float
    config: TrainingConfig


@dataclass(frozen=True)
class Recipe:
    """A whole training; `name` is what the app calls the model; `finish_minutes`: export, heads and calibration."""

    name: str
    features: FeatureSettings
    stages: tuple[Stage, ...]
    finish_minutes: float = 0.0

    def __post_init__(self) -> None:
        names = [stage.name for stage in self.stages]
        if not 1 <= len(names) <= MAX_STAGES:
            raise DataError(f"a recipe has 1 to {MAX_STAGES} stages, not {len(names)}")
        taken = {FEATURES, EXPORT, HEADS, CALIBRATION}
        wrong = [name for name in names if not name.isidentifier() or names.count(name) > 1 or name in taken]
        if wrong:
            raise DataError(
                f"{wrong[0]!r} cannot name a stage: names are words, each used once, none of {sorted(taken)}"
            )

    def settings(self) -> dict[str, Any]:
        """By the names of the recipe's steps, in their order, what each depends on beside the steps before it."""
        steps: dict[str, Any] = {FEATURES: asdict(self.features)}
        steps |= {stage.name: asdict(stage.config) for stage in self.stages}
        return {**steps, EXPORT: self.name, HEADS: None, CALIBRATION: None}

    def minutes(self, done: set[str]) -> dict[str, float]:
        """How long each step that is not in `done` is thought to take."""
        finish = self.finish_minutes / 3
        known = {FEATURES: self.features.minutes, EXPORT: 0.0, HEADS: 2 * finish, CALIBRATION: finish}
        known |= {stage.name: stage.minutes for stage in self.stages}
        return {name: known[name] for name in self.settings() if name not in done}


def is_recipe(path: Path) -> bool:
    """Whether a YAML file is a recipe, not the settings of one stage."""
    return "stages" in read_yaml(path)


def read_recipe(path: Path) -> Recipe:
    """Reads a recipe.

    Raises:
        DataError: the file cannot be read, or a setting is unknown or of the wrong type.
    """
    values = read_yaml(path)
    unknown = set(values) - {"name", "features", "stages", "finish_minutes"}
    if unknown:
        raise DataError(f"{path}: unknown setting {min(unknown)!r}; known are name, features, stages, finish_minutes")
    found = values.get("stages")
    if not isinstance(found, list) or not all(isinstance(stage, dict) for stage in found):
        raise DataError(f"{path}: stages is {found!r}; it must be a list of settings")
    stages: list[Stage] = []
    for number, stage in enumerate(found):
        if "init" in stage:
            raise DataError(f"{path}: stage {number + 1} has `init`; a stage starts from the one before it")
        settings = {name: value for name, value in stage.items() if name not in ("name", "minutes")}
        init = f"{stages[-1].name}/model" if stages else "new"
        config = build_config({**settings, "init": init}, path)
        stages.append(Stage(str(stage.get("name", "")), float(stage.get("minutes", 0)), config))
    features = build_settings(FeatureSettings, values.get("features", {}), path)
    return Recipe(str(values.get("name", path.stem)), features, tuple(stages), float(values.get("finish_minutes", 0)))


class Progress:
    """Which steps of a recipe are done in a folder, with which settings.

    Raises:
        CheckpointError: a step was done there with other settings.
    """

    def __init__(self, out: Path, recipe: Recipe) -> None:
        self._path, self._settings = out / DONE_FILE, recipe.settings()
        kept: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}
        configs: dict[str, Any] = {FEATURES: recipe.features, **{stage.name: stage.config for stage in recipe.stages}}
        for name, settings in kept.items():
            same = (
                has_settings(configs[name], settings) if name in configs else self._settings.get(name, ...) == settings
            )
            if not same:
                raise CheckpointError(f"{out}: {name!r} was done with other settings; choose another --out")
        self.done = set(kept)

    def mark(self, name: str) -> None:
        """Writes down that a step is done."""
        self.done.add(name)
        text = json.dumps({step: self._settings[step] for step in self._settings if step in self.done}, indent=1)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(".new")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(self._path)
