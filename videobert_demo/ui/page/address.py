"""What a page's address says and its browser remembers: tab, example, questions, word, sentence.

It comes from a browser, and a link may have been written by anybody: what is malformed counts as missing.
It knows no component; each tab takes what is its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_ASKED = 20
_MAX_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked about the clip, with the answer as it was.

    Attributes:
        question: The question.
        answer: The answer.
        probability: That of the answer, in [0, 1].
        scene: Which scene it was about, as a person reads it; empty for the whole clip.
    """

    question: str
    answer: str
    probability: float
    scene: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """What is to be shown; empty fields are not asked for.

    Attributes:
        tab: Name of the tab.
        example: Name of a bundled clip, without the ending of its file.
        question: For Ask.
        word: For Attend.
        sentence: For Search.
        asked: Earlier questions about the clip, the latest first.
        window: The name that the browser's window gave to its many files.
    """

    tab: str = ""
    example: str = ""
    question: str = ""
    word: str = ""
    sentence: str = ""
    asked: tuple[Asked, ...] = ()
    window: str = ""


def read_address(sent: Any) -> Address:
    """Reads what the page's script has sent.

    Args:
        sent: JSON: an object with "tab", "example", "q", "word", "s", "asked" and "many", each of which may be missing.
    """
    if not isinstance(sent, Mapping):
        return Address()
    rows = sent.get("asked")
    asked = [_asked(row) for row in rows[:MAX_ASKED]] if isinstance(rows, list) else []
    return Address(
        tab=_text(sent.get("tab")),
        example=_text(sent.get("example")),
        question=_text(sent.get("q")),
        word=_text(sent.get("word")),
        sentence=_text(sent.get("s")),
        asked=tuple(one for one in asked if one is not None),
        window=_text(sent.get("many")),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= _MAX_CHARACTERS else ""


def _asked(row: Any) -> Asked | None:
    if not isinstance(row, Mapping):
        return None
    question, answer, probability = _text(row.get("question")), _text(row.get("answer")), row.get("probability")
    if not question or not answer or isinstance(probability, bool) or not isinstance(probability, int | float):
        return None
    if not 0 <= probability <= 1:
        return None
    return Asked(question, answer, float(probability), _text(row.get("scene")))
