"""Tells a page that was scrolled from another page: its rows are there again, some way further up or down.

    before    line 1          after    line 2       the fields that changed are compared with those of the page before,
              line 2                   line 3       moved by up to a third of the picture, in quarters of a field
              line 3                   line 4

Lines of text are about as high as a field, so that a moved line has other mean colours: less than half of the
difference goes away, and a page of like text takes away nearly as much. One step alone has to be clear, therefore; the
steps that follow it, less so. Knows the mean colours of fields; knows nothing about films.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.colours import GRID

_CHANGED_LEVELS = 8.0
_SHIFTS = np.array([sign * quarters / 4 for quarters in range(2, 31) for sign in (1, -1)])  # In fields.
_LEAST_SEEN_SHARE = 0.4  # Of the fields that changed: so many have to be there in both pages.
_CLEAR_LEFT, _FOLLOWING_LEFT = 0.55, 0.72
"""Of steps of one and three lines in made code, text and credits (five sizes of type) 94 % are seen as scrolled, and of
the turns of made slides 3 %."""


class ScrollSense:
    """Whether one page after another was scrolled; it remembers whether the last one was."""

    def __init__(self) -> None:
        self._goes_on = False

    def is_scrolled(self, before: NDArray[np.float32], after: NDArray[np.float32]) -> bool:
        """Whether a page, of which much is gone, was moved and not replaced.

        Args:
            before, after: (24 * 24 * 3,), mean colours of their fields, 0 to 255.
        """
        self._goes_on = left_when_moved(before, after) <= (_FOLLOWING_LEFT if self._goes_on else _CLEAR_LEFT)
        return self._goes_on


def left_when_moved(before: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    """The least share of the difference of two pages that is left if one is moved up or down; 1 if nothing is gained.

    Only fields that changed count, and only rows that move: what stands still, as a title bar does, is no part of it.
    """
    old, new = before.reshape(GRID, GRID, 3), after.reshape(GRID, GRID, 3)
    differences = np.abs(old - new)
    changed = (differences > _CHANGED_LEVELS).any(axis=2)
    rows = np.flatnonzero(changed.any(axis=1))
    if not len(rows):
        return 1.0
    whole, least = differences.mean(axis=2), 1.0
    for shift in _SHIFTS.tolist():
        sources = np.arange(GRID) + shift
        floors = np.floor(sources).astype(np.intp)
        is_known = (floors >= rows[0]) & (np.ceil(sources) <= rows[-1])
        seen = changed & is_known[:, None]
        if seen.sum() < _LEAST_SEEN_SHARE * changed.sum():
            continue
        part = (sources - floors).astype(np.float32)[:, None, None]
        low, high = np.clip(floors, 0, GRID - 1), np.clip(floors + 1, 0, GRID - 1)
        moved = (1 - part) * old[low] + part * old[high]
        left = np.abs(moved - new).mean(axis=2)[seen].sum() / whole[seen].sum()
        least = min(least, float(left))
    return least
