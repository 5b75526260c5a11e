"""Tables: a .csv or .tsv file with a clip and a caption a row, the names of the columns in its first row.

    file,caption                    a.mp4,a dog runs
    videoid,name,page_dir           WebVid: page_dir/videoid.mp4

Rows of one clip, or of one part of it, are put together. Columns `start_seconds`, `end_seconds`, `split`, `question`
and `answer` are read where they are there; all others are ignored.
"""

from __future__ import annotations

import csv
from pathlib import Path, PurePosixPath

from videobert_demo.data.clip_records import ClipRecord
from videobert_demo.data.formats.sources import CLIP_ENDINGS, Files
from videobert_demo.errors import DataError

FILE_COLUMNS = ("file", "filename", "path", "video", "video_path", "video_id", "videoid", "clip")
CAPTION_COLUMNS = ("caption", "captions", "text", "sentence", "description", "name", "title")
_SEPARATORS = {".csv": ",", ".tsv": "\t"}


def read_table(path: Path, files: Files) -> list[ClipRecord]:
    """The records of the rows whose clip is there.

    Raises:
        DataError: a column is missing, or a row is wrong; the row is named by its line.
    """
    paths = set(files.values())
    captions: dict[tuple[str, float | None, float | None, str | None], list[str]] = {}
    questions: dict[tuple[str, float | None, float | None, str | None], list[tuple[str, str]]] = {}
    for line, row in _rows(path):
        where = f"{path}:{line}"
        file = _find(_first(row, FILE_COLUMNS), row.get("page_dir", ""), files, paths)
        text = _first(row, CAPTION_COLUMNS)
        if file is None or not text:
            continue
        split = row.get("split") or None
        part = file, _seconds(row, "start_seconds", where), _seconds(row, "end_seconds", where), split
        asked = [(row["question"], row["answer"])] if row.get("question") and row.get("answer") else []
        try:
            ClipRecord(file, (text,), tuple(asked), *part[1:])
        except DataError as error:
            raise DataError(f"{where}: {error.message}") from error
        captions.setdefault(part, []).append(text)
        questions.setdefault(part, []).extend(asked)
    return [
        ClipRecord(part[0], tuple(dict.fromkeys(texts)), tuple(dict.fromkeys(questions[part])), *part[1:])
        for part, texts in captions.items()
    ]


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter=_SEPARATORS[path.suffix.lower()])
            columns = {str(name).strip().lower() for name in reader.fieldnames or ()}
            for wanted, known in (("clips", FILE_COLUMNS), ("captions", CAPTION_COLUMNS)):
                if not columns & set(known):
                    raise DataError(f"{path} has no column for {wanted}; name it {known[0]!r}")
            return [
                (
                    reader.line_num,
                    {str(name).strip().lower(): (value or "").strip() for name, value in row.items() if name},
                )
                for row in reader
            ]
    except (OSError, UnicodeDecodeError, csv.Error, AttributeError) as error:
        raise DataError(f"{path} cannot be read as a table ({error})") from error


def _tidy(row: dict[str, str | None]) -> dict[str, str]:
    """A row with its columns' names in lower case; cells beyond the last column are left out."""
    return {name.strip().lower(): (value or "").strip() for name, value in row.items() if name}


def _first(row: dict[str, str], names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _find(name: str, folder: str, files: Files, paths: set[str]) -> str | None:
    """The clip that a row names: a path, a path below `folder`, or a name without ending."""
    for given in (name, f"{folder}/{name}"):
        if given in paths:
            return given
    pure = PurePosixPath(name)
    stem = pure.stem if pure.suffix.lower() in CLIP_ENDINGS else pure.name
    return files.get(stem)


def _seconds(row: dict[str, str], name: str, where: str) -> float | None:
    if not row.get(name):
        return None
    try:
        return float(row[name])
    except ValueError as error:
        raise DataError(f"{where}: {name} is {row[name]!r}; it must be a number of seconds") from error
