"""When has a model stopped getting better? Knows losses only."""

from __future__ import annotations

import math
from dataclasses import dataclass

MIN_GAIN = 1e-4
"""A loss has to be lower by more than this to be better."""


@dataclass
class Patience:
    """Counts how often in a row the held-out loss was no better than the best one.

    Attributes:
        most: after how many times training ends; 0 for never.
        best: the lowest loss yet.
        misses: how often since then.
    """

    most: int
    best: float = math.inf
    misses: int = 0

    def tell(self, loss: float) -> bool:
        """Takes a loss in; whether it is the best one yet."""
        is_best = loss < self.best - MIN_GAIN
        self.best, self.misses = (loss, 0) if is_best else (self.best, self.misses + 1)
        return is_best

    @property
    def is_over(self) -> bool:
        """Whether training has to end."""
        return 0 < self.most <= self.misses
