"""Captions many files: one row each, whatever happens to a file, and a file of rows that a later run goes on with.

    folder or files --> find --> are its bytes captioned already, in this run or before? --yes--> that row
                                        | no
                                        v
                                 open, caption --> row with a caption, or with the reason why there is none

Knows the service's `open` and `caption`; knows no page and no command.
"""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.data.fetching import reason_of
from videobert_demo.data.listing import find_files
from videobert_demo.errors import ClipError, DataError, VideoBertDemoError
from videobert_demo.model.features import ClipFeatures
from videobert_demo.service.reports import caption_report
from videobert_demo.tasks.caption import CAPTIONS
from videobert_demo.video.sampled import hash_file

if TYPE_CHECKING:
    from videobert_demo.service.service import VideoBertService

FileReport = dict[str, Any]
"""What is told of one file: `file` and either `content_hash` and what `caption_report` says without its frames, or
`error`.

A file with the same bytes as an earlier one also has `same_as`, which names that one."""
FILE_KEYS = ("file", "same_as")
"""The keys whose values are paths."""
FILE_ERRORS = (VideoBertDemoError, OSError, ValueError, RuntimeError, MemoryError)
"""Errors that a file may cause: such an error becomes the file's row, and the next file has its turn."""
_ODD_NAMES = "backslashreplace"
"""A byte of a name that is no Unicode, which Python keeps as half a pair, becomes \\udcff, as JSON writes it too."""
COLUMNS = (
    "file",
    "caption",
    "score",
    "probability",
    "sure",
    "can_tell",
    "holds",
    "duration_seconds",
    "seconds",
    "same_as",
    "error",
)
"""The columns of a table. The rows of JSON lines have `content_hash` and `candidates` as well."""


