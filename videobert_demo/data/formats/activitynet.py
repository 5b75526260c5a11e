"""ActivityNet Captions: moments of each film, with a sentence each.

    {"v_QOlSCBRmfWY": {"duration": 82.73, "timestamps": [[0.83, 19.86], [17.37, 60.81]], "sentences": ["...", "..."]}}

Each moment becomes a part of the film. The published files are train.json, val_1.json and val_2.json; the last one is
taken for the split test.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from videobert_demo.data.clip_records import ClipRecord
from videobert_demo.data.formats.sources import Files, build_records, usable

SPLITS = {"train": "train", "val_1": "val", "val_2": "test"}


def is_activitynet(found: Any) -> bool:
    """Whether a JSON value is in this format."""
    if not isinstance(found, dict) or not found:
        return False
    first = next(iter(found.values()))
    return isinstance(first, dict) and {"timestamps", "sentences"} <= set(first)


def read_activitynet(path: Path, found: Any, files: Files) -> list[ClipRecord]:
    """The records of the films that are there; moments without length are left out."""
    split = SPLITS.get(path.stem)

    def build(name: str) -> list[ClipRecord]:
        captions: dict[tuple[float, float], list[str]] = {}
        for (start, end), text in zip(found[name]["timestamps"], found[name]["sentences"], strict=True):
            if end > start >= 0 and usable([text]):
                captions.setdefault((start, end), []).append(text.strip())
        return [
            ClipRecord(files[name], tuple(texts), start_seconds=start, end_seconds=end, split=split)
            for (start, end), texts in captions.items()
        ]

    return build_records(path, [name for name in found if name in files], build)
