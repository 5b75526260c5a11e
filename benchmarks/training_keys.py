"""What each training setting does to captions and retrieval where clips are few: a short run a row, all from one start.

    start     a new model of three encoder and two decoder layers, as published weights leave it
    a row     the base settings and one change, on VIDEOS training videos; captions and contrast, from stored features
    measured  the averaged weights of the last step on the split val: nats a word piece; R@10 of four captions a video

Few videos, because most of these settings are against learning by heart. One run a row tells little: the base runs with
other seeds tell how little. Short rows are of what makes a step dearer or cheaper. In rows of pixels the frame
encoder's last block learns, so they read frames: they go on from the base run, are shorter, and are measured on every
fourth video.

python -m benchmarks.training_keys --data DATA --features FEATURES --out OUT      prints a table, and goes on
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from videobert_demo.data.archive import FrameArchive
from videobert_demo.evaluation.metrics import score_retrieval
from videobert_demo.evaluation.retrieval import compare_with_clips, embed_all
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.tasks.embed import embed_queries
from videobert_demo.training.config import build_config
from videobert_demo.training.dry_run import counting_kept
from videobert_demo.training.features import Looker
from videobert_demo.training.pixels import PixelReader
from videobert_demo.training.run import run_stage
from videobert_demo.training.store import FeatureStore
from videobert_demo.training.validation import HeldOut

VIDEOS, CAPTIONS = 200, 4
BASE: dict[str, Any] = {
    "steps": 100,
    "videos_per_step": 8,
    "captions_per_video": 3,
    "encoder_layers": 3,
    "decoder_layers": 2,
    "learning_rate": 1e-3,
    "encoder_learning_rate": 2e-4,
    "warmup_steps": 10,
    "final_rate": 0.05,
    "average_decay": 0.9,
    "input_dropout": 0.0,
    "hidden_dropout": 0.0,
    "label_smoothing": 0.0,
    "weight_decay": 0.0,
    "save_every": 1000,
    "log_every": 20,
    "weights": {"caption": 1.0, "contrast": 0.5},
}
ROWS: dict[str, dict[str, Any]] = {
    "base": {},
    "base, seed 1": {"seed": 1},
    "base, seed 2": {"seed": 2},
    "patch_dropout 0.3": {"patch_dropout": 0.3},
    "frame_dropout 0.3": {"frame_dropout": 0.3},
    "layer_dropout 0.2": {"layer_dropout": 0.2},
    "mixup 0.2": {"mixup": 0.2},
    "label_smoothing 0.1": {"label_smoothing": 0.1},
    "weight_decay 0.05": {"weight_decay": 0.05},
    "average_decay 0": {"average_decay": 0.0},
}
SHORT_ROWS: dict[str, dict[str, Any]] = {
    name: {"steps": 30, **change}
    for name, change in {
        "short: base": {},
        "adversarial_steps 2": {"adversarial_steps": 2},
        "accumulation_steps 2": {"accumulation_steps": 2},
        "gradient_checkpointing": {"gradient_checkpointing": True},
        "mixed_precision bf16": {"mixed_precision": "bf16"},
    }.items()
}
OF_PIXELS: dict[str, Any] = {
    "steps": 16,
    "videos_per_step": 4,
    "tower_blocks": 1,
    "warmup_steps": 4,
    "learning_rate": 3e-4,
    "encoder_learning_rate": 1e-4,
}
PIXEL_ROWS: dict[str, dict[str, Any]] = {
    "pixels: base": {},
    "pixels: base, seed 1": {"seed": 1},
    "pixel_crop 0.3": {"pixel_crop": 0.3},
    "pixel_flip 0.5": {"pixel_flip": 0.5},
    "pixel_colour 0.3": {"pixel_colour": 0.3},
    "frame_jitter 0.3": {"frame_jitter": 0.3},
    "pixel_operations 2": {"pixel_operations": 2},
}


def cut(features: Path, out: Path, *, training: int, every: int) -> Path:
    """A folder with the features of the first `training` training videos and every n-th held-out one; by links."""
    out.mkdir(parents=True, exist_ok=True)
    index = json.loads((features / "index.json").read_text(encoding="utf-8"))
    of = {split: [video for video in index["videos"] if video["split"] == split] for split in ("train", "val")}
    index["videos"] = of["train"][:training] + of["val"][::every]
    (out / "index.json").write_text(json.dumps(index), encoding="utf-8")
    for name in ("patches.npy", "pooled.npy", "state.json"):
        (out / name).unlink(missing_ok=True)
        (out / name).symlink_to((features / name).resolve())
    return out


def train_row(settings: dict[str, Any], data: Path, features: Path, out: Path, init: str) -> dict[str, float]:
    """Trains with these settings; how many steps it took, processor time with set-up, what backward passes kept."""
    config = build_config({**settings, "init": init}, Path("benchmarks"))
    with counting_kept() as kept:
        started = time.process_time()
        run_stage(config, data, features, out, cpu=True)
        seconds = time.process_time() - started
    lines = (out / "losses.jsonl").read_text(encoding="utf-8").splitlines()
    steps = max(json.loads(line)["step"] for line in lines)
    return {"steps": steps, "seconds": seconds, "kept_mb": kept.most_bytes / 1e6}


def measure(model: Path, settings: dict[str, Any], data: Path, store: FeatureStore) -> dict[str, float]:
    """The caption loss and R@10 of a trained model on the store's held-out videos."""
    loaded, config = load_checkpoint(str(model)), build_config(settings, Path("benchmarks"))
    pixels = _pixels(loaded, data, store) if config.tower_blocks else None
    figures = HeldOut(store, loaded.processor, config, pixels=pixels).measure(loaded.model)
    rows = [row for row, video in enumerate(store.videos) if video.split == "val"]
    clips = [_look(loaded, pixels, store, row) for row in rows]
    asked = [[store.videos[row].captions[number] for row in rows] for number in range(CAPTIONS)]
    found = [
        score_retrieval(compare_with_clips(loaded, embed_all(loaded, texts, embed_queries), clips)) for texts in asked
    ]
    return {"caption": figures["caption"], "R@10": float(np.mean([one["R@10"] for one in found])), "videos": len(rows)}


