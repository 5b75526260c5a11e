"""What the readers share: finding clips by their names, reading JSON that anybody may have written, captions.

Knows files; knows no format.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from videobert_demo.data.clip_records import ClipRecord
from videobert_demo.errors import DataError

CLIP_ENDINGS = frozenset(
    [
        ".mp4",
        ".m4v",
        ".mov",
        ".mkv",
        ".webm",
        ".avi",
        ".flv",
        ".wmv",
        ".mpg",
        ".mpeg",
        ".ts",
        ".m2ts",
        ".3gp",
        ".ogv",
        ".gif",
        ".webp",
    ]
)
Files = Mapping[str, str]
"""Clips by their names without ending: the path below the folder."""


def find_clips(folder: Path) -> dict[str, str]:
    """The clips below a folder by their names without ending; where two have one name, the first in order of paths."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in CLIP_ENDINGS and path.is_file():
            found.setdefault(path.stem, path.relative_to(folder).as_posix())
    return found


def read_json(path: Path) -> Any:
    """What a JSON file holds.

    Raises:
        DataError: it cannot be read.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{path} cannot be read as JSON") from error


def usable(captions: Iterable[Any]) -> tuple[str, ...]:
    """Those captions of a public data set that are English texts: some hold only dots, or nothing."""
    return tuple(
        text for text in captions if isinstance(text, str) and any(one.isascii() and one.isalnum() for one in text)
    )


def build_records(path: Path, names: Iterable[str], build: Callable[[str], Iterable[ClipRecord]]) -> list[ClipRecord]:
    """The records of each name, in order.

    Raises:
        DataError: with the file and the name, where what is said of it is wrong or lacks something.
    """
    records: list[ClipRecord] = []
    for name in names:
        try:
            records += build(name)
        except DataError as error:
            raise DataError(f"{path}, {name}: {error.message}") from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DataError(f"{path}, {name} lacks or misuses the field {error}") from error
    return records
