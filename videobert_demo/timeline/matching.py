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
    """Correlations (N, M) of the colours (N, F) and (M, F); of a picture of one colour 0."""
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
    rows, columns = np.nonzero(alike >= SAME_LIKENESS)
    if not len(rows):
        return []
    offsets = second.moments_seconds[columns] - first.moments_seconds[rows]
    bins, votes = np.unique(np.round(offsets / step).astype(int), return_counts=True)
    best = np.argsort(-votes, kind="stable")[:_TRIED_OFFSETS]
    return [float(np.median(offsets[np.round(offsets / step).astype(int) == bins[row]])) for row in best]


def _along(
    first: Content, second: Content, alike: NDArray[np.float32], offset: float, step: float
) -> list[tuple[float, Passage]]:
    """Passages of one offset, each with how much likeness above the level it has, over time."""
    bounds = first.bounds_seconds
    wanted = first.moments_seconds + offset
    nearest = np.abs(wanted[:, None] - second.moments_seconds[None]) <= 0.75 * step  # (N, M)
    likeness = np.where(nearest, alike, -1.0).max(axis=1).astype(np.float64)
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
