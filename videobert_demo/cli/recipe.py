"""`train RECIPE`: from published weights to a calibrated checkpoint, each step where the last one left off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from videobert_demo.training.recipe import (
    CALIBRATION,
    EXPORT,
    FEATURES,
    HEADS,
    Progress,
    Recipe,
    read_recipe,
)


def run_recipe(path: Path, data: Path, out: Path, *, features: Path | None = None, cpu: bool = False) -> Path:
    """Does what is not done yet; says first how long that is thought to take. Returns the checkpoint's folder.

    Args:
        features: where `features` wrote, or shall write; None for `out/features`.
    """
    recipe = read_recipe(path)
    progress = Progress(out, recipe)
    left = recipe.minutes(progress.done)
    print(", ".join(f"{name} {minutes:.0f} min" for name, minutes in left.items()) or "nothing is left to do")
    print(f"about {sum(left.values()) / 60:.1f} hours on two idle cores", flush=True)
    for name, step in _steps(recipe, data, features or out / "features", out, cpu=cpu).items():
        if name not in progress.done:
            step()
            progress.mark(name)
    return out / "checkpoint"


def _steps(recipe: Recipe, data: Path, features: Path, out: Path, *, cpu: bool) -> dict[str, Callable[[], Any]]:
    from videobert_demo.cli.checkpoints import calibrate_checkpoint, fit_checkpoint_heads
    from videobert_demo.training.checkpoints import export_average
    from videobert_demo.training.feature_sets import compute_all_features
    from videobert_demo.training.run import run_stage

    wanted, checkpoint = recipe.features, out / "checkpoint"

    def make_features() -> None:
        compute_all_features(data, features, views=wanted.views, pairs=wanted.pairs, grid=wanted.grid)

    def stage(number: int) -> Callable[[], Any]:
        name, config = recipe.stages[number].name, recipe.stages[number].config
        init = str(out / config.init) if number else config.init
        return lambda: run_stage(config, data, features, out / name, init=init, resume=True, cpu=cpu)

    steps: dict[str, Callable[[], Any]] = {FEATURES: make_features}
    steps |= {one.name: stage(number) for number, one in enumerate(recipe.stages)}
    last = out / recipe.stages[-1].name / "model"
    return steps | {
        EXPORT: lambda: export_average([last], checkpoint, name=recipe.name),
        HEADS: lambda: fit_checkpoint_heads(checkpoint, data, features),
        CALIBRATION: lambda: calibrate_checkpoint(checkpoint, data / "msrvtt"),
    }
