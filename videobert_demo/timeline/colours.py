"""Frames as 24 x 24 mean colours, and how much they differ. Knows nothing about cuts.

The distance of two frames is their mean absolute difference over their own contrast, so that a dark film counts as much
as a bright one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GRID = 24
CONTRAST_FLOOR = 6.0
"""In levels of 255: noise in a black picture is no content."""

_BLACK_LEVEL, _BRIGHT_SHARE = 24.0, 0.01


@dataclass(frozen=True, slots=True, eq=False)
class ColourFrames:
    """N frames in order of time.

    Attributes:
        seconds: float64 (N,).
        colours: float32 (N, 24 * 24 * 3), 0 to 255.
        contrasts: float32 (N,), mean absolute difference from the frame's mean, in levels of 255.
        steps: float32 (N,), distance from the frame before.
        is_black: bool (N,).
    """

    seconds: NDArray[np.float64]
    colours: NDArray[np.float32]
    contrasts: NDArray[np.float32]
    steps: NDArray[np.float32]
    is_black: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.seconds)

    @classmethod
    def none(cls) -> ColourFrames:
        """No frames yet."""
        empty = np.zeros(0, np.float32)
        return cls(np.zeros(0), np.zeros((0, GRID * GRID * 3), np.float32), empty, empty, empty > 0)

    def after(self, first: int) -> ColourFrames:
        """The frames from a position on."""
        return ColourFrames(
            self.seconds[first:],
            self.colours[first:],
            self.contrasts[first:],
            self.steps[first:],
            self.is_black[first:],
        )

    def followed_by(self, seconds: NDArray[np.float64], colours: NDArray[np.float32]) -> ColourFrames:
        """These frames and new ones after them."""
        contrasts = np.abs(colours - colours.mean(axis=1, keepdims=True)).mean(axis=1)
        before = np.concatenate([self.colours[-1:] if len(self) else colours[:1], colours[:-1]])
        contrast_before = np.concatenate([self.contrasts[-1:] if len(self) else contrasts[:1], contrasts[:-1]])
        steps = np.abs(colours - before).mean(axis=1) / (contrasts + contrast_before + CONTRAST_FLOOR)
        is_black = (colours >= _BLACK_LEVEL).mean(axis=1) <= _BRIGHT_SHARE
        return ColourFrames(
            np.concatenate([self.seconds, seconds]),
            np.concatenate([self.colours, colours]),
            np.concatenate([self.contrasts, contrasts]),
            np.concatenate([self.steps, steps]),
            np.concatenate([self.is_black, is_black]),
        )

    def distance(self, first: int, second: int) -> float:
        """Mean absolute difference over the mean contrast of both; about 1 if they have nothing in common."""
        difference = np.abs(self.colours[first] - self.colours[second]).mean()
        return float(difference / (self.contrasts[first] + self.contrasts[second] + CONTRAST_FLOOR))

    def likeness(self, first: int, second: int) -> float:
        """Correlation, in [-1, 1]: 1 where only brightness or contrast differ, 0 for unrelated pictures."""
        left, right = (self.colours[at] - self.colours[at].mean() for at in (first, second))
        lengths = float(np.linalg.norm(left) * np.linalg.norm(right))
        return float(np.dot(left, right)) / lengths if lengths > 0 else 0.0
