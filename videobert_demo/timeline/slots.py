"""Places where an interruption hurts least: borders of scenes where little moves and something else begins.

    scenes     |-------|----|-----------|------|
    change             x    X           x              how unlike the seconds before and after a border are
    calm               .    .           o              how little moves there
    slots              3    2           1              ranked by change times calm

Knows scenes, vectors and colours; knows nothing about pictures, sentences or models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.content import Content

AROUND_SECONDS = 4.0
"""What lies this far on either side of a border is compared."""
STILL_SECONDS = 1.5
"""Motion is measured this far on either side."""
MUCH_MOTION = 0.1
"""Mean change of colours from picture to picture, of 1, from which on nothing is calm."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for an interruption.

    Attributes:
        seconds: Where it is.
        score: What slots are ranked by, in [0, 1]: change times calm, and, where something is to be shown there, times
            (1 + fit) / 2.
        change: How unlike what is before and after it is, in [0, 1].
        calm: How little moves around it, in [0, 1].
        fit: Cosine similarity of what is to be shown there with what surrounds it, in [-1, 1]; None without it.
    """

    seconds: float
    score: float
    change: float
    calm: float
    fit: float | None = None


def find_slots(
    content: Content,
    borders_seconds: Sequence[float],
    count: int,
    *,
    shown: NDArray[np.float32] | None = None,
    min_gap_seconds: float = 0.0,
) -> tuple[Slot, ...]:
    """The best slots, the best first.

    Args:
        content: What the clip shows.
        borders_seconds: Where its scenes meet.
        count: How many are wanted at most, >= 1.
        shown: Unit vector (D,) of what is to be shown there.
        min_gap_seconds: How far apart they are at least.
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    slots = sorted((_slot(content, border, shown) for border in borders_seconds), key=lambda one: -one.score)
    kept: list[Slot] = []
    for slot in slots:
        if len(kept) < count and all(abs(slot.seconds - other.seconds) >= min_gap_seconds for other in kept):
            kept.append(slot)
    return tuple(kept)


def _slot(content: Content, border: float, shown: NDArray[np.float32] | None) -> Slot:
    before = content.mean_vector(max(0.0, border - AROUND_SECONDS), border)
    after = content.mean_vector(border, border + AROUND_SECONDS)
    change = min(1.0, max(0.0, 1.0 - float(before @ after)))
    moments = content.moments_seconds
    near = np.abs(moments - border) < STILL_SECONDS
    crossing = int(np.searchsorted(moments, border))  # the first picture behind the border differs by the cut itself
    if crossing < len(near):
        near[crossing] = False
    moved = float(content.motion[near].mean()) if near.any() else 0.0
    calm = max(0.0, 1.0 - moved / MUCH_MOTION)
    if shown is None:
        return Slot(round(border, 3), change * calm, change, calm)
    fit = float(content.mean_vector(max(0.0, border - AROUND_SECONDS), border + AROUND_SECONDS) @ shown)
    return Slot(round(border, 3), change * calm * min(1.0, max(0.0, (1 + fit) / 2)), change, calm, fit)
