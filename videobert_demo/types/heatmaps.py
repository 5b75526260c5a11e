"""Heatmaps: how much each part of a clip counts for a word. Knows no model and no picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videobert_demo.types.arrays import check_timestamps, read_only


@dataclass(frozen=True, slots=True, eq=False)
class Heatmap:
    """How much each part of a clip counts for a word. Two objects are equal only if they are the same object.

    Attributes:
        values: float32 (T, H, W), in [0, 1], T >= 1; row 0 is the top of the picture, column 0 its left.
        timestamps_seconds: float64 (T,), finite and non-decreasing: when each map's frame comes on screen.
    """

    values: NDArray[np.float32]
    timestamps_seconds: NDArray[np.float64]

    def __post_init__(self) -> None:
        values = self.values
        if not isinstance(values, np.ndarray) or values.dtype != np.float32:
            raise TypeError(f"values must be a float32 array, got {getattr(values, 'dtype', type(values))}")
        if values.ndim != 3 or 0 in values.shape:
            raise ValueError(f"values must be (T, H, W) without empty axes, got {values.shape}")
        if not ((values >= 0) & (values <= 1)).all():
            raise ValueError(f"values must be in [0, 1], got {values.min()} to {values.max()}")
        check_timestamps(self.timestamps_seconds, len(values))
        object.__setattr__(self, "values", read_only(values))
        object.__setattr__(self, "timestamps_seconds", read_only(self.timestamps_seconds))

    def __len__(self) -> int:
        return int(self.values.shape[0])
