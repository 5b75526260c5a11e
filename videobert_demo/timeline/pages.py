"""Finds where one page follows another: slides of one layout, whose pictures as a whole hardly differ.

    a slide     A A A A A A A A . . B B B B B B B B      both stand still for a while; between them anything may happen:
                            |---|                        nothing, a mix, a page that moves. The cut is in the middle
    a page      large fields of a few flat colours, and ink: whatever else is on it
    a turn      much of the ink of A is gone, and not only moved up or down (scrolling.py). A point that is added to a
                page leaves its ink

A person before a still camera can change as much from one standing picture to the next, but such a picture has no flat
colours. Knows colours and moments; knows nothing about files, scenes or models.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.colours import GRID, ColourFrames
from videobert_demo.timeline.scrolling import ScrollSense

STILL_SECONDS = 0.55
"""A page stands this long, longer than the pictures of a film that has two a second."""

_TURN_SECONDS = 1.5
_CHANGED_LEVELS, _MOVING_SHARE = 8.0, 0.01
_LEAST_TURNED_SHARE = 0.03  # Of a page's fields; less is a subtitle or a clock.
_FLAT_LEVELS, _FLAT_LEAST_SHARE, _MAX_FLAT_COLOURS, _COLOUR_STEP = 2.5, 0.04, 4, 10.0
_FLAT_SHARE, _GONE_SHARE = 0.4, 0.3


class PageFinder:
    """Finds the turns of pages in frames as they pass; it keeps two of them."""

    def __init__(self) -> None:
        self._anchor: NDArray[np.float32] | None = None
        self._anchor_seconds = self._last_seconds = 0.0
        self._page: NDArray[np.float32] | None = None
        self._page_end_seconds = self._page_left_seconds = 0.0
        self._scroll = ScrollSense()
        self._is_known = False  # Whether the anchor has stood long enough and was compared.

    @property
    def pending_seconds(self) -> float | None:
        """The end of the last page, while it is not known whether another one follows it."""
        return self._page_end_seconds if self._page is not None and not self._is_known else None

    def add(self, frames: ColourFrames, begin: int, end: int) -> list[tuple[float, float]]:
        """Looks at the frames of a stretch; gives the moment of each turn and the share of the ink that is gone."""
        found: list[tuple[float, float]] = []
        before = np.maximum(np.arange(begin, end) - 1, 0)
        steps = np.abs(frames.colours[begin:end] - frames.colours[before])
        moves = begin + np.flatnonzero(
            np.count_nonzero(steps > _CHANGED_LEVELS, axis=1) > _MOVING_SHARE * steps.shape[1]
        )
        stops, at = [*moves.tolist(), end], begin
        while at < end:
            if self._anchor is None or at == stops[0]:
                self._stand(frames, at)
                stops = stops[1:] if at == stops[0] else stops
                at += 1
                continue
            # Nothing moves from one frame to the next, but slowly it may have.
            changed = np.abs(frames.colours[at : stops[0]] - self._anchor) > _CHANGED_LEVELS
            drifted = np.flatnonzero(np.count_nonzero(changed, axis=1) > _MOVING_SHARE * changed.shape[1])
            still = at + int(drifted[0]) if len(drifted) else stops[0]
            if still > at:
                self._last_seconds = float(frames.seconds[still - 1])
                found += self._compare()
            if still < stops[0]:
                self._stand(frames, still)
                still += 1
            at = still
        return found

    def _stand(self, frames: ColourFrames, at: int) -> None:
        """Leaves the anchor, if there is one, for a frame."""
        if self._anchor is not None:
            self._leave(float(frames.seconds[at]))
        self._anchor, self._is_known = frames.colours[at].copy(), False
        self._anchor_seconds = self._last_seconds = float(frames.seconds[at])

    def _leave(self, seconds: float) -> None:
        """The anchor is left: it was a page if it stood long enough; a page of too long ago is forgotten."""
        if self._is_known:
            self._page, self._page_end_seconds, self._page_left_seconds = self._anchor, self._last_seconds, seconds
        elif self._page is not None and self._last_seconds - self._page_end_seconds > _TURN_SECONDS:
            self._page = None

    def _compare(self) -> list[tuple[float, float]]:
        """Once the anchor has stood long enough: the turn from the last page to it, if there is one."""
        if self._is_known or self._last_seconds - self._anchor_seconds < STILL_SECONDS:
            return []
        self._is_known = True
        if self._page is None or self._anchor is None:
            return []
        if self._anchor_seconds - self._page_end_seconds > _TURN_SECONDS:
            return []
        gone = turned_share(self._page, self._anchor)
        if gone and self._scroll.is_scrolled(self._page, self._anchor):
            return []
        return [((self._page_left_seconds + self._anchor_seconds) / 2, gone)] if gone else []


def turned_share(before: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    """How much of a page's ink is gone on the next one.

    Args:
        before, after: (24 * 24 * 3,), mean colours of their fields, 0 to 255.

    Returns:
        A share, in [0, 1]; 0 if one of them is no page, or so much stays that it is the same page.
    """
    flat = _flat_fields(before)
    if min(_inner_share(flat), _inner_share(_flat_fields(after))) < _FLAT_SHARE:
        return 0.0
    changed = (np.abs(before - after).reshape(-1, 3) > _CHANGED_LEVELS).any(axis=1)
    gone = float((changed & ~flat).sum() / max(1, int((~flat).sum())))
    return gone if gone >= _GONE_SHARE and changed.mean() >= _LEAST_TURNED_SHARE else 0.0


def _flat_fields(colours: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which fields have one of the few colours that many fields share, bool (24 * 24,)."""
    fields = colours.reshape(-1, 3)
    steps = np.round(fields / _COLOUR_STEP).astype(np.int64)
    _, kinds, counts = np.unique(steps @ np.array([10_000, 100, 1]), return_inverse=True, return_counts=True)
    flat = np.zeros(len(fields), bool)
    for kind in np.argsort(-counts)[:_MAX_FLAT_COLOURS]:
        if counts[kind] >= _FLAT_LEAST_SHARE * len(fields):
            middle = np.median(fields[kinds == kind], axis=0)
            flat |= np.abs(fields - middle).max(axis=1) <= _FLAT_LEVELS
    return flat


def _inner_share(flat: NDArray[np.bool_]) -> float:
    """The share of flat fields within the margins, so that black bars beside a picture make no page of it."""
    grid = flat.reshape(GRID, GRID)
    rows, columns = np.flatnonzero(~grid.all(axis=1)), np.flatnonzero(~grid.all(axis=0))
    if not len(rows):
        return 0.0
    return float(grid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].mean())
