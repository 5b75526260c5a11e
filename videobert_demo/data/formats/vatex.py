"""VATEX: a list of clips with ten English and ten Chinese captions each; the English ones are read.

    [{"videoID": "Ptf_2VRj-V0_000122_000132", "enCap": ["..."], "chCap": ["..."]}]

The clips are named by videoID.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from videobert_demo.data.clip_records import ClipRecord
from videobert_demo.data.formats.sources import Files, build_records, usable


def is_vatex(found: Any) -> bool:
    """Whether a JSON value is in this format."""
    return (
        isinstance(found, list) and bool(found) and isinstance(found[0], dict) and {"videoID", "enCap"} <= set(found[0])
    )


def read_vatex(path: Path, found: Any, files: Files) -> list[ClipRecord]:
    """The records of the clips that are there."""

    def build(index: str) -> list[ClipRecord]:
        row = found[int(index)]
        captions = usable(row["enCap"])
        return [ClipRecord(files[row["videoID"]], captions)] if row["videoID"] in files and captions else []

    return build_records(path, map(str, range(len(found))), build)
