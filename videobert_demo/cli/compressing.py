"""The commands `compress` and `int8-tower`: a smaller checkpoint out of another, and a faster frame tower for one."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.errors import CheckpointError

if TYPE_CHECKING:
    from videobert_demo.model.loading import LoadedModel


CALIBRATION_FRAMES = 4
"""How many frames of each example clip are looked at."""


def add_commands(commands: Any) -> None:
    """Adds the commands to what `add_subparsers` gave."""
    compress = commands.add_parser("compress", help="write a checkpoint that takes less space")
    compress.add_argument("checkpoint", type=Path, help="a checkpoint's folder")
    compress.add_argument("--int8", action="store_true", help="8 bits a weight, with a scale for each 64 of them")
    compress.add_argument(
        "--prune",
        type=float,
        metavar="SHARE",
        help="leave out this share of the feed-forward rows, such as 0.3",
    )
    compress.add_argument("--out", type=Path, required=True, help="a folder that is not there yet")
    compress.set_defaults(run=run_compress)
    tower = commands.add_parser("int8-tower", help="let a checkpoint's frame tower compute in 8 bits")
    tower.add_argument("checkpoint", type=Path, help="a checkpoint's folder; one file is added to it")
    tower.set_defaults(run=run_int8_tower)


def run_compress(parsed: argparse.Namespace) -> int:
    """`compress CHECKPOINT [--prune SHARE] [--int8] --out DIR`."""
    from videobert_demo.model.eight_bits import WEIGHTS, check_out, compress
    from videobert_demo.model.loading import load_checkpoint

    if not parsed.int8 and parsed.prune is None:
        raise CheckpointError("Say how the checkpoint is made smaller: --int8, --prune SHARE or both.")
    source, out = parsed.checkpoint, parsed.out
    loaded = load_checkpoint(str(source))  # refuses what is no checkpoint, with a sentence
    check_out(out)
    before = (source / WEIGHTS).stat().st_size
    with tempfile.TemporaryDirectory() as folder:
        if parsed.prune is not None:
            source = Path(folder) if parsed.int8 else out
            share = prune_checkpoint(parsed.checkpoint, loaded, parsed.prune, source)
            print(f"{share:.1%} of the parameters left; docs/training.md tells how to train it shortly")
        if parsed.int8:
            compress(source, out)
    calibrate_tower(out, load_checkpoint(str(out)))
    print(f"{out}: {(out / WEIGHTS).stat().st_size / 1e6:.1f} MB, before {before / 1e6:.1f} MB")
    return 0


def prune_checkpoint(source: Path, loaded: LoadedModel, share: float, out: Path) -> float:
    """Writes a checkpoint with narrower feed-forward layers, in half precision; the bundled examples judge their rows.

    Args:
        source: the checkpoint's folder.
        loaded: what it holds; it is pruned, too.
        share: of the rows.
        out: a folder that is not there yet, or is empty.

    Returns:
        The share of the parameters that left.
    """
    from videobert_demo.model.eight_bits import WEIGHTS
    from videobert_demo.model.pruning import prune
    from videobert_demo.service.examples import read_examples
    from videobert_demo.service.service import VideoBertService
    from videobert_demo.settings import Settings
    from videobert_demo.tasks.caption import CAPTIONS, caption_clips
    from videobert_demo.tasks.embed import embed_sentences
    from videobert_demo.training.checkpoints import save_model

    demo = VideoBertService(loaded, Settings())
    clips = [demo.open(example.path).tensors for example in read_examples()]

    def look() -> None:
        captions = caption_clips(loaded, clips, candidates=CAPTIONS)
        embed_sentences(loaded, [caption.text for found in captions for caption in found])

    left = prune(loaded.model, share, look)
    shutil.copytree(source, out, ignore=shutil.ignore_patterns(WEIGHTS, "config.json"), dirs_exist_ok=True)
    save_model(out, loaded.model, loaded.processor, half=True)
    return left


def run_int8_tower(parsed: argparse.Namespace) -> int:
    """`int8-tower CHECKPOINT`."""
    from videobert_demo.model.loading import load_checkpoint

    if not parsed.checkpoint.is_dir():
        raise CheckpointError(f"There is no checkpoint folder {parsed.checkpoint}; give one.")
    if not calibrate_tower(parsed.checkpoint, load_checkpoint(str(parsed.checkpoint))):
        raise CheckpointError(
            f"The frame encoder of {parsed.checkpoint} has no form in 8 bits; EfficientNet-Lite0 has."
        )
    print(f"{parsed.checkpoint}: its frame tower can compute in 8 bits, and does on a CPU with VNNI")
    return 0


def calibrate_tower(folder: Path, loaded: LoadedModel) -> bool:
    """Looks at the bundled examples with a checkpoint's tower and writes what an 8-bit tower needs; says if it has one.

    Args:
        folder: the checkpoint's. loaded: it.
    """
    from videobert_demo.model.encoders.efficientnet_lite import FrameTower
    from videobert_demo.model.encoders.eight_bit_tower import calibrate
    from videobert_demo.service.examples import read_examples
    from videobert_demo.types import ClipLimits
    from videobert_demo.video.decode import read_clip

    tower = loaded.model.encoder.frame_tower
    if not isinstance(tower, FrameTower):
        return False
    clips = (read_clip(example.path, CALIBRATION_FRAMES, limits=ClipLimits())[1] for example in read_examples())
    calibrate(tower, (loaded.prepare(frames.pixels) for frames in clips)).write(folder)
    return True
