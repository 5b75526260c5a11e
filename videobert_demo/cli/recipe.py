"""`train RECIPE`: from published weights to a calibrated checkpoint, each step where the last one left off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from videobert_demo.training.recipe import (
    CALIBRATION,
    EXPORT,
    FEATURES,
    HEADS,
    PARTS,
    Recipe,
    StageLog,
    read_recipe,
)


def run_recipe(path: Path, data: Path, out: Path, *, features: Path | None = None, cpu: bool = False) -> Path:
    """Does what is not done yet; says first how long that is thought to take. Returns the checkpoint's folder.

    Args:
        features: where `features` wrote, or shall write; None for `out/features`.
    """
    recipe = read_recipe(path)
    progress = StageLog(out, recipe)
    left = recipe.minutes(progress.done)
    print(", ".join(f"{name} {minutes:.0f} min" for name, minutes in left.items()) or "nothing is left to do")
    print(f"about {sum(left.values()) / 60:.1f} hours on {recipe.machine}", flush=True)
    for name, step in _steps(recipe, data, features or out / "features", out, cpu=cpu).items():
        if name not in progress.done:
            step()
            progress.mark(name)
    return out / "checkpoint"


def _steps(recipe: Recipe, data: Path, features: Path, out: Path, *, cpu: bool) -> dict[str, Callable[[], Any]]:
    from videobert_demo.cli.checkpoints import calibrate_checkpoint, fit_checkpoint_heads
    from videobert_demo.training.checkpoints import export_average, save_model
    from videobert_demo.training.feature_sets import compute_all_features
    from videobert_demo.training.parts import build_from_parts
    from videobert_demo.training.run import run_stage

    wanted, checkpoint, start = recipe.features, out / "checkpoint", out / PARTS

    def make_parts() -> None:
        assert recipe.parts is not None
        model, processor = build_from_parts(**asdict(recipe.parts))
        save_model(start, model, processor)

    def make_features() -> None:
        looks = str(start) if recipe.parts else None
        views, pairs = wanted.views, wanted.pairs
        compute_all_features(data, features, views=views, pairs=pairs, grid=wanted.grid, checkpoint=looks)

    def fit_heads() -> None:
        if not recipe.encoder_learns:
            fit_checkpoint_heads(checkpoint, data, features)
            return
        after = out / "features_after"
        compute_all_features(data, after, views=1, pairs=0, grid=wanted.grid, checkpoint=str(checkpoint))
        fit_checkpoint_heads(checkpoint, data, after)

    def stage(number: int) -> Callable[[], Any]:
        name, config = recipe.stages[number].name, recipe.stages[number].config
        init = str(out / config.init) if number else str(start) if recipe.parts else config.init
        return lambda: run_stage(config, data, features, out / name, init=init, resume=True, cpu=cpu)

    steps: dict[str, Callable[[], Any]] = {PARTS: make_parts} if recipe.parts else {}
    steps[FEATURES] = make_features
    steps |= {one.name: stage(number) for number, one in enumerate(recipe.stages)}
    last = out / recipe.stages[-1].name / "model"
    return steps | {
        EXPORT: lambda: export_average([last], checkpoint, name=recipe.name),
        HEADS: fit_heads,
        CALIBRATION: lambda: calibrate_checkpoint(checkpoint, data / "msrvtt"),
    }
