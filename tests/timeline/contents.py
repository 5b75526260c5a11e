"""Contents made up for tests: each picture shows one of a few things, each thing has an axis of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.content import Content


def make_content(
    things: Sequence[int], *, step_seconds: float = 0.5, duration_seconds: float | None = None, motion: int = 0
) -> Content:
    """A content whose picture i shows things[i]; its colours change by `motion` of 255 from picture to picture."""
    vectors = np.eye(max(things) + 1, dtype=np.float32)[list(things)]
    colours = np.array([[thing * 20 + motion * (number % 2)] * 4 for number, thing in enumerate(things)], np.uint8)
    moments = np.arange(len(things)) * step_seconds
    return Content(duration_seconds or len(things) * step_seconds, moments, vectors, colours)


def axis(thing: int, count: int) -> NDArray[np.float32]:
    """The vector of a thing."""
    return np.eye(count, dtype=np.float32)[thing]
