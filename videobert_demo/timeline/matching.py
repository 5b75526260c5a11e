"""Finds the same passage, or nearly the same, in two clips, and by how much it is shifted.

    clip A    ...[a b c d e f].........
    clip B    [a b c d e f]..[c d e]...        a passage is a run of pictures of A that B shows at one offset
    offsets   -3              +10

Pictures are alike by their colours, field by field, brightness and contrast aside, and by what they show. Every pair of
like pictures votes for an offset; along one with many votes, passages are maximal sums of likeness above a level.
Knows vectors and colours; knows nothing about files or models.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.content import Content
from videobert_demo.timeline.moments import maximal_sums
from videobert_demo.timeline.spans import Span, overlap_share

SAME_LIKENESS = 0.85
"""From this mean of correlation of colours and cosine of vectors on, two pictures count as the same."""
MIN_PASSAGE_SECONDS = 2.0

_TRIED_OFFSETS = 40


@dataclass(frozen=True, slots=True)
class Passage:
    """The same passage in two clips.

    Attributes:
        first, second: Where it is in each, start and end in seconds; the ends are exclusive.
        likeness: Mean likeness of its pictures, in [-1, 1].
    """

    first: Span
    second: Span
    likeness: float

    @property
    def offset_seconds(self) -> float:
        """How much later it is in the second clip."""
        return round(self.second[0] - self.first[0], 3)


def find_passages(first: Content, second: Content) -> tuple[Passage, ...]:
    """Passages that two clips share, the longest first; no two overlap by half in both clips."""
    shown = first.vectors @ second.vectors.T  # (N, M)
    alike = np.asarray((_correlations(first.colours, second.colours) + shown) / 2, np.float32)
    step = max(_step(first), _step(second))
    found: list[tuple[float, Passage]] = []
    for offset in _offsets(first, second, alike, step):
        found += _along(first, second, alike, offset, step)
    kept: list[Passage] = []
    for _, passage in sorted(found, key=lambda one: -one[0]):
        if all(
            overlap_share(passage.first, other.first) < 0.5 or overlap_share(passage.second, other.second) < 0.5
            for other in kept
        ):
            kept.append(passage)
    return tuple(kept)


def _correlations(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Correlations (N, M) of the colours (N, F) and (M, F); 0 for a picture of a single colour."""
    rows = []
    for colours in (first, second):
        centred = colours.astype(np.float32) - colours.mean(axis=1, keepdims=True, dtype=np.float32)
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        rows.append(np.where(lengths > 1.0, centred / np.maximum(lengths, 1.0), 0.0))
    return np.asarray(rows[0] @ rows[1].T, np.float32)


def _step(content: Content) -> float:
    return float(np.median(np.diff(content.moments_seconds))) if len(content) > 1 else 0.5


def _offsets(first: Content, second: Content, alike: NDArray[np.float32], step: float) -> list[float]:
    """The offsets with most votes, in seconds, those of many like pictures first."""
    lowest = int(np.floor((second.moments_seconds[0] - first.moments_seconds[-1]) / step))
    highest = int(np.ceil((second.moments_seconds[-1] - first.moments_seconds[0]) / step))
    votes = np.zeros(highest - lowest + 1, np.int64)
    sums = np.zeros(len(votes))
    for row, moment in enumerate(first.moments_seconds):  # all pairs at once are many millions in long films
        offsets = second.moments_seconds[alike[row] >= SAME_LIKENESS] - moment
        places = np.round(offsets / step).astype(np.int64) - lowest
        votes += np.bincount(places, minlength=len(votes))
        sums += np.bincount(places, offsets, minlength=len(votes))
    best = np.argsort(-votes, kind="stable")[:_TRIED_OFFSETS]
    return [float(sums[place] / votes[place]) for place in best if votes[place]]


def _along(
    first: Content, second: Content, alike: NDArray[np.float32], offset: float, step: float
) -> list[tuple[float, Passage]]:
    """Passages of one offset, each with how much likeness above the level it has, over time."""
    bounds = first.bounds_seconds
    likeness = _likest_near(first.moments_seconds + offset, second.moments_seconds, alike, 0.75 * step)
    passages = []
    for weight, start, end in maximal_sums((likeness - SAME_LIKENESS) * np.diff(bounds)):
        span = (float(bounds[start]), float(bounds[end]))
        shifted = (max(0.0, span[0] + offset), min(second.duration_seconds, span[1] + offset))
        length = min(span[1] - span[0], shifted[1] - shifted[0])
        if length < min(MIN_PASSAGE_SECONDS, first.duration_seconds * 0.9, second.duration_seconds * 0.9):
            continue
        rounded = (round(span[0], 3), round(span[1], 3)), (round(shifted[0], 3), round(shifted[1], 3))
        passages.append((weight, Passage(*rounded, float(likeness[start:end].mean()))))
    return passages


def _likest_near(
    wanted: NDArray[np.float64], moments: NDArray[np.float64], alike: NDArray[np.float32], reach: float
) -> NDArray[np.float64]:
    """For each wanted moment (N,) the largest likeness (N, M) of the moments (M,) within reach of it, else -1: (N,)."""
    after, until = np.searchsorted(moments, wanted - reach), np.searchsorted(moments, wanted + reach, side="right")
    likeness = np.full(len(wanted), -1.0)
    for ahead in range(int((until - after).max())):
        rows = np.flatnonzero(after + ahead < until)
        likeness[rows] = np.maximum(likeness[rows], alike[rows, after[rows] + ahead])
    return likeness
