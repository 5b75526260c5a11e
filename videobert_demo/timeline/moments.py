"""Finds the stretches of a clip that a vector fits, such as a sentence's: where its likeness stands out from the rest.

    likeness      __+=====+____+===+__           of each picture, half its own, half that of its run of like pictures
    level         -----------------------       between the clip's mean and its best moment, well below the best
    stretches       [====]     [==]             maximal sums of (likeness - level) over time, the largest first

Knows vectors and times; knows nothing about pictures, sentences or models.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.content import Content

LEVEL_SHARE = 0.35
"""Where the level lies, from the mean likeness (0) to the best (1).

On films of the frames of the 244 validation videos of MSR-VTT, with five captions each, recall at 1 is 52.5 % at 0.2,
57.2 at 0.3, 57.3 at 0.35, 57.1 at 0.4, 56.5 at 0.5 and 52.2 at 0.7; recall at 5 is 65.2, 68.3, 67.4, 66.7, 65.2 and
59.8.
"""
MIN_DROP = 0.1
"""The level lies at least so far below the best likeness: a clip that fits throughout is one stretch.

Within a clip that a sentence describes, the likeness of half the pictures is within 0.02 of the best.
"""
FITTING_LIKENESS = 0.35
"""A picture of at least this likeness fits, whatever the rest of the clip is like.

On the same films 64 % of the pictures that a caption describes are as like it, and 17 % of the others.
"""
SAME_COSINE = 0.6
"""From this cosine of neighbouring pictures on, they belong to one run."""

_SMOOTHED_PICTURES = 2  # On either side, within a run.


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of a clip that fits.

    Attributes:
        start_seconds, end_seconds: Where it starts and ends; the end is exclusive.
        score: Cosine similarity of what it shows with what was sought, in [-1, 1].
        share: How much of all likeness above the level lies in it, in [0, 1]; moments are ranked by it.
    """

    start_seconds: float
    end_seconds: float
    score: float
    share: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.end_seconds) and 0 <= self.start_seconds < self.end_seconds):
            raise ValueError(f"a moment from {self.start_seconds} s to {self.end_seconds} s")
        if not (-1.05 <= self.score <= 1.05 and 0 <= self.share <= 1 + 1e-6):
            raise ValueError(f"score must be in [-1, 1] and share in [0, 1], got {self.score} and {self.share}")

    @property
    def duration_seconds(self) -> float:
        """How long it plays."""
        return self.end_seconds - self.start_seconds


def find_moments(content: Content, vector: NDArray[np.float32], count: int) -> tuple[Moment, ...]:
    """The stretches that fit a unit vector (D,), the best first; they do not overlap.

    Args:
        content: What the clip shows.
        vector: What is sought.
        count: How many are wanted at most, >= 1.
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    likeness = smoothed_likeness(content, vector)
    above = (likeness - _level(content, likeness)) * np.diff(content.bounds_seconds)
    found = [(start, end) for _, start, end in maximal_sums(above)]
    return tuple(sorted(_moments(content, vector, above, found), key=lambda one: -one.share)[:count])


def find_fitting(content: Content, vector: NDArray[np.float32]) -> tuple[Moment, ...]:
    """All stretches that fit a unit vector (D,), in order of time, even where the whole clip does.

    Unlike `find_moments`, it never leaves out what fits as well as `FITTING_LIKENESS` because other parts fit better.
    """
    likeness = smoothed_likeness(content, vector)
    above = (likeness - min(_level(content, likeness), FITTING_LIKENESS)) * np.diff(content.bounds_seconds)
    return _moments(content, vector, above, runs_of(above >= 0))


def runs_of(is_in: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of true values (N,): the index of each run's first, and the one after its last.

    Unlike with `maximal_sums`, two runs are never joined, however long they are and however short what is between them.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_in, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _level(content: Content, likeness: NDArray[np.float64]) -> float:
    mean = float(np.average(likeness, weights=np.diff(content.bounds_seconds)))
    best = float(likeness.max())
    return min(mean + LEVEL_SHARE * (best - mean), best - MIN_DROP)


def _moments(
    content: Content, vector: NDArray[np.float32], above: NDArray[np.float64], found: list[tuple[int, int]]
) -> tuple[Moment, ...]:
    """Stretches of pictures as moments, in order of time; `above` (N,) is how much of the likeness is above a level."""
    bounds = content.bounds_seconds
    weights = [max(0.0, float(above[start:end].sum())) for start, end in found]
    total = sum(weights) or 1.0
    return tuple(
        Moment(
            round(float(bounds[start]), 3),
            round(float(bounds[end]), 3),
            float(content.mean_vector(float(bounds[start]), float(bounds[end])) @ vector),
            weight / total,
        )
        for (start, end), weight in zip(found, weights, strict=True)
    )


def smoothed_likeness(content: Content, vector: NDArray[np.float32]) -> NDArray[np.float64]:
    """How like a unit vector each picture is, (N,): half by its neighbours in its run, half by the whole run."""
    own = content.similarities(vector)
    likeness = np.empty(len(own))
    for start, end in runs(content):
        run = content.vectors[start:end].mean(axis=0)
        length = float(np.linalg.norm(run))
        whole = float(run @ vector) / length if length > 1e-6 else 0.0
        for position in range(start, end):
            near = own[max(start, position - _SMOOTHED_PICTURES) : min(end, position + _SMOOTHED_PICTURES + 1)]
            likeness[position] = (float(near.mean()) + whole) / 2
    return likeness


def runs(content: Content) -> list[tuple[int, int]]:
    """Runs of pictures that show the same, from the first index to the one after the last; they cover the clip."""
    cosines = (content.vectors[1:] * content.vectors[:-1]).sum(axis=1)
    edges = [0, *(np.flatnonzero(cosines < SAME_COSINE) + 1).tolist(), len(content)]
    return list(pairwise(edges))


def maximal_sums(values: NDArray[np.float64]) -> list[tuple[float, int, int]]:
    """All maximal stretches of positive sum: their sum, their start and the index after their end, in order of start.

    A stretch is maximal if no part of it and no stretch around it has a larger sum (Ruzzo and Tompa 1999, ISMB):

        values      4  -5   3  -1   4  -8   2
        stretches  [4]     [3  -1   4]     [2]
    """
    kept: list[tuple[float, int, int, float]] = []  # sum before it, start, end, sum with it
    total = 0.0
    for index, value in enumerate(values.tolist()):
        before, total = total, total + value
        if value <= 0:
            continue
        left, start, right = before, index, total
        while True:
            at = next((row for row in range(len(kept) - 1, -1, -1) if kept[row][0] < left), None)
            if at is None or kept[at][3] >= right:
                kept.append((left, start, index + 1, right))
                break
            left, start = kept[at][0], kept[at][1]
            del kept[at:]
    return [(right - left, start, end) for left, start, end, right in kept]
