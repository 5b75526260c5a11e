"""The commands that make a checkpoint: `features`, `codebook`, `train`, `export`, `heads`, `names` and `calibrate`."""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path
from typing import Any

from videobert_demo.cli.options import engine_options


def add_commands(commands: Any) -> None:
    """Adds the commands to what `add_subparsers` gave."""
    for add in (_add_features, _add_codebook, _add_train, _add_export, _add_heads, _add_names, _add_calibrate):
        add(commands)


def _add_features(commands: Any) -> None:
    features = commands.add_parser(
        "features", parents=[engine_options()], help="compute the frame tower's features of the training data, once"
    )
    features.add_argument(
        "--data", type=Path, required=True, help="folder with msrvtt/ and, if wanted, everyday/, flickr8k/"
    )
    features.add_argument("--out", type=Path, required=True, help="where the features go; an interrupted run goes on")
    features.add_argument(
        "--views", type=int, default=4, help="the plain frame and views - 1 augmentations (default: 4)"
    )
    features.add_argument(
        "--pairs", type=int, default=5000, help="so many pairs of videos side by side (default: 5000)"
    )
    features.add_argument("--grid", type=int, default=4, help="patches a side (default: 4)")
    features.add_argument(
        "--checkpoint", help="whose frame encoder and grid are used (default: EfficientNet-Lite0, as it was published)"
    )
    features.set_defaults(run=run_features)


def _add_codebook(commands: Any) -> None:
    codebook = commands.add_parser("codebook", help="make visual words of features, and measure them")
    codebook.add_argument("features", type=Path, nargs="+", help="folders that `features` wrote, or .npy files (N, C)")
    codebook.add_argument("--out", type=Path, required=True, help="a .safetensors file, for `codebook:` in a config")
    codebook.add_argument("--branching", type=int, default=8, help="children of a node (default: 8)")
    codebook.add_argument("--levels", type=int, default=3, help="depth of the tree (default: 3)")
    codebook.add_argument("--at-once", type=int, default=50_000, help="most vectors in memory (default: 50000)")
    codebook.add_argument(
        "--checkpoint", help="also measure how well hidden words can be told by its encoder, in the first folder"
    )
    codebook.set_defaults(run=run_codebook)


def _add_train(commands: Any) -> None:
    train = commands.add_parser("train", help="train, or go on training (also under `accelerate launch`)")
    train.add_argument("config", type=Path, help="a YAML file, see configs/: a recipe, or one stage")
    train.add_argument("--data", type=Path, required=True, help="folder with msrvtt/, everyday/, flickr8k/, coco_text/")
    train.add_argument(
        "--features", type=Path, help="what `features` wrote; a recipe computes what is missing (default: OUT/features)"
    )
    train.add_argument("--out", type=Path, required=True, help="checkpoints and losses go here")
    train.add_argument("--init", help="of one stage: checkpoint folder to start from, in place of the config's")
    train.add_argument("--stop-after", type=int, help="of one stage: leave after this many steps; --resume goes on")
    train.add_argument(
        "--resume", action="store_true", help="of one stage: go on from the state in --out, as a recipe always does"
    )
    train.add_argument(
        "--dry-run", action="store_true", help="run two steps, tell parameters, memory and time, and keep nothing"
    )
    train.add_argument("--cpu", action="store_true", help="do not use a GPU")
    train.set_defaults(run=run_train)


def _add_export(commands: Any) -> None:
    export = commands.add_parser(
        "export", help="write trained models as one checkpoint: their average, in half precision"
    )
    export.add_argument(
        "models", type=Path, nargs="+", help="model folders of one architecture, such as runs/stage3/model"
    )
    export.add_argument("--out", type=Path, required=True, help="folder of the checkpoint")
    export.add_argument("--name", default="", help="what the app calls the model (default: the folder's name)")
    export.set_defaults(run=run_export)


def _add_heads(commands: Any) -> None:
    heads = commands.add_parser(
        "heads", help="fit the heads for hidden words, category, verb, object, action into a checkpoint folder"
    )
    heads.add_argument("checkpoint", type=Path, help="a folder; its weights and its config.json are changed")
    heads.add_argument("--data", type=Path, required=True, help="folder with msrvtt/ and, if wanted, everyday/")
    heads.add_argument("--features", type=Path, required=True, help="what `features` wrote")
    heads.set_defaults(run=run_heads)


def _add_names(commands: Any) -> None:
    names = commands.add_parser("names", help="name a checkpoint's visual words by captions, as `heads` does too")
    names.add_argument("checkpoint", type=Path, help="a folder; its config.json is changed")
    names.add_argument("--features", type=Path, required=True, help="what `features` wrote of captioned videos")
    names.set_defaults(run=run_names)


