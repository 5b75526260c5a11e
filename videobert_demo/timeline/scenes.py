"""Turns shots into scenes: short shots join, long ones are divided where their content changes.

Everything happens on the edges between scenes, each with a strength:

    shots     |-----|--|------------------------------------|      edges: the cuts, with the strength of the cut
    changes   |-----|--|---------------+--------------------|      where the vectors turn, strength up to 1
    windows   |-----|--|-------:-------+----------:---------|      even windows in what is still long, strength 0
    scenes    |-----|----------:-------+----------:---------|      the weaker edge of a scene under a second goes

Knows moments and vectors; knows nothing about pictures, models or sentences.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.timeline import Shot

MIN_SCENE_SECONDS = 1.0
MAX_SCENES = 60
LONG_SHOT_SECONDS = 10.0
"""A longer shot may be divided where its content changes."""
MAX_SCENE_SECONDS = 30.0
"""A longer scene is divided into even windows; in a clip over half an hour the windows are longer."""

_CHANGE_SECONDS = 4.0  # What lies this far on either side of a moment is compared.
_LEAST_STRENGTH = 0.05  # So that even windows, of strength 0, are not all the same.
_MAX_SAME_COSINE = 0.6  # Below it the content has changed.


@dataclass(frozen=True, slots=True)
class Division:
    """How a clip is divided.

    Attributes:
        spans: Start and end of each scene, in seconds; they cover the clip without gaps.
        left_out: How many more scenes there would be if there were no limit.
    """

    spans: tuple[tuple[float, float], ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class _Edge:
    seconds: float
    strength: float


def divide(
    shots: Sequence[Shot],
    moments_seconds: NDArray[np.float64] | None = None,
    vectors: NDArray[np.float32] | None = None,
    *,
    max_scenes: int = MAX_SCENES,
) -> Division:
    """The scenes of a clip.

    Args:
        shots: Its shots, at least one, in order and without gaps.
        moments_seconds: float64 (N,), increasing: the moments of the vectors.
        vectors: float32 (N, D) of length 1: what the clip shows at these moments. Without them a long shot is divided
            into even windows only.
        max_scenes: How many scenes there may be.

    Returns:
        At least one scene. None is shorter than a second unless the clip is.
    """
    if not shots or any(first.end_seconds != second.start_seconds for first, second in pairwise(shots)):
        raise ValueError("shots must be at least one, in order and without gaps")
    if max_scenes < 1:
        raise ValueError(f"max_scenes must be at least 1, got {max_scenes}")
    start, end = shots[0].start_seconds, shots[-1].end_seconds
    edges = [_Edge(shot.start_seconds, shot.cut_strength) for shot in shots[1:]]
    if moments_seconds is not None and vectors is not None:
        edges += _changes(shots, moments_seconds, vectors)
    edges = _without_short(sorted(edges, key=lambda edge: edge.seconds), start, end)
    longest = max(MAX_SCENE_SECONDS, (end - start) / max_scenes)
    edges = sorted([*edges, *_windows(edges, start, end, longest)], key=lambda edge: edge.seconds)
    kept = _most_telling(edges, start, end, max_scenes - 1)
    moments = [start, *(edge.seconds for edge in kept), end]
    return Division(tuple(pairwise(moments)), len(edges) - len(kept))


def _changes(shots: Sequence[Shot], moments_seconds: NDArray[np.float64], vectors: NDArray[np.float32]) -> list[_Edge]:
    """Where the content of long shots changes: the moments at which both sides are least alike."""
    if moments_seconds.shape != (len(vectors),) or vectors.ndim != 2:
        raise ValueError(f"{vectors.shape} vectors need as many moments, got {moments_seconds.shape}")
    edges = []
    for shot in shots:
        if shot.end_seconds - shot.start_seconds <= LONG_SHOT_SECONDS:
            continue
        inside = np.flatnonzero((moments_seconds >= shot.start_seconds) & (moments_seconds < shot.end_seconds))
        found = [
            _Edge(float(moments_seconds[inside[at]]), (1 - cosine) / 2)
            for at, cosine in _likeness_across(moments_seconds[inside], vectors[inside])
            if cosine < _MAX_SAME_COSINE
        ]
        edges += _strongest_apart(found, _CHANGE_SECONDS)
    return edges


def _likeness_across(moments_seconds: NDArray[np.float64], vectors: NDArray[np.float32]) -> list[tuple[int, float]]:
    """For each moment but the first the cosine of the mean vectors before it and from it on, each of a few seconds."""
    result = []
    for at in range(1, len(moments_seconds)):
        ago = moments_seconds - moments_seconds[at]
        before = vectors[(ago >= -_CHANGE_SECONDS) & (ago < 0)]
        after = vectors[(ago >= 0) & (ago < _CHANGE_SECONDS)]
        if len(before) and len(after):
            left, right = before.mean(axis=0), after.mean(axis=0)
            lengths = float(np.linalg.norm(left) * np.linalg.norm(right))
            result.append((at, float(left @ right) / max(lengths, 1e-9)))
    return result


def _strongest_apart(edges: list[_Edge], seconds: float) -> list[_Edge]:
    kept: list[_Edge] = []
    for edge in sorted(edges, key=lambda each: each.strength, reverse=True):
        if all(abs(edge.seconds - other.seconds) >= seconds for other in kept):
            kept.append(edge)
    return kept


def _windows(edges: list[_Edge], start: float, end: float, longest: float) -> list[_Edge]:
    """Even windows in every scene that is longer than `longest` seconds."""
    found = []
    for first, last in pairwise([start, *(edge.seconds for edge in edges), end]):
        count = math.ceil((last - first) / longest - 1e-9)
        found += [_Edge(first + (last - first) * number / count, 0.0) for number in range(1, count)]
    return found


def _most_telling(edges: list[_Edge], start: float, end: float, count: int) -> list[_Edge]:
    """At most `count` edges: again and again the one goes whose strength times l * r / (l + r) is least.

    l and r are the lengths on its two sides, as in Ward's clustering, so that short scenes are joined before long ones.

    By strength alone a film of two hours would have some scenes of a second and one of an hour.
    """
    moments = np.array([start, *(edge.seconds for edge in edges), end])
    strengths = np.array([edge.strength for edge in edges]) + _LEAST_STRENGTH
    positions = np.arange(len(edges))
    while len(positions) > count:
        lengths = np.diff(moments)
        weakest = int(np.argmin(strengths * lengths[:-1] * lengths[1:] / (lengths[:-1] + lengths[1:])))
        moments = np.delete(moments, weakest + 1)
        strengths, positions = np.delete(strengths, weakest), np.delete(positions, weakest)
    return [edges[position] for position in positions]


def _without_short(edges: list[_Edge], start: float, end: float) -> list[_Edge]:
    """Takes edges away until no scene is under a second: of the shortest scene the weaker edge, again and again."""
    kept = list(edges)
    while kept:
        moments = [start, *(edge.seconds for edge in kept), end]
        lengths = [last - first for first, last in pairwise(moments)]
        shortest = int(np.argmin(lengths))
        if lengths[shortest] >= MIN_SCENE_SECONDS - 1e-6:
            break
        around = [at for at in (shortest - 1, shortest) if 0 <= at < len(kept)]
        kept.pop(min(around, key=lambda at: kept[at].strength))
    return kept