def list_files(paths: Sequence[Path]) -> list[Path]:
    """The files, and those in the folders and their subfolders that are not hidden; each once, in the order given.

    Raises:
        DataError: a path does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise DataError(f"There is no file or folder {path}.")
        found |= dict.fromkeys(map(Path, find_files(path)) if path.is_dir() else [path])
    return list(found)


def caption_files(
    service: VideoBertService,
    files: Iterable[Path],
    kept: Mapping[str, FileReport] | None = None,
    *,
    language: str | None = None,
) -> Iterator[FileReport]:
    """Captions files one after the other; whatever happens to one, the next has its turn.

    Args:
        kept: rows of an earlier run by their `file`; a row with a caption is kept if the file still has its bytes.
        language: as for `service.caption`.
    """
    known = known_rows((kept or {}).values())
    for path in files:
        try:
            row = caption_file(service, path, known, language=language)
        except FILE_ERRORS as error:
            yield {"file": str(path), "error": reason_of(str(path), error)}
            continue
        known.setdefault(row["content_hash"], row)
        yield row


def known_rows(rows: Iterable[FileReport]) -> dict[str, FileReport]:
    """The rows with a caption by the content of their files; only the first of files with the same bytes."""
    known: dict[str, FileReport] = {}
    for row in rows:
        if "caption" in row and "same_as" not in row:
            known.setdefault(row["content_hash"], row)
    return known


def caption_file(
    service: VideoBertService,
    path: Path,
    known: Mapping[str, FileReport],
    *,
    neutral_words: bool | None = None,
    language: str | None = None,
) -> FileReport:
    """The row of one file that has a caption. A file with the bytes of an earlier one gets that one's caption.

    Args:
        known: earlier rows by their `content_hash`.
        neutral_words, language: as for `service.caption`.

    Raises:
        FILE_ERRORS: the file has no caption, and this is why.
    """
    digest = hash_file(path, service.settings.max_bytes)
    earlier = known.get(digest)
    if earlier is not None:
        return earlier if earlier["file"] == str(path) else {**earlier, "file": str(path), "same_as": earlier["file"]}
    started = time.perf_counter()
    clip = service.open(path)
    if clip.content_hash != digest:
        raise ClipError("{name} changed while it was read; try it again.", name=path.name)
    return caption_row(service, str(path), clip, started, neutral_words=neutral_words, language=language)


def caption_row(
    service: VideoBertService,
    file: str,
    clip: ClipFeatures,
    started: float,
    *,
    neutral_words: bool | None = None,
    language: str | None = None,
) -> FileReport:
    """The row of a clip that is open.

    Args:
        file: its path or address.
        started: when the work on it began, by `time.perf_counter`.
        neutral_words, language: as for `service.caption`.
    """
    result = service.caption(clip, candidates=CAPTIONS, neutral_words=neutral_words, language=language)
    report = caption_report(clip.info, clip.frames, result, time.perf_counter() - started)
    said = {key: report[key] for key in report if key != "frames"}
    return {"file": file, "content_hash": clip.content_hash, **said}


class RowFile:
    """The rows of a run, kept in a file: JSON lines, which a later run goes on with, or a CSV table. A context manager.

    Every row is in a .jsonl file as soon as it is added; a .csv file is written at the end, after an error as well.

    Args:
        path: ends with .jsonl or .csv; None keeps the rows nowhere.

    Attributes:
        kept: the rows that a .jsonl file had before, by their `file`.

    Raises:
        DataError: the name ends otherwise; a line of the file is not a row; on writing, the disk is full or the folder
            cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None and path.suffix not in (".jsonl", ".csv"):
            raise DataError(f"--out is {path.name}; its name must end with .jsonl or .csv.")
        self._path = path
        self._is_table = path is not None and path.suffix == ".csv"
        self.kept = read_rows(path) if path is not None and not self._is_table else {}
        self._rows: dict[str, FileReport] = dict(self.kept)

    def __enter__(self) -> RowFile:
        self._write_all()  # without a line that an interrupted run left half written; tells at once if it cannot write
        return self

    def add(self, row: FileReport) -> None:
        """Adds a row, in place of an earlier one of the same file."""
        if self._path is None:
            return
        self._rows[row["file"]] = row
        if not self._is_table and row != self.kept.get(row["file"]):
            try:
                with self._path.open("a", encoding="utf-8", errors=_ODD_NAMES) as file:
                    file.write(_line(row))
            except OSError as error:
                raise _cannot_write(self._path, error) from error

    def __exit__(self, *exception: object) -> None:
        self._write_all()

    def _write_all(self) -> None:
        if self._path is None:
            return
        text = _table(self._rows.values()) if self._is_table else "".join(map(_line, self._rows.values()))
        temporary = self._path.with_name(f".{self._path.name}.new")
        try:
            temporary.write_text(text, encoding="utf-8", errors=_ODD_NAMES, newline="")
            temporary.replace(self._path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise _cannot_write(self._path, error) from error


def read_rows(path: Path) -> dict[str, FileReport]:
    """The rows of a .jsonl file by their `file`, the later of two rows of one file; none if there is no such file.

    A last line without its end is what an interrupted run left: it is dropped.

    Raises:
        DataError: a line is not a row, or the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read as rows of `caption`; choose another --out.") from error
    rows: dict[str, FileReport] = {}
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            is_row = isinstance(row["file"], str) and ("error" in row or isinstance(row["content_hash"], str))
        except (ValueError, KeyError, TypeError):
            is_row = False
        if not is_row:
            raise DataError(f"{path}, line {number}, is no row of `caption`; choose another --out or delete the file.")
        rows[row["file"]] = row
    return rows


def _line(row: FileReport) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _table(rows: Iterable[FileReport]) -> str:
    """CSV with the mark by which spreadsheets know UTF-8."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows([table_cell(row.get(column, "")) for column in COLUMNS] for row in rows)
    return "\ufeff" + text.getvalue()


def table_cell(value: Any) -> Any:
    """A value as a cell of a CSV file: truth as JSON writes it; a text that would be taken for a formula is marked.

    Titles are names of files, which anybody may have given: no spreadsheet shall run them.
    """
    if isinstance(value, bool):
        return json.dumps(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _cannot_write(path: Path, error: OSError) -> DataError:
    return DataError(f"{path} cannot be written: {error.strerror}.")
