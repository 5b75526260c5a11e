"""How a stored picture is turned and stretched to be shown.

Knows matrices and sizes; knows nothing about files or decoders, apart from the frame's side data.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from videobert_demo.video.side_data import side_data_of

_MAX_STRETCH = 8


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a picture is turned to be shown: first mirrored left to right, then turned clockwise.

    Attributes:
        rotation_degrees: 0, 90, 180 or 270.
        is_mirrored: Whether left and right are swapped before turning.
    """

    rotation_degrees: int = 0
    is_mirrored: bool = False

    def apply(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Turns a picture, (H, W, 3) -> (H, W, 3) or (W, H, 3)."""
        mirrored = pixels[:, ::-1] if self.is_mirrored else pixels
        return np.ascontiguousarray(np.rot90(mirrored, k=-self.rotation_degrees // 90))

    @property
    def swaps_sides(self) -> bool:
        """Whether width and height are swapped."""
        return self.rotation_degrees in (90, 270)


def orientation_of(frame: VideoFrame) -> Orientation:
    """Reads a frame's display matrix; a frame without one, or with one that is no right angle's, is shown as it is.

    The matrix (a, b, u, c, d, v, x, y, w) of ISO/IEC 14496-12, 8.5.2, maps the stored point (p, q) to
    (a p + c q, b p + d q), with the vertical axis pointing down: right becomes (a, b), and down becomes (c, d).
    """
    side_data = side_data_of(frame)
    if Type.DISPLAYMATRIX not in side_data:
        return Orientation()
    matrix = np.frombuffer(bytes(side_data[Type.DISPLAYMATRIX]), dtype=np.int32)
    a, b, c, d = (int(np.sign(matrix[index])) if abs(int(matrix[index])) > 2**14 else 0 for index in (0, 1, 3, 4))
    if a * d - b * c == 0 or (a and b):
        return Orientation()
    is_mirrored = a * d - b * c < 0
    # A mirrored picture's own right goes to the left before it is turned.
    right = (-a, -b) if is_mirrored else (a, b)
    degrees = {(1, 0): 0, (0, 1): 90, (-1, 0): 180, (0, -1): 270}[right]
    return Orientation(degrees, is_mirrored)


def shown_size(width: int, height: int, pixel_aspect: Fraction | None, orientation: Orientation) -> tuple[int, int]:
    """The width and height at which a stored picture is shown, in square pixels.

    Args:
        width: Stored width, in pixels.
        height: Stored height, in pixels.
        pixel_aspect: Width of a stored pixel divided by its height; None, zero and absurd values count as 1.
        orientation: How the picture is turned.
    """
    aspect = pixel_aspect or Fraction(1)
    if not Fraction(1, _MAX_STRETCH) <= aspect <= _MAX_STRETCH:
        aspect = Fraction(1)
    # The longer side is stretched, never the shorter one pressed, so that no stored line is lost.
    if aspect > 1:
        width = max(1, round(width * aspect))
    else:
        height = max(1, round(height / aspect))
    return (height, width) if orientation.swaps_sides else (width, height)


def fit_within(width: int, height: int, max_side: int) -> tuple[int, int]:
    """A size of the same shape whose longer side is at most `max_side`; a smaller one is left unchanged."""
    scale = min(1.0, max_side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def fit_into(width: int, height: int, max_width: int, max_height: int) -> tuple[int, int]:
    """The largest size of the same shape that fits into another one; a smaller one grows."""
    scale = min(max_width / width, max_height / height)
    return max(1, min(max_width, round(width * scale))), max(1, min(max_height, round(height * scale)))


def pad_to(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Puts a picture, (H, W, 3), in the middle of a black one, (height, width, 3), that is at least as large."""
    own_height, own_width = pixels.shape[:2]
    if (own_width, own_height) == (width, height):
        return pixels
    padded = np.zeros((height, width, 3), dtype=np.uint8)
    top, left = (height - own_height) // 2, (width - own_width) // 2
    padded[top : top + own_height, left : left + own_width] = pixels
    return padded
