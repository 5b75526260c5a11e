"""Reads captioned still pictures in the format of Flickr8k.

DIR/captions.jsonl    {"file", "captions"}
DIR/images.tar        read by `archive`
"""

from __future__ import annotations

from pathlib import Path

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.jsonl import read_records


def read_stills(directory: Path) -> list[CaptionedVideo]:
    """Reads DIR/captions.jsonl (Flickr8k style); every still is a one-frame training video."""
    return read_records(
        directory / "captions.jsonl",
        lambda record: CaptionedVideo(record["file"], "train", None, (record["file"],), tuple(record["captions"])),
    )
