"""What value types ask of the arrays that they hold. Knows no clip and no heatmap."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_Scalar = TypeVar("_Scalar", bound=np.generic)


def read_only(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """A view of the array that cannot be written through; the caller's own array stays as it is."""
    view = array.view()
    view.flags.writeable = False
    return view


def check_timestamps(times: object, count: int) -> None:
    """Checks the moments, in seconds, at which `count` pictures come on screen: float64 (count,), in order.

    Raises:
        TypeError: it is no float64 array.
        ValueError: it has another shape, or its values are not finite or not in order.
    """
    if not isinstance(times, np.ndarray) or times.dtype != np.float64:
        raise TypeError(f"timestamps_seconds must be a float64 array, got {getattr(times, 'dtype', type(times))}")
    if times.shape != (count,):
        raise ValueError(f"{count} pictures need as many timestamps_seconds, got shape {times.shape}")
    if not np.isfinite(times).all() or (np.diff(times) < 0).any():
        raise ValueError(f"timestamps_seconds must be finite and non-decreasing, got {times.tolist()}")
