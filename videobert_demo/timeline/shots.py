"""Turns cuts into shots: of cuts that are too near to each other the strongest counts.

Knows moments, and how a picture becomes the colours that cuts are found in; knows nothing about files or models.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.colours import GRID
from videobert_demo.timeline.cuts import FADE_STRENGTH, REACH_SECONDS, Cut, CutFinder
from videobert_demo.timeline.timeline import Shot

MIN_SHOT_SECONDS = 0.5
"""Two cuts that are closer count as one, the stronger."""

_FADE_CLEARANCE_SECONDS = 1.1  # A fade in or out is itself a mix, of a picture and black.
_PICTURES_AT_ONCE = 16


def find_shots(pictures: Iterable[tuple[float, NDArray[np.uint8]]], duration_seconds: float) -> Iterator[Shot]:
    """The shots of a film, each soon after the shot after it has ended.

    Args:
        pictures: When a frame comes on screen, in seconds, not decreasing, and uint8 (H, W, 3), RGB, H and W at least
            24. All frames, or evenly spaced ones; from 5 a second on dissolves are found well.
        duration_seconds: When the last frame ends.

    Yields:
        Shots in order that cover the film from 0 to its end without gaps; at least one.
    """
    return shots_between(_cuts(pictures), duration_seconds)


def shots_between(cuts: Iterable[Cut], duration_seconds: float) -> Iterator[Shot]:
    """The shots between the cuts of a `CutFinder`, which come in the order in which it gave them; as `find_shots`."""
    start_seconds, strength = 0.0, 0.0
    for cut in _apart(cuts):
        if start_seconds + MIN_SHOT_SECONDS <= cut.seconds <= duration_seconds - MIN_SHOT_SECONDS:
            yield Shot(start_seconds, cut.seconds, strength)
            start_seconds, strength = cut.seconds, cut.strength
    yield Shot(start_seconds, duration_seconds, strength)


def _cuts(pictures: Iterable[tuple[float, NDArray[np.uint8]]]) -> Iterator[Cut]:
    finder, rest = CutFinder(), iter(pictures)
    while block := list(itertools.islice(rest, _PICTURES_AT_ONCE)):
        seconds = np.array([moment for moment, _ in block])
        yield from finder.add(seconds, np.stack([_mean_colours(pixels) for _, pixels in block]))
    yield from finder.end()


def _apart(cuts: Iterable[Cut]) -> Iterator[Cut]:
    """Of cuts that are closer than a shot may be short, the stronger. Cuts may come up to a reach late."""
    waiting: list[Cut] = []
    for cut in cuts:
        waiting = sorted([*waiting, cut], key=lambda each: each.seconds)
        while waiting[-1].seconds - waiting[0].seconds > 2 * (REACH_SECONDS + MIN_SHOT_SECONDS):
            yield from _take_first(waiting)
    while waiting:
        yield from _take_first(waiting)


def _take_first(waiting: list[Cut]) -> Iterator[Cut]:
    """Takes the first cut off the list, and gives it unless a later one displaces it; else it displaces later ones."""
    first = waiting.pop(0)
    if any(_displaces(cut, first) and cut.strength > first.strength for cut in waiting):
        return
    waiting[:] = [cut for cut in waiting if not _displaces(first, cut)]
    yield first


def _displaces(cut: Cut, other: Cut) -> bool:
    """Whether the other cut is so near and so much weaker that it is part of this one."""
    is_mix_at_fade = cut.strength >= FADE_STRENGTH and other.strength <= 1
    clearance = _FADE_CLEARANCE_SECONDS if is_mix_at_fade else MIN_SHOT_SECONDS
    return other.strength <= cut.strength and abs(other.seconds - cut.seconds) < clearance


def _mean_colours(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Mean colours of 24 x 24 fields of one picture, float32 (24 * 24 * 3,)."""
    rows = np.linspace(0, pixels.shape[0], GRID, endpoint=False).astype(np.intp)
    columns = np.linspace(0, pixels.shape[1], GRID, endpoint=False).astype(np.intp)
    sums = np.add.reduceat(pixels, rows, axis=0, dtype=np.float32)
    sums = np.add.reduceat(sums, columns, axis=1)  # (24, W, 3) -> (24, 24, 3)
    areas = np.outer(np.diff(np.append(rows, pixels.shape[0])), np.diff(np.append(columns, pixels.shape[1])))
    means: NDArray[np.float32] = (sums / areas[:, :, None]).astype(np.float32).ravel()
    return means
