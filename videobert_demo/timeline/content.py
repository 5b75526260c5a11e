"""What a clip shows from moment to moment: vectors, colours, and how much it moves. A value that checks itself.

    moments   0.0   0.5   1.0   1.5   2.0   2.5        a picture every half second, or as densely as was read
    spans    |0 ... .25 .75  ...                  |    each picture stands for what is nearer to it than to others,
                                                      but one that is known to come right after a cut begins with it
    vectors   v_0   v_1   v_2   v_3   v_4   v_5        what it shows, of length 1
    colours   c_0   c_1   c_2   c_3   c_4   c_5        what it looks like: mean colours of 24 x 24 fields

Knows nothing about models, files or sentences.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What a clip shows. Two objects are equal only if they are the same object.

    Attributes:
        duration_seconds: How long the clip plays; positive.
        moments_seconds: float64 (N,), increasing, N >= 1: when the pictures come on screen.
        vectors: float32 (N, D) of length 1: what they show, in the contrastive space.
        colours: uint8 (N, F): what they look like, field by field.
        cuts_seconds: float64 (C,): moments that are known to come right after a cut; those of no picture do not count.
    """

    duration_seconds: float
    moments_seconds: NDArray[np.float64]
    vectors: NDArray[np.float32]
    colours: NDArray[np.uint8]
    cuts_seconds: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        if not (math.isfinite(self.duration_seconds) and self.duration_seconds > 0):
            raise ValueError(f"duration_seconds must be finite and positive, got {self.duration_seconds}")
        count = len(self.moments_seconds)
        if not count or self.vectors.shape[:1] != (count,) or self.colours.shape[:1] != (count,):
            raise ValueError(
                "there must be as many vectors and colours as moments, at least one, got "
                f"{self.moments_seconds.shape}, {self.vectors.shape}, {self.colours.shape}"
            )
        if self.vectors.dtype != np.float32 or self.vectors.ndim != 2 or self.colours.ndim != 2:
            raise TypeError(f"vectors must be float32 (N, D) and colours (N, F), got {self.vectors.dtype}")
        if not np.isfinite(self.moments_seconds).all() or (np.diff(self.moments_seconds) <= 0).any():
            raise ValueError(f"moments must be finite and increase, got {self.moments_seconds.tolist()}")
        for name in ("moments_seconds", "vectors", "colours", "cuts_seconds"):
            view = getattr(self, name).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    def __len__(self) -> int:
        return len(self.moments_seconds)

    @property
    def bounds_seconds(self) -> NDArray[np.float64]:
        """float64 (N + 1,): picture i stands for the time between bounds i and i + 1; they cover the clip."""
        moments = self.moments_seconds
        middles = (moments[1:] + moments[:-1]) / 2
        is_cut = np.isin(np.round(moments[1:], 3), np.round(self.cuts_seconds, 3))
        borders = np.where(is_cut, moments[1:], middles)
        return np.concatenate([[0.0], borders, [max(self.duration_seconds, float(self.moments_seconds[-1]) + 1e-3)]])

    @property
    def motion(self) -> NDArray[np.float64]:
        """float64 (N,), in [0, 1]: how much the colours of a picture differ from those of the one before it.

        The first has the second's.
        """
        if len(self) == 1:
            return np.zeros(1)
        colours = self.colours.astype(np.int16)
        moved = np.abs(np.diff(colours, axis=0)).mean(axis=1) / 255
        return np.concatenate([moved[:1], moved])

    def similarities(self, vector: NDArray[np.float32]) -> NDArray[np.float64]:
        """Cosine similarities (N,) of the pictures with a unit vector (D,), in [-1, 1]."""
        return (self.vectors @ vector).astype(np.float64)

    def mean_vector(self, start_seconds: float, end_seconds: float) -> NDArray[np.float32]:
        """What a stretch shows: float32 (D,) of length 1, of its pictures, or of the picture nearest to it."""
        inside = (self.moments_seconds >= start_seconds) & (self.moments_seconds < end_seconds)
        if not inside.any():
            inside = np.zeros(len(self), bool)
            inside[int(np.argmin(np.abs(self.moments_seconds - (start_seconds + end_seconds) / 2)))] = True
        mean = self.vectors[inside].mean(axis=0)
        length = float(np.linalg.norm(mean))
        return np.asarray(mean / length if length > 1e-6 else self.vectors[inside][0], np.float32)
