"""Looks at many decoded frames cheaply: mean colours of 24 x 24 fields, from a few points of each field.

    field      . . .      nine points of its brightness, four of its colour: copied from the decoder's planes with one
               . . .      `take` a plane; averages and colours are then computed for many frames at once
               . . .

A frame of 320 x 180 costs about a tenth of decoding it, and a larger one no more. Frames in layouts that have no such
planes are scaled by FFmpeg. Colours are those of an ordinary video: good for comparing frames, not for showing them.
Knows frames; knows nothing about cuts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

GRID = 24
VALUES = GRID * GRID * 3

_LUMA_POINTS, _CHROMA_POINTS = 3, 2  # Along each side of a field.
_PLANAR = {
    f"yuv{letter}{layout}{depth}": 8 if not depth else 10
    for layout in ("420p", "422p", "444p")
    for letter, depth in (("", ""), ("j", ""), ("", "10le"))
}
_FULL_RANGE = 2  # AVCOL_RANGE_JPEG


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """Where the points of each plane are, (points, 576) each, of frames of one layout and size."""

    points: tuple[NDArray[np.intp], ...]
    is_wide: bool


class Glances:
    """Collects frames; `take` gives what was seen of them."""

    def __init__(self) -> None:
        self._samples: list[tuple[NDArray[Any], ...]] = []
        self._is_wide: list[bool] = []
        self._is_full: list[bool] = []
        self._plans: dict[tuple[object, ...], _Plan] = {}

    def __len__(self) -> int:
        return len(self._samples)

    def add(self, frame: VideoFrame) -> None:
        """Looks at a frame, which may be any; it is not kept."""
        if frame.format.name not in _PLANAR:
            side = GRID * _LUMA_POINTS
            frame = frame.reformat(side, side, "yuv444p")
        planes = frame.planes
        key = (frame.format.name, frame.width, frame.height, planes[0].line_size, planes[1].line_size)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = _plan(frame)
        dtype = np.uint16 if plan.is_wide else np.uint8
        self._samples.append(
            tuple(np.frombuffer(plane, dtype).take(points) for plane, points in zip(planes, plan.points, strict=True))  # type: ignore[call-overload]
        )
        self._is_wide.append(plan.is_wide)
        self._is_full.append(int(frame.color_range) == _FULL_RANGE or "yuvj" in frame.format.name)

    def take(self) -> NDArray[np.float32]:
        """Mean colours of the frames since the last time, float32 (N, 24 * 24 * 3), 0 to 255, RGB field by field."""
        if not self._samples:
            return np.zeros((0, VALUES), np.float32)
        scale = np.where(self._is_wide, 0.25, 1.0).astype(np.float32)[:, None]  # 10 bits -> 8
        planes = [
            np.stack([one[plane] for one in self._samples]).mean(axis=1, dtype=np.float32) * scale for plane in range(3)
        ]
        is_full = np.array(self._is_full)[:, None]
        luma = np.where(is_full, planes[0], (planes[0] - 16) * np.float32(255 / 219))
        gain = np.where(is_full, 1.0, 255 / 224).astype(np.float32)
        blue, red = ((plane - 128) * gain for plane in planes[1:])
        colours = np.empty((len(luma), GRID * GRID, 3), np.float32)
        # ITU-R BT.601, by which small videos are stored; for comparing frames it does for the others.
        colours[:, :, 0] = luma + 1.402 * red
        colours[:, :, 1] = luma - 0.344 * blue - 0.714 * red
        colours[:, :, 2] = luma + 1.772 * blue
        self._samples, self._is_wide, self._is_full = [], [], []
        return np.clip(colours, 0, 255, out=colours).reshape(len(colours), VALUES)


def _plan(frame: VideoFrame) -> _Plan:
    is_wide = _PLANAR[frame.format.name] > 8
    points = []
    for number, plane in enumerate(frame.planes):
        count = _CHROMA_POINTS if number else _LUMA_POINTS
        stride = plane.line_size // (2 if is_wide else 1)
        rows, columns = (
            ((np.arange(GRID * count) + 0.5) * side / (GRID * count)).astype(np.intp)
            for side in (plane.height, plane.width)
        )
        offsets = (rows[:, None] * stride + columns).reshape(GRID, count, GRID, count)
        # One row a point, so that means run along memory: (24, n, 24, n) -> (n * n, 576)
        points.append(np.ascontiguousarray(offsets.transpose(1, 3, 0, 2)).reshape(count * count, GRID * GRID))
    return _Plan(tuple(points), is_wide)
