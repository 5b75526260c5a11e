"""Value types that the layers hand to each other. They are frozen and check themselves when they are made.

This module knows numpy and nothing else: no torch, no video library. A wrong value is a programmer's error and raises
ValueError or TypeError with the value in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_Scalar = TypeVar("_Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True)
class ClipLimits:
    """What a clip may cost at most. Checked before a frame is decoded.

    Attributes:
        max_bytes: Size of the file, in bytes.
        max_seconds: Playing time, in seconds.
        max_pixels: Width times height of one frame as stored in the file.
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
        times = self.timestamps_seconds
        if not isinstance(times, np.ndarray) or times.dtype != np.float64:
            raise TypeError(f"timestamps_seconds must be a float64 array, got {getattr(times, 'dtype', type(times))}")
        if times.shape != (self.pixels.shape[0],):
            raise ValueError(f"{self.pixels.shape[0]} frames need as many timestamps, got shape {times.shape}")
        if not np.isfinite(times).all() or (np.diff(times) < 0).any():
            raise ValueError(f"timestamps_seconds must be finite and non-decreasing, got {times.tolist()}")
        object.__setattr__(self, "pixels", _read_only(self.pixels))
        object.__setattr__(self, "timestamps_seconds", _read_only(times))

    def __len__(self) -> int:
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class Caption:
    """One sentence about a clip.

    Attributes:
        text: The sentence, not blank.
        score: Geometric mean of the probabilities of its words, in [0, 1].
    """

    text: str
    score: float

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError(f"a caption must have words, got {self.text!r}")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"score must be in [0, 1], got {self.score}")


@dataclass(frozen=True, slots=True)
class CaptionResult:
    """The captions of one clip.

    Attributes:
        candidates: At least one caption, the best first. Their scores need not fall: a beam search ranks by more than
            the mean probability.
        seconds: Time it took to make them.
    """

    candidates: tuple[Caption, ...]
    seconds: float

    def __post_init__(self) -> None:
        if not isinstance(self.candidates, tuple) or not self.candidates:
            raise ValueError(f"candidates must be a tuple of at least one caption, got {self.candidates!r}")
        if not (math.isfinite(self.seconds) and self.seconds >= 0):
            raise ValueError(f"seconds must be finite and not negative, got {self.seconds}")

    @property
    def text(self) -> str:
        """The best caption's sentence."""
        return self.candidates[0].text

    @property
    def score(self) -> float:
        """The best caption's score, in [0, 1]."""
        return self.candidates[0].score


def _read_only(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """A view of the array that cannot be written through; the caller's own array stays as it is."""
    view = array.view()
    view.flags.writeable = False
    return view
