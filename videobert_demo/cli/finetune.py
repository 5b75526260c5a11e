"""The command `finetune`: from a folder of somebody's own clips to a checkpoint, with figures before and after."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.cli.options import add_json_option, checkpoint_options

if TYPE_CHECKING:
    from videobert_demo.training.config import TrainingConfig
    from videobert_demo.training.finetuning import Finetuning

EXAMPLES = 4


def add_commands(commands: Any) -> None:
    """Adds the command to what `add_subparsers` gave."""
    finetune = commands.add_parser("finetune", parents=[checkpoint_options()], help="train on clips of your own")
    finetune.add_argument(
        "folder", type=Path, help="clips with captions.jsonl, or with the annotations of a known data set"
    )
    finetune.add_argument(
        "--out", type=Path, required=True, help="everything goes here; the same command goes on there"
    )
    finetune.add_argument("--config", type=Path, help="settings of the training (default: configs/finetune.yaml)")
    finetune.add_argument("--name", default="", help="what the app calls the model (default: the folder's name)")
    finetune.add_argument(
        "--dry-run", action="store_true", help="take a few clips and two steps, tell memory and time, keep nothing"
    )
    finetune.add_argument("--cpu", action="store_true", help="do not use a GPU")
    add_json_option(finetune)
    finetune.set_defaults(run=run_finetune)
    taking = commands.add_parser("import", help="write the frames and captions of clips as training reads them")
    taking.add_argument(
        "folder", type=Path, help="clips with captions.jsonl, or with the annotations of a known data set"
    )
    taking.add_argument("--out", type=Path, required=True, help="the data folder; msrvtt/ is written in it")
    taking.add_argument("--frames", type=int, default=8, help="of each clip (default: 8)")
    taking.set_defaults(run=run_import)


def run_finetune(parsed: argparse.Namespace) -> int:
    """`finetune`."""
    from videobert_demo.data.formats.folders import read_clips
    from videobert_demo.model.card import FIGURES_FILE
    from videobert_demo.settings import Settings
    from videobert_demo.training.config import read_config
    from videobert_demo.training.finetuning import CONFIG, estimate, prepare_finetuning, train_and_export

    started = time.perf_counter()
    settings = Settings.from_environment()
    config = read_config(parsed.config or CONFIG)
    described = read_clips(parsed.folder, parsed.out / "clips")
    folder, records = described.folder, described.records
    checkpoint, revision = parsed.checkpoint or settings.checkpoint, parsed.revision or settings.revision
    if parsed.dry_run:
        print(json.dumps(estimate(folder, records, config, checkpoint, revision=revision, cpu=parsed.cpu)))
        return 0
    finetuning = prepare_finetuning(folder, records, parsed.out, checkpoint, revision=revision)
    before = _measure(finetuning, finetuning.start, finetuning.features, config)
    train_and_export(finetuning, config, name=parsed.name or parsed.folder.resolve().name, cpu=parsed.cpu)
    after = _measure(finetuning, finetuning.checkpoint, _features_after(finetuning, config), config)
    report = _report(finetuning, before, after) | {"seconds": round(time.perf_counter() - started, 1)}
    figures = json.dumps({name: report[name] for name in ("before", "after", "clips")})
    (finetuning.checkpoint / FIGURES_FILE).write_text(figures, encoding="utf-8")
    print(json.dumps(report) if parsed.json else "\n".join(_lines(report)))
    return 0


def run_import(parsed: argparse.Namespace) -> int:
    """`import`."""
    from videobert_demo.data.formats.folders import read_clips
    from videobert_demo.errors import SettingsError
    from videobert_demo.training.taking_in import take_in

    if parsed.frames < 1:
        raise SettingsError("--frames must be at least 1.")
    described = read_clips(parsed.folder, parsed.out / "clips")
    written = take_in(described.records, described.folder, parsed.out, frames=parsed.frames)
    print(f"{written}: {len(described.records)} clips or parts of clips ({described.format})")
    return 0


def _features_after(finetuning: Finetuning, config: TrainingConfig) -> Path:
    """The features of the trained checkpoint's frame encoder: new ones where that learned."""
    from videobert_demo.training.finetuning import compute_clip_features

    if not config.tower_blocks:
        return finetuning.features
    folder = finetuning.out / "features_after"
    compute_clip_features(finetuning.data, folder, str(finetuning.checkpoint), views=2)
    return folder


def _measure(finetuning: Finetuning, checkpoint: Path, features: Path, config: TrainingConfig) -> dict[str, Any]:
    """Figures of a checkpoint on the clips of the split test, and its captions of some of them."""
    from videobert_demo.data.msrvtt import read_videos
    from videobert_demo.evaluation.retrieval import evaluate_retrieval
    from videobert_demo.model.loading import load_checkpoint
    from videobert_demo.tasks.caption import caption_clips
    from videobert_demo.training.store import FeatureStore
    from videobert_demo.training.taking_in import FOLDER
    from videobert_demo.training.validation import HeldOut

    loaded = load_checkpoint(str(checkpoint))
    data, store = finetuning.data / FOLDER, FeatureStore(features / FOLDER)
    loss = HeldOut(store, loaded.processor, config, split="test").measure(loaded.model)["caption"]
    found = evaluate_retrieval(loaded, data, split="test", stored=store, progress=False)
    shown = read_videos(data, "test")[:EXAMPLES]
    written = caption_clips(loaded, store.load_named([video.video_id for video in shown]))
    return {
        "caption_loss": round(loss, 4),
        **{name: value for name, value in found.items() if name != "videos"},
        "captions": {video.video_id: one[0].text for video, one in zip(shown, written, strict=True)},
    }


def _report(finetuning: Finetuning, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    from videobert_demo.data.msrvtt import read_videos
    from videobert_demo.training.taking_in import FOLDER

    videos = read_videos(finetuning.data / FOLDER)
    people = {video.video_id: video.captions[0] for video in videos}
    written, rewritten = before.pop("captions"), after.pop("captions")
    return {
        "checkpoint": str(finetuning.checkpoint),
        "clips": {split: sum(video.split == split for video in videos) for split in ("train", "val", "test")},
        "new_words": list(finetuning.new_words),
        "before": before,
        "after": after,
        "examples": [
            {"clip": clip, "people": people[clip], "before": text, "after": rewritten[clip]}
            for clip, text in written.items()
        ],
    }


def _lines(report: dict[str, Any]) -> Iterable[str]:
    """The report for a person."""
    clips = report["clips"]
    yield f"{clips['train']} clips to learn from, {clips['val']} to stop by, {clips['test']} to measure with"
    if report["new_words"]:
        yield f"words that it could not write before: {', '.join(report['new_words'])}"
    yield f"{'':14} before    after"
    for name, value in report["before"].items():
        yield f"{name:14} {value:<9} {report['after'][name]}"
    for example in report["examples"]:
        yield f"{example['clip']}: {example['people']}"
        yield f"  before: {example['before']}"
        yield f"  after:  {example['after']}"
    if report["after"]["caption_loss"] >= report["before"]["caption_loss"]:
        yield "The clips that were held out are told no better than before; more clips or captions may help."
    yield f"{report['checkpoint']} is ready, after {report['seconds'] / 60:.1f} minutes"
