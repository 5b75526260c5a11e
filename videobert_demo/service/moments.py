"""Moments: the time ranges that fit a sentence, in one clip and over a library.

It keeps no state of a visitor. What a clip shows comes from `content.py`, which remembers a bounded number of clips.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import ClipError
from videobert_demo.library.base import Library
from videobert_demo.questions.short_queries import phrase_query
from videobert_demo.service.content import ContentOperations
from videobert_demo.service.libraries import FITTING_SCORE
from videobert_demo.tasks.embed import embed_queries, read_query
from videobert_demo.tasks.watching import likeness_of
from videobert_demo.timeline.moments import Moment, find_moments
from videobert_demo.types import LibraryEntry

MOMENTS = 5
"""How many moments are told, if nobody says otherwise."""
WORDS_PROBABILITY = 0.2
"""One to three words fit a stretch for sure from this probability on that people would say so of it.

The limit of `search` is lower: it must not refuse what a small library has, and a clip need not have any of it.
"""


@dataclass(frozen=True, slots=True)
class FoundMoment:
    """A moment, and whether it fits.

    Attributes:
        moment: Where it is and how well it fits.
        is_sure: Whether it is likely to fit what was sought.
        entry: The clip of a library that it is in; None where one clip was searched.
    """

    moment: Moment
    is_sure: bool
    entry: LibraryEntry | None = None


class MomentOperations(ContentOperations):
    """The part of the service that finds moments."""

    def moments(
        self, path: str | os.PathLike[str], text: str, *, count: int = MOMENTS, library: Library | None = None
    ) -> tuple[FoundMoment, ...]:
        """The time ranges of a clip that fit a sentence, or one to three words, the best first; they do not overlap.

        Args:
            path: A video file, however long.
            text: In English, or the name of a label of the library's own.
            count: How many are wanted at most; for a text at least one comes back.
            library: Whose labels are known; None for none. A label finds only what it fits.

        Raises:
            QuestionError: The text is empty, too long, or in letters that the model does not know.
            ClipError: The file is no clip that can be read within the limits.
        """
        label = None if library is None else self.find_label(library, text)
        if label is not None:
            of_label = find_moments(self.content(path), label.fit.direction, count)
            return tuple(FoundMoment(one, True) for one in of_label if one.score >= label.fit.threshold)
        vector, limit = self._read_query(text)
        found = find_moments(self.content(path), vector, count)
        return tuple(FoundMoment(moment, moment.score >= limit) for moment in found)

    def library_moments(
        self, library: Library, text: str, *, count: int = MOMENTS, clips: int = 12
    ) -> tuple[FoundMoment, ...]:
        """The time ranges of a library's clips that fit a sentence, the best first.

        The library's nearest clips are looked at closely, one range of each comes before the second of any. Clips whose
        files have gone, or cannot be read any more, are left out.

        Args:
            library: As `open_library` gives it.
            text: In English.
            count: How many ranges are wanted at most.
            clips: How many clips are looked at.

        Raises:
            QuestionError: As for `moments`.
            LibraryError: The library cannot be read.
        """
        vector, limit = self._read_query(text)
        ranked: list[tuple[int, float, FoundMoment]] = []
        for hit in library.search(vector, clips):
            if not Path(hit.entry.source).is_file():
                continue
            try:
                content = self.content(hit.entry.source)
            except ClipError:
                continue
            for rank, moment in enumerate(find_moments(content, vector, count)):
                ranked.append((rank, -moment.score, FoundMoment(moment, moment.score >= limit, hit.entry)))
        ranked.sort(key=lambda one: one[:2])
        return tuple(found for _, _, found in ranked[:count])

    def _read_query(self, text: str) -> tuple[NDArray[np.float32], float]:
        """The unit vector (D,) of what is sought, and the score from which on something fits it."""
        query = read_query(self._loaded, text)
        is_phrase = not query.translated and phrase_query(query.english)
        limit = likeness_of(self._loaded, WORDS_PROBABILITY) if is_phrase else FITTING_SCORE
        vector = self._call_together(embed_queries, query).numpy()
        return np.asarray(vector, np.float32), float(limit)


def moments_report(text: str, found: Sequence[FoundMoment]) -> dict[str, Any]:
    """Moments as plain JSON values, for the command line and HTTP alike."""
    return {"text": " ".join(text.split()), "moments": [_values(one) for one in found]}


def _values(found: FoundMoment) -> dict[str, Any]:
    moment = found.moment
    return {
        "start_seconds": round(moment.start_seconds, 3),
        "end_seconds": round(moment.end_seconds, 3),
        "score": round(moment.score, 4),
        "share": round(moment.share, 4),
        "sure": found.is_sure,
        "title": None if found.entry is None else found.entry.title,
        "content_hash": None if found.entry is None else found.entry.content_hash,
    }
