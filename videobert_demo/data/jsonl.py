"""Reads files of one JSON object a line, and says which line is wrong. Knows no data set."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from videobert_demo.errors import DataError

Record = TypeVar("Record")


def read_numbered(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields the objects of a .jsonl file with their lines' numbers, from 1 on.

    Raises:
        DataError: with file and line number, when a line is not an object, or is no text in UTF-8.
    """
    if not path.is_file():
        raise DataError(f"{path} does not exist; point --data at a folder in the format of docs/recipe.md")
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            except json.JSONDecodeError as error:
                raise DataError(f"{path}:{number} is not JSON ({error.msg})") from error
            except UnicodeDecodeError as error:
                raise DataError(f"{path}:{number} is not text in UTF-8") from error
            except (ValueError, RecursionError) as error:  # a number of thousands of digits, or lists in lists in lists
                raise DataError(f"{path}:{number} is not JSON that can be read") from error
            if not isinstance(record, dict):
                raise DataError(f"{path}:{number} is not a JSON object")
            yield number, record


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yields the objects of a .jsonl file; raises DataError as `read_numbered` does."""
    return (record for _, record in read_numbered(path))


def read_records(path: Path, convert: Callable[[dict[str, Any]], Record]) -> list[Record]:
    """Converts every object of a .jsonl file.

    Raises:
        DataError: with file and line number, when an object lacks a field or misuses one.
    """
    records = []
    for number, record in read_numbered(path):
        try:
            records.append(convert(record))
        except (KeyError, TypeError) as error:
            raise DataError(f"{path}:{number} lacks or misuses the field {error}") from error
    return records
