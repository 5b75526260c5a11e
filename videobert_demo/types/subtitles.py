"""What is said in a clip, with its times: subtitles that a person brought, a track in the file, or recognised speech.

Knows times and words; knows no files and no model.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
"""Thai, Japanese and Chinese."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that are said, or shown, for a while.

    Attributes:
        start_seconds, end_seconds: When; the end is exclusive.
        text: The words, on one line, without markup.
    """

    start_seconds: float
    end_seconds: float
    text: str

    def __post_init__(self) -> None:
        if not (0 <= self.start_seconds < self.end_seconds and math.isfinite(self.end_seconds)):
            raise ValueError(f"a cue from {self.start_seconds} s to {self.end_seconds} s")
        if not self.text.strip():
            raise ValueError("a cue has words")


@dataclass(frozen=True, slots=True)
class Subtitles:
    """Cues in order of time.

    Attributes:
        cues: They may overlap.
        source: Where they come from: "file", "track" or "speech".
    """

    cues: tuple[Cue, ...]
    source: str

    def words_between(self, start_seconds: float, end_seconds: float) -> str:
        """What is said in a stretch, as one text; a line that is repeated at once is given once."""
        said: list[str] = []
        for cue in self.cues:
            inside = cue.start_seconds < end_seconds and cue.end_seconds > start_seconds
            if inside and (not said or said[-1] != cue.text):
                said.append(cue.text)
        return " ".join(said)

    def find(self, text: str) -> tuple[Cue, ...]:
        """The cues that have all words of a text, whatever their case; none for a text without words.

        A language that is written without spaces has no words to compare: there, the text has to be a part of the cue.
        """
        wanted = set(_words(text))
        return tuple(cue for cue in self.cues if wanted and all(_says(cue.text, word) for word in wanted))


def in_order(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """Cues by their start."""
    return tuple(sorted(cues, key=lambda cue: (cue.start_seconds, cue.end_seconds)))


def _says(text: str, word: str) -> bool:
    return word in text.casefold() if _WITHOUT_SPACES.search(word) else word in _words(text)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
