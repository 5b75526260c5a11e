"""The command `translator`: trains the model that translates between English and Chinese."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_commands(commands: Any) -> None:
    """Adds the command to what `add_subparsers` gave."""
    translator = commands.add_parser(
        "translator", help="train a translator between English and Chinese, or go on training"
    )
    translator.add_argument("config", type=Path, help="a YAML file, see configs/translator.yaml")
    translator.add_argument("--data", type=Path, required=True, help="folder with chinese/ and msrvtt/")
    translator.add_argument("--out", type=Path, required=True, help="the state of the run and the translator go here")
    translator.add_argument("--stop-after", type=int, help="leave after this many steps; the same command goes on")
    translator.set_defaults(run=run_translator)


def run_translator(parsed: argparse.Namespace) -> int:
    """`translator CONFIG`."""
    from videobert_demo.data.chinese import read_chinese_images, read_chinese_videos
    from videobert_demo.data.msrvtt import read_videos
    from videobert_demo.training.translation import read_translation_config, train_translator

    config = read_translation_config(parsed.config)
    folder = parsed.data / "chinese"
    english = [
        caption
        for video in read_videos(parsed.data / "msrvtt", "train")
        for caption in video.captions
        if caption.isascii()
    ]
    done = train_translator(
        read_chinese_images(folder),
        read_chinese_videos(folder),
        english,
        parsed.out,
        config,
        stop_after=parsed.stop_after,
    )
    size = sum(path.stat().st_size for path in done.iterdir())
    print(f"{done}: {size / 1e6:.1f} MB")
    return 0
