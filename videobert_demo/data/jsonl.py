"""Reads files of one JSON object a line, and says which line is wrong. Knows no data set."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from videobert_demo.errors import DataError

Record = TypeVar("Record")


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yields the objects of a .jsonl file; raises DataError with file and line number when one is not an object."""
    if not path.is_file():
        raise DataError(f"{path} does not exist; point --data at a folder in the format of docs/training.md")
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                raise DataError(f"{path}:{number} is not JSON ({error.msg})") from error
            if not isinstance(record, dict):
                raise DataError(f"{path}:{number} is not a JSON object")
            yield record


def read_records(path: Path, convert: Callable[[dict[str, Any]], Record]) -> list[Record]:
    """Converts every object of a .jsonl file.

    Raises:
        DataError: with file and record number, when an object lacks a field or misuses one.
    """
    records = []
    for number, record in enumerate(read_jsonl(path), start=1):
        try:
            records.append(convert(record))
        except (KeyError, TypeError) as error:
            raise DataError(f"{path}:{number} lacks or misuses the field {error}") from error
    return records
