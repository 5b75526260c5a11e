"""The record that all readers of whole clips give: a clip, or a part of one, and what people say of it. Knows no files.

A record checks itself: what it holds came from a file that anybody may have written.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from videobert_demo.data.msrvtt import SPLITS
from videobert_demo.errors import DataError

MAX_TEXT_LETTERS = 1000
"""The longest caption, question or answer that is believed to be one."""
MAX_CAPTIONS = 1000


@dataclass(frozen=True)
class ClipRecord:
    """A clip, or the part of it between two moments.

    Attributes:
        file: the clip's path below the folder of its data set, with `/` between names.
        captions: at least one.
        questions: pairs of a question and its answer.
        start_seconds, end_seconds: the part's moments, counted from the clip's start; None for the clip's own.
        split: train, val or test; None where the data set does not tell.

    Raises:
        DataError: one of them cannot be right; the error says which and why.
    """

    file: str
    captions: tuple[str, ...]
    questions: tuple[tuple[str, str], ...] = ()
    start_seconds: float | None = None
    end_seconds: float | None = None
    split: str | None = None

    def __post_init__(self) -> None:
        _check_path(self.file)
        if not 1 <= len(self.captions) <= MAX_CAPTIONS:
            raise DataError(f"{len(self.captions)} captions; there must be 1 to {MAX_CAPTIONS}")
        for text in self.captions:
            _check_text("a caption", text)
        for pair in self.questions:
            if len(pair) != 2:
                raise DataError("a question has a text and one answer")
            _check_text("a question", pair[0])
            _check_text("an answer", pair[1])
        for name in ("start_seconds", "end_seconds"):
            _check_moment(name, getattr(self, name))
        if self.end_seconds is not None and self.end_seconds <= (self.start_seconds or 0.0):
            raise DataError(f"end_seconds is {self.end_seconds}, not after start_seconds ({self.start_seconds or 0.0})")
        if self.split is not None and self.split not in SPLITS:
            raise DataError(f"split is {self.split!r}, not one of {', '.join(SPLITS)}")

    @property
    def name(self) -> str:
        """What tells it apart: the file, and the part's moments."""
        if self.start_seconds is None and self.end_seconds is None:
            return self.file
        end = "" if self.end_seconds is None else f"{self.end_seconds:g}"
        return f"{self.file}@{self.start_seconds or 0.0:g}-{end}"

    @property
    def span_seconds(self) -> tuple[float, float] | None:
        """The part as start and end; None for the whole clip."""
        if self.start_seconds is None and self.end_seconds is None:
            return None
        return self.start_seconds or 0.0, math.inf if self.end_seconds is None else self.end_seconds


def join_parts(records: Sequence[ClipRecord]) -> list[ClipRecord]:
    """The records with all that is said of one part in one record, in the order in which the parts first come.

    Raises:
        DataError: a part is said to be of two splits.
    """
    joined: dict[str, ClipRecord] = {}
    for record in records:
        known = joined.get(record.name)
        joined[record.name] = record if known is None else _join(known, record)
    return list(joined.values())


def _join(known: ClipRecord, more: ClipRecord) -> ClipRecord:
    if known.split != more.split:
        raise DataError(f"{known.name} is said to be of the split {known.split} and of {more.split}")
    captions = tuple(dict.fromkeys((*known.captions, *more.captions)))
    return replace(known, captions=captions, questions=tuple(dict.fromkeys((*known.questions, *more.questions))))


def _check_path(file: str) -> None:
    if not isinstance(file, str):
        raise DataError(f"file is {file!r}; it must be the name of a clip")
    _check_text("file", file)
    if "\\" in file or PurePosixPath(file).is_absolute() or ".." in PurePosixPath(file).parts:
        raise DataError(f"file is {file!r}; it must be a path below the folder, with / between names")


def _check_text(name: str, text: str) -> None:
    if not isinstance(text, str):
        raise DataError(f"{name} is {text!r}; it must be a text")
    if not text.strip():
        raise DataError(f"{name} is empty")
    if len(text) > MAX_TEXT_LETTERS:
        raise DataError(f"{name} has {len(text)} letters; at most {MAX_TEXT_LETTERS} are read")
    wrong = [letter for letter in text if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\t\n\r"]
    if wrong:
        raise DataError(f"{name} holds U+{ord(wrong[0]):04X}, which is no letter of a text")


def _check_moment(name: str, moment: float | None) -> None:
    if moment is None:
        return
    if isinstance(moment, bool) or not isinstance(moment, int | float):
        raise DataError(f"{name} is {moment!r}; it must be a number of seconds")
    if not 0 <= moment < math.inf:
        raise DataError(f"{name} is {moment}; it must be a number of seconds from 0 on")