def _add_calibrate(commands: Any) -> None:
    calibrate = commands.add_parser(
        "calibrate", help="fit how captions and vectors count in answers, and write it into a checkpoint folder"
    )
    calibrate.add_argument("checkpoint", type=Path, help="a folder; its config.json is changed")
    calibrate.add_argument("--data", type=Path, required=True, help="folder with videos.jsonl and frames.tar")
    calibrate.add_argument("--split", default="val", choices=("train", "val"), help="default: val")
    calibrate.add_argument("--features", type=Path, help="what `features` wrote of this data, in place of its frames")
    calibrate.set_defaults(run=run_calibrate)


def run_features(parsed: argparse.Namespace) -> int:
    """`features`."""
    from videobert_demo.training.feature_sets import compute_all_features

    compute = partial(
        compute_all_features,
        parsed.data,
        parsed.out,
        views=parsed.views,
        pairs=parsed.pairs,
        grid=parsed.grid,
        checkpoint=parsed.checkpoint,
    )
    if parsed.engine == "ray":
        from videobert_demo.engine.cluster import connecting
        from videobert_demo.engine.features import compute_on_cluster

        with connecting(parsed.ray_address) as connect:
            compute(compute=partial(compute_on_cluster, connect, parsed.checkpoint))
    else:
        compute()
    return 0


def run_codebook(parsed: argparse.Namespace) -> int:
    """`codebook`."""
    from videobert_demo.training.codebooks import build_codebook

    report = build_codebook(
        parsed.features,
        parsed.out,
        branching=parsed.branching,
        levels=parsed.levels,
        at_once=parsed.at_once,
        checkpoint=parsed.checkpoint,
    )
    print(json.dumps(report))
    return 0


def run_train(parsed: argparse.Namespace) -> int:
    """`train`."""
    from videobert_demo.cli.recipe import run_recipe
    from videobert_demo.errors import SettingsError
    from videobert_demo.training.config import read_config
    from videobert_demo.training.recipe import is_recipe
    from videobert_demo.training.run import run_stage

    if parsed.dry_run:
        return _run_dry(parsed)
    if is_recipe(parsed.config):
        if parsed.init or parsed.stop_after:
            raise SettingsError(
                "--init and --stop-after are for one stage; a recipe goes from its beginning to its end."
            )
        print(run_recipe(parsed.config, parsed.data, parsed.out, features=parsed.features, cpu=parsed.cpu))
        return 0
    losses = run_stage(
        read_config(parsed.config),
        parsed.data,
        parsed.features or parsed.out / "features",
        parsed.out,
        init=parsed.init,
        resume=parsed.resume,
        stop_after=parsed.stop_after,
        cpu=parsed.cpu,
    )
    if losses:  # of several processes the main one has them
        print(json.dumps({name: round(value, 4) for name, value in losses.items()}))
    return 0


def _run_dry(parsed: argparse.Namespace) -> int:
    """`train --dry-run`: of a recipe each stage as it would be from the beginning."""
    from videobert_demo.training.config import read_config
    from videobert_demo.training.recipe import is_recipe, read_recipe
    from videobert_demo.training.run import run_stage

    features = parsed.features or parsed.out / "features"
    if is_recipe(parsed.config):
        stages = read_recipe(parsed.config).stages
        configs = {stage.name: stage.config for stage in stages}
        init = parsed.init or stages[0].config.init
    else:
        configs = {parsed.config.stem: read_config(parsed.config)}
        init = parsed.init
    for name, config in configs.items():
        cost = run_stage(config, parsed.data, features, parsed.out, init=init, cpu=parsed.cpu, dry=True)
        print(json.dumps({"stage": name, **cost}))
    return 0


def run_export(parsed: argparse.Namespace) -> int:
    """`export`."""
    from videobert_demo.training.checkpoints import export_average

    export_average(parsed.models, parsed.out, name=parsed.name)
    size = sum(path.stat().st_size for path in parsed.out.glob("*.safetensors"))
    print(f"{parsed.out}: the average of {len(parsed.models)} model(s), {size / 1e6:.1f} MB of weights")
    return 0


def run_heads(parsed: argparse.Namespace) -> int:
    """`heads`."""
    from videobert_demo.cli.checkpoints import fit_checkpoint_heads

    print(json.dumps(fit_checkpoint_heads(parsed.checkpoint, parsed.data, parsed.features)))
    return 0


def run_names(parsed: argparse.Namespace) -> int:
    """`names`."""
    from videobert_demo.cli.checkpoints import name_visual_words

    print(json.dumps({"visual_words": name_visual_words(parsed.checkpoint, parsed.features)}))
    return 0


def run_calibrate(parsed: argparse.Namespace) -> int:
    """`calibrate`."""
    from videobert_demo.cli.checkpoints import calibrate_checkpoint

    print(
        json.dumps(calibrate_checkpoint(parsed.checkpoint, parsed.data, split=parsed.split, features=parsed.features))
    )
    return 0
