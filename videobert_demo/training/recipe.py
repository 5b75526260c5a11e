"""A recipe: the stages of a whole training, one after another, in one YAML file.

    published weights -> features -> stage 1 -> .. -> stage n -> export -> heads -> calibrated checkpoint
    published parts -> checkpoint to train from -> features by its frame encoder -> stage 1 -> ..

Knows what is to be done, how long it is thought to take, and what is done already; does none of it.
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
PARTS, FEATURES, EXPORT, HEADS, CALIBRATION = "parts", "features", "export", "heads", "calibration"
"""What a recipe does beside its stages."""


@dataclass(frozen=True)
class PartSettings:
    """The published parts that a model is built from, as `init` takes them (parts.py)."""

    vision: str
    text: str
    decoder: str
    streams: int = 1
    patch_grid: int = 4
    max_frames: int = 8


@dataclass(frozen=True)
class FeatureSettings:
    """How the features of all frames are made: augmented views of each, pairs of videos, patches a side."""

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
    """A whole training.

    Attributes:
        name: what the app calls the model.
        finish_minutes: for export, heads and calibration.
        parts: what the model is built from; None for MiniLM and EfficientNet-Lite0.
        machine: for which machine the minutes are estimated.
    """

    name: str
    features: FeatureSettings
    stages: tuple[Stage, ...]
    finish_minutes: float = 0.0
    parts: PartSettings | None = None
    machine: str = "two idle cores"

    @property
    def encoder_learns(self) -> bool:
        """Whether the frame encoder is another one after the stages, so that features have to be computed anew."""
        return any(stage.config.tower_blocks for stage in self.stages)

    def __post_init__(self) -> None:
        names = [stage.name for stage in self.stages]
        if not 1 <= len(names) <= MAX_STAGES:
            raise DataError(f"a recipe has 1 to {MAX_STAGES} stages, not {len(names)}")
        taken = {PARTS, FEATURES, EXPORT, HEADS, CALIBRATION}
        wrong = [name for name in names if not name.isidentifier() or names.count(name) > 1 or name in taken]
        if wrong:
            raise DataError(
                f"{wrong[0]!r} cannot name a stage: names are words, each used once, none of {sorted(taken)}"
            )

    def settings(self) -> dict[str, Any]:
        """For each of the recipe's steps, in order, what it depends on beside the steps before it."""
        steps: dict[str, Any] = {PARTS: asdict(self.parts)} if self.parts else {}
        steps[FEATURES] = asdict(self.features)
        steps |= {stage.name: asdict(stage.config) for stage in self.stages}
        return {**steps, EXPORT: self.name, HEADS: None, CALIBRATION: None}

    def minutes(self, done: set[str]) -> dict[str, float]:
        """How long each step that is not in `done` is thought to take."""
        finish = self.finish_minutes / 3
        known = {PARTS: 0.0, FEATURES: self.features.minutes, EXPORT: 0.0, HEADS: 2 * finish, CALIBRATION: finish}
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
    unknown = set(values) - _KNOWN
    if unknown:
        raise DataError(f"{path}: unknown setting {min(unknown)!r}; known are {', '.join(sorted(_KNOWN))}")
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
    return Recipe(
        str(values.get("name", path.stem)),
        features,
        tuple(stages),
        float(values.get("finish_minutes", 0)),
        _read_parts(values["parts"], path) if "parts" in values else None,
        str(values.get("machine", "two idle cores")),
    )


_KNOWN = {"name", "features", "stages", "finish_minutes", "parts", "machine"}


def _read_parts(values: Any, path: Path) -> PartSettings:
    absent = [name for name in ("vision", "text", "decoder") if not isinstance(values, dict) or name not in values]
    if absent:
        raise DataError(f"{path}: parts lacks {absent[0]!r}; a model is built from vision, text and decoder")
    parts: PartSettings = build_settings(PartSettings, values, path)
    return parts


class StageLog:
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
