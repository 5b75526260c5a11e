"""YouCook2: the steps of the recipe of each cooking film, each with its moments and a sentence.

    {"database": {"GLd3aX16zBg": {"subset": "training", "annotations": [{"segment": [90, 102], "sentence": "..."}]}}}

Each step becomes a part of the film.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from videobert_demo.data.clip_records import ClipRecord
from videobert_demo.data.formats.sources import Files, build_records, usable

SPLITS = {"training": "train", "validation": "val", "testing": "test"}


def is_youcook2(found: Any) -> bool:
    """Whether a JSON value is in this format."""
    return isinstance(found, dict) and isinstance(found.get("database"), dict)


def read_youcook2(path: Path, found: Any, files: Files) -> list[ClipRecord]:
    """The records of the films that are there; steps without length or sentence are left out."""
    films = found["database"]

    def build(name: str) -> list[ClipRecord]:
        captions: dict[tuple[float, float], list[str]] = {}
        for step in films[name].get("annotations", []):
            start, end = step["segment"]
            if end > start >= 0 and usable([step.get("sentence")]):
                captions.setdefault((start, end), []).append(step["sentence"].strip())
        split = SPLITS.get(films[name].get("subset"))
        return [
            ClipRecord(files[name], tuple(texts), start_seconds=start, end_seconds=end, split=split)
            for (start, end), texts in captions.items()
        ]

    return build_records(path, [name for name in films if name in files], build)
