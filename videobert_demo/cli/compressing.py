"""The command `compress`: a smaller checkpoint out of another one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_commands(commands: Any) -> None:
    """Adds the command to what `add_subparsers` gave."""
    compress = commands.add_parser("compress", help="write a checkpoint that takes less space")
    compress.add_argument("checkpoint", type=Path, help="a checkpoint's folder")
    compress.add_argument(
        "--int8", action="store_true", required=True, help="8 bits a weight, with a scale for each 64 of them"
    )
    compress.add_argument("--out", type=Path, required=True, help="a folder that is not there yet")
    compress.set_defaults(run=run_compress)


def run_compress(parsed: argparse.Namespace) -> int:
    """`compress CHECKPOINT --int8 --out DIR`."""
    from videobert_demo.model.eight_bits import compress
    from videobert_demo.model.loading import load_checkpoint

    load_checkpoint(str(parsed.checkpoint))  # refuses what is no checkpoint, with a sentence
    before, after = compress(parsed.checkpoint, parsed.out)
    load_checkpoint(str(parsed.out))
    print(f"{parsed.out}: {after / 1e6:.1f} MB, before {before / 1e6:.1f} MB")
    return 0
