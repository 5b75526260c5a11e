"""Reads somebody's own clips: FOLDER/captions.jsonl beside the clips, the simplest format there is.

    {"file": "a.mp4", "captions": ["..."]}
    {"file": "b.mp4", "captions": ["..."], "start_seconds": 3, "end_seconds": 9.5,
     "questions": [{"question": "...", "answer": "..."}], "split": "test"}

All but `file` and `captions` may be left out. Every row is checked, and the first wrong one is named by its line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from videobert_demo.data.clip_records import ClipRecord
from videobert_demo.data.jsonl import read_numbered
from videobert_demo.errors import DataError

ANNOTATIONS = "captions.jsonl"


def read_own_clips(folder: Path) -> list[ClipRecord]:
    """The records of FOLDER/captions.jsonl.

    Raises:
        DataError: with file and line number, where a row is wrong; or there is none.
    """
    path = folder / ANNOTATIONS
    records = [read_row(path, number, row) for number, row in read_numbered(path)]
    if not records:
        raise DataError(f"{path} has no rows")
    return records


def read_row(path: Path, number: int, row: dict[str, Any]) -> ClipRecord:
    """One row of `path` as a record; `number` is its line.

    Raises:
        DataError: it is wrong.
    """
    where = f"{path}:{number}"
    unknown = set(row) - _KEYS
    if unknown:
        raise DataError(f"{where}: unknown field {min(unknown)!r}; known are {', '.join(sorted(_KEYS))}")
    absent = [name for name in ("file", "captions") if name not in row]
    if absent:
        raise DataError(f"{where} lacks the field {absent[0]!r}")
    if not isinstance(row["captions"], list):
        raise DataError(f"{where}: captions is {row['captions']!r}; it must be a list of texts")
    try:
        return ClipRecord(
            row["file"],
            tuple(row["captions"]),
            _questions(row.get("questions") or []),
            row.get("start_seconds"),
            row.get("end_seconds"),
            row.get("split"),
        )
    except DataError as error:
        raise DataError(f"{where}: {error.message}") from error


_KEYS = {"file", "captions", "questions", "start_seconds", "end_seconds", "split", "video_id", "category"}
"""The last two are those of `whole_clips`; they change nothing here."""


def _questions(found: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(found, list) or not all(
        isinstance(one, dict) and set(one) == {"question", "answer"} for one in found
    ):
        raise DataError(f'questions is {found!r}; it must be a list of {{"question": "...", "answer": "..."}}')
    return tuple((one["question"], one["answer"]) for one in found)
