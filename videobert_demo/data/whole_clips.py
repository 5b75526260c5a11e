"""Reads captions of whole clips, which lie as video files beside the annotations.

DIR/*.jsonl    {"file", "captions"}, and optionally "video_id", "split", "category"
DIR/*.mp4
"""

from __future__ import annotations

from pathlib import Path

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.jsonl import read_records


def read_whole_clips(annotations: Path) -> list[CaptionedVideo]:
    """Reads a captions .jsonl of whole clips; `frame_files` holds the one clip file's name, beside the annotations."""
    return read_records(
        annotations,
        lambda record: CaptionedVideo(
            video_id=record.get("video_id", Path(record["file"]).stem),
            split=record.get("split", "test"),
            category=record.get("category"),
            frame_files=(record["file"],),
            captions=tuple(record["captions"]),
        ),
    )
