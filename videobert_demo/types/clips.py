"""Clips: what one may cost, what is known of it, and its pictures. Knows no file and no model."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videobert_demo.types.arrays import check_timestamps, read_only

# A film's decoder may hold 17 pictures at once, a photograph's one: so it may be that much larger in the same memory.
_STILL_PIXELS, _STILL_BYTES = 12, 24


@dataclass(frozen=True, slots=True)
class ClipLimits:
    """What a clip may cost at most. Checked before a frame is decoded.

    Attributes:
        max_bytes: Size of the file, in bytes.
        max_seconds: Playing time, in seconds.
        max_pixels: Width times height of one frame of a film or an animation, as stored in the file.
    """

    max_bytes: int = 200 * 1024 * 1024
    max_seconds: float = 7200.0
    max_pixels: int = 4096 * 4096

    def __post_init__(self) -> None:
        if self.max_bytes < 1:
            raise ValueError(f"max_bytes must be at least 1, got {self.max_bytes}")
        if not (math.isfinite(self.max_seconds) and self.max_seconds > 0):
            raise ValueError(f"max_seconds must be a positive finite number, got {self.max_seconds}")
        if self.max_pixels < 1:
            raise ValueError(f"max_pixels must be at least 1, got {self.max_pixels}")

    @property
    def max_still_pixels(self) -> int:
        """Width times height of a photograph as stored in the file: by default 201 million, for phones of 200."""
        return _STILL_PIXELS * self.max_pixels

    @property
    def max_still_bytes(self) -> int:
        """How much memory a photograph's decoded picture may take: by default 384 MB."""
        return _STILL_BYTES * self.max_pixels


@dataclass(frozen=True, slots=True)
class ClipInfo:
    """What is known of a clip without looking at its pictures.

    Attributes:
        container: Short name of the container, such as "mp4", "webm" or "gif".
        codec: Name of the video codec, such as "h264".
        width: Width as shown, after rotation and with square pixels, in pixels.
        height: Height as shown, after rotation and with square pixels, in pixels.
        duration_seconds: From the first frame to the end of the last one; 0 if the file does not tell how long its only
            frame stands.
        frames_per_second: Mean frame rate; 0 if the clip has one frame and the file does not tell.
        frame_count: Number of frames, or None if it is not known.
        rotation_degrees: How far the stored picture was turned clockwise to be shown: 0, 90, 180 or 270.
        size_bytes: Size of the file.
    """

    container: str
    codec: str
    width: int
    height: int
    duration_seconds: float
    frames_per_second: float
    frame_count: int | None
    rotation_degrees: int
    size_bytes: int

    def __post_init__(self) -> None:
        if not self.container or not self.codec:
            raise ValueError(f"container and codec must have names, got {self.container!r} and {self.codec!r}")
        if self.width < 1 or self.height < 1:
            raise ValueError(f"width and height must be at least 1, got {self.width} x {self.height}")
        for name, value in (
            ("duration_seconds", self.duration_seconds),
            ("frames_per_second", self.frames_per_second),
        ):
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be finite and not negative, got {value}")
        if self.frame_count is not None and self.frame_count < 1:
            raise ValueError(f"frame_count must be at least 1 or None, got {self.frame_count}")
        if self.rotation_degrees not in (0, 90, 180, 270):
            raise ValueError(f"rotation_degrees must be 0, 90, 180 or 270, got {self.rotation_degrees}")
        if self.size_bytes < 0:
            raise ValueError(f"size_bytes must not be negative, got {self.size_bytes}")


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """Pictures with the moments at which they are shown. Two objects are equal only if they are the same object.

    Both arrays are kept as read-only views, because one clip's frames are shared by everyone who asks about it.

    Attributes:
        pixels: uint8 (T, H, W, 3), RGB, T >= 1.
        timestamps_seconds: float64 (T,), finite and non-decreasing: when each frame comes on screen.
    """

    pixels: NDArray[np.uint8]
    timestamps_seconds: NDArray[np.float64]

    def __post_init__(self) -> None:
        if not isinstance(self.pixels, np.ndarray) or self.pixels.dtype != np.uint8:
            raise TypeError(f"pixels must be a uint8 array, got {getattr(self.pixels, 'dtype', type(self.pixels))}")
        if self.pixels.ndim != 4 or self.pixels.shape[3] != 3 or 0 in self.pixels.shape:
            raise ValueError(f"pixels must be (T, H, W, 3) without empty axes, got {self.pixels.shape}")
        check_timestamps(self.timestamps_seconds, len(self.pixels))
        object.__setattr__(self, "pixels", read_only(self.pixels))
        object.__setattr__(self, "timestamps_seconds", read_only(self.timestamps_seconds))

    def __len__(self) -> int:
        return int(self.pixels.shape[0])
