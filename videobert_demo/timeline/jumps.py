"""Finds where pictures that lie seconds apart have nothing in common: what cuts look like in a film that is skimmed.

Motion can do the same, so that a jump is a weak cut: whoever knows what the pictures show should look at it again. The
pages of a slide show have much in common, and show the same to a model of clips: their turns are found by their ink.
Knows colours and moments; knows nothing about files or models.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.colours import ColourFrames
from videobert_demo.timeline.cuts import PAGE_STRENGTH, Cut
from videobert_demo.timeline.pages import turned_share
from videobert_demo.timeline.scrolling import ScrollSense

_DISTANCE = 0.35
_SAME_PATTERN = 0.7
_SAME_COSINE = 0.6  # As in `scenes.divide`.


class JumpFinder:
    """Finds the jumps of a film; used as `cuts.CutFinder` is, but a jump is known at once."""

    def __init__(self) -> None:
        self._frames, self._scroll = ColourFrames.none(), ScrollSense()

    @property
    def settled_seconds(self) -> float:
        """No jump up to this moment is unknown."""
        return float(self._frames.seconds[-1]) + 1e-6 if len(self._frames) else 0.0

    def add(self, seconds: NDArray[np.float64], colours: NDArray[np.float32]) -> list[Cut]:
        """Shows the next pictures; arguments and result as for `cuts.CutFinder.add`."""
        if not len(seconds):
            return []
        known = len(self._frames)
        frames = self._frames.followed_by(seconds, colours)
        self._frames = frames.after(len(frames) - 1)
        return [cut for at in range(max(1, known), len(frames)) if (cut := self._jump(frames, at)) is not None]

    def end(self) -> list[Cut]:
        """Nothing is left to be found."""
        return []

    def _jump(self, frames: ColourFrames, at: int) -> Cut | None:
        seconds, before, after = float(frames.seconds[at]), frames.colours[at - 1], frames.colours[at]
        if gone := turned_share(before, after):
            return None if self._scroll.is_scrolled(before, after) else Cut(seconds, PAGE_STRENGTH * gone, is_turn=True)
        if frames.steps[at] >= _DISTANCE and frames.likeness(at - 1, at) < _SAME_PATTERN:
            return Cut(seconds, min(1.0, float(frames.steps[at])))
        return None


def weigh(jumps: Sequence[Cut], moments_seconds: NDArray[np.float64], vectors: NDArray[np.float32]) -> list[Cut]:
    """The jumps on whose sides something else is shown, as strong as it is different, and the turns of pages.

    Args:
        moments_seconds: (N,), increasing.
        vectors: (N, D) of length 1: what the film shows at these moments.
    """
    weighed = []
    for jump in jumps:
        if jump.is_turn:
            weighed.append(jump)
            continue
        after = int(np.searchsorted(moments_seconds, jump.seconds - 1e-6))
        if 0 < after < len(moments_seconds):
            cosine = float(np.dot(vectors[after - 1], vectors[after]))
            if cosine < _SAME_COSINE:
                weighed.append(Cut(jump.seconds, (1 - cosine) / 2))
    return weighed
