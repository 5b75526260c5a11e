"""MSR-VTT as it was published: one JSON file with all videos and all sentences.

    {"videos": [{"video_id": "video0", "split": "train"}], "sentences": [{"video_id": "video0", "caption": "..."}]}

The clips are video0.mp4 and so on. Its "start time" and "end time" are those of the film that a clip was cut from.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from videobert_demo.data.clip_records import ClipRecord
from videobert_demo.data.formats.sources import Files, build_records, usable
from videobert_demo.errors import DataError

SPLITS = {"train": "train", "validate": "val", "test": "test"}


def is_msrvtt(found: Any) -> bool:
    """Whether a JSON value is in this format."""
    return isinstance(found, dict) and isinstance(found.get("videos"), list) and "sentences" in found


def read_msrvtt(path: Path, found: Any, files: Files) -> list[ClipRecord]:
    """The records of the clips that are there."""
    captions: dict[str, list[str]] = defaultdict(list)
    try:
        for row in found["sentences"]:
            captions[row["video_id"]].append(row["caption"])
        splits = {row["video_id"]: row.get("split") for row in found["videos"]}
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path} lacks or misuses the field {error}") from error
    names = [name for name in splits if name in files and usable(captions[name])]
    return build_records(
        path, names, lambda name: [ClipRecord(files[name], usable(captions[name]), split=SPLITS.get(splits[name]))]
    )