def _pixels(loaded: LoadedModel, data: Path, store: FeatureStore) -> PixelReader:
    tower, config = loaded.model.encoder.frame_tower, loaded.model.config
    looker = Looker(tower, tower.preparation, config.frame_channels, max_segments=config.max_frames)
    return PixelReader(store, FrameArchive(data / "msrvtt" / "frames.tar"), looker)


@torch.no_grad()
def _look(loaded: LoadedModel, pixels: PixelReader | None, store: FeatureStore, row: int) -> ClipTensors:
    if pixels is None:
        return store.load_shown(row)
    return ClipTensors(*loaded.encode_clip(pixels.read([store.load(row)])[0]))


def write_table(results: Sequence[dict[str, Any]]) -> None:
    """Prints the rows as Markdown."""
    print("| settings | steps | nats a word piece | R@10 | processor seconds in all | kept for the backward pass |")
    print("|---|---|---|---|---|---|")
    for one in results:
        print(
            f"| {one['row']} | {one['steps']:.0f} | {one['caption']:.3f} | {one['R@10']:.1f} | "
            f"{one['seconds']:.0f} | {one['kept_mb']:.0f} MB |"
        )


def main() -> int:
    """Runs what has not been run yet, and prints all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "features", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parsed = parser.parse_args()
    out, done = parsed.out, parsed.out / "rows.jsonl"
    torch.set_num_threads(1)
    for name, every in (("features", 1), ("fourth", 4)):
        cut(parsed.features / "msrvtt", out / name / "msrvtt", training=VIDEOS, every=every)
    lines = done.read_text(encoding="utf-8").splitlines() if done.exists() else []
    results: list[dict[str, Any]] = [json.loads(line) for line in lines]
    start = out / "start" / "model"
    if not start.exists():
        still = {"steps": 1, "learning_rate": 0.0, "encoder_learning_rate": 0.0}
        train_row({**BASE, **still}, parsed.data, out / "features", out / "start", "new")
    for name, change in {**ROWS, **PIXEL_ROWS, **SHORT_ROWS}.items():
        if any(one["row"] == name for one in results):
            continue
        of_pixels = name in PIXEL_ROWS
        settings = {**BASE, **OF_PIXELS, **change} if of_pixels else {**BASE, **change}
        init, features = (out / "base" / "model", out / "fourth") if of_pixels else (start, out / "features")
        folder = out / name.replace(" ", "_").replace(",", "").replace(":", "")
        cost = train_row(settings, parsed.data, features, folder, str(init))
        figures = measure(folder / "model", settings, parsed.data, FeatureStore(features / "msrvtt"))
        results.append({"row": name, **cost, **figures})
        with done.open("a", encoding="utf-8") as log:
            log.write(json.dumps(results[-1]) + "\n")
    write_table(results)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
