"""Reads data sets in the format of MSR-VTT: frames of videos in an archive, with captions and categories.

DIR/videos.jsonl      {"video_id", "split", "category", "frames": [{"file"}, ..], "captions"}
DIR/categories.txt    name<tab>number
DIR/frames.tar        read by `archive`
"""

from __future__ import annotations

from pathlib import Path

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.jsonl import read_records
from videobert_demo.errors import DataError

SPLITS = ("train", "val", "test")


def read_videos(directory: Path, split: str | None = None) -> list[CaptionedVideo]:
    """Reads DIR/videos.jsonl (MSR-VTT style), all splits or one."""
    if split is not None and split not in SPLITS:
        raise DataError(f"split {split!r} is not one of {', '.join(SPLITS)}")
    videos = read_records(
        directory / "videos.jsonl",
        lambda record: CaptionedVideo(
            video_id=record["video_id"],
            split=record["split"],
            category=record.get("category"),
            frame_files=tuple(frame["file"] for frame in record["frames"]),
            captions=tuple(record["captions"]),
        ),
    )
    return [video for video in videos if split is None or video.split == split]


def read_categories(directory: Path) -> list[str]:
    """Reads DIR/categories.txt (MSR-VTT style), `name<tab>number` a line; the names in the order of their numbers."""
    path = directory / "categories.txt"
    try:
        lines = [line.rsplit(None, 1) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        names = {int(number): name.strip() for name, number in lines}
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as a list of categories, `name<tab>number` a line") from error
    if sorted(names) != list(range(len(names))):
        raise DataError(f"{path} does not number its categories from 0 without gaps")
    return [names[number] for number in range(len(names))]
