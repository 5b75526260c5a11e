from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from videobert_demo.types import ClipInfo, ClipLimits, Frames

INFO: dict[str, Any] = {
    "container": "mp4",
    "codec": "h264",
    "width": 320,
    "height": 240,
    "duration_seconds": 10.0,
    "frames_per_second": 25.0,
    "frame_count": 250,
    "rotation_degrees": 0,
    "size_bytes": 1000,
}


def make_frames(count: int = 3) -> Frames:
    return Frames(np.zeros((count, 4, 6, 3), dtype=np.uint8), np.arange(count, dtype=np.float64))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("container", ""),
        ("codec", ""),
        ("width", 0),
        ("height", -1),
        ("duration_seconds", math.nan),
        ("duration_seconds", -0.1),
        ("frames_per_second", math.inf),
        ("frame_count", 0),
        ("rotation_degrees", 45),
        ("rotation_degrees", -90),
        ("size_bytes", -1),
    ],
)
def test_clip_info_rejects(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field.split("_")[0]):
        ClipInfo(**{**INFO, field: value})


def test_clip_info_accepts_what_is_not_known() -> None:
    info = ClipInfo(**{**INFO, "frame_count": None, "frames_per_second": 0.0, "duration_seconds": 0.0})
    assert info.frame_count is None
    with pytest.raises(dataclasses.FrozenInstanceError):
        info.width = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("field", "value"),
    [("max_bytes", 0), ("max_seconds", math.inf), ("max_seconds", 0.0), ("max_seconds", math.nan), ("max_pixels", 0)],
)
def test_clip_limits_reject(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=field):
        ClipLimits(**{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [(4, 6, 3), (2, 4, 6, 4), (2, 4, 6), (0, 4, 6, 3), (2, 0, 6, 3)])
def test_frames_reject_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="pixels must be"):
        Frames(np.zeros(shape, dtype=np.uint8), np.zeros(shape[0], dtype=np.float64))


@pytest.mark.parametrize("times", [[0.0], [0.0, 1.0, 2.0], [1.0, 0.5], [0.0, math.nan], [0.0, math.inf]])
def test_frames_reject_timestamps(times: list[float]) -> None:
    with pytest.raises(ValueError, match="timestamps"):
        Frames(np.zeros((2, 4, 6, 3), dtype=np.uint8), np.array(times, dtype=np.float64))


def test_frames_reject_number_types() -> None:
    with pytest.raises(TypeError, match="float32"):
        Frames(np.zeros((1, 4, 6, 3), dtype=np.float32), np.zeros(1))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="int64"):
        Frames(np.zeros((1, 4, 6, 3), dtype=np.uint8), np.zeros(1, dtype=np.int64))  # type: ignore[arg-type]


def test_frames_cannot_be_written_and_leave_the_callers_array_alone() -> None:
    pixels = np.zeros((2, 4, 6, 3), dtype=np.uint8)
    frames = Frames(pixels, np.zeros(2))
    assert len(frames) == 2
    with pytest.raises(ValueError, match="read-only"):
        frames.pixels[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        frames.timestamps_seconds[0] = 1
    pixels[0] = 1


def test_frames_are_equal_only_to_themselves() -> None:
    frames = make_frames()
    assert frames == frames
    assert frames != make_frames()
