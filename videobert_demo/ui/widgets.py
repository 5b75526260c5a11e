"""What several tabs show in the same way: moments, percentages, small pictures, a strip of frames, a curve over time.

Pure functions from values to values that templates draw (`widgets.html`). It knows no tab, no sentence and no Gradio.
"""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from videobert_demo.types import Frames

THUMBNAIL_WIDTH = 288
_FRAMES_IN_A_ROW = 6
_LEAST_IN_A_ROW = 3  # a picture that has the row to itself would fill the window
_CURVE_WIDTH, _CURVE_HEIGHT = 600, 84


def clock(seconds: float) -> str:
    """A moment of the clip as minutes and seconds: 72.34 becomes "1:12.3"; hours appear when there are any."""
    tenths = round(seconds * 10)
    minutes, tenths = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    tail = f"{tenths // 10:02d}.{tenths % 10}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


def percent(share: float, *, is_fine: bool = False) -> str:
    """A share in [0, 1] as a percentage that does not break over two lines: 0.614 becomes "61 %".

    Args:
        is_fine: Shares below 10 % get a digit after the point: for lists in which hundreds of things share 100 %.
    """
    digits = 1 if is_fine and share < 0.0995 else 0
    return f"{share * 100:.{digits}f}\u00a0%"


def split_deed(hint: str) -> tuple[str, str]:
    """What a hint says, and from its last semicolon on what can be done: ("best first", "; click one to play it")."""
    at = max(hint.rfind(";"), hint.rfind("；"), 0)
    return hint[:at], hint[at:]


def thumbnail(pixels: NDArray[np.uint8], width: int = THUMBNAIL_WIDTH) -> str:
    """A small JPEG of one frame, uint8 (H, W, 3) RGB, as a data URI: nothing is written to disk."""
    image = Image.fromarray(pixels)
    image.thumbnail((width, width))
    buffer = io.BytesIO()
    image.save(buffer, format="JPEG", quality=82)
    return data_uri(buffer.getvalue())


def data_uri(picture: bytes, subtype: str = "jpeg") -> str:
    """The bytes of a picture file as an address that holds the picture itself."""
    return f"data:image/{subtype};base64," + base64.b64encode(picture).decode("ascii")


@dataclass(frozen=True, slots=True)
class StripFrame:
    """One frame of a strip.

    Attributes:
        seconds: Its moment in the clip.
        picture: A data URI.
        note: Follows the moment below the picture; may be empty.
        opacity: That of the picture, in [0, 1]; None where nothing is faded.
    """

    seconds: float
    picture: str
    note: str = ""
    opacity: float | None = None


@dataclass(frozen=True, slots=True)
class FrameStrip:
    """Frames beside each other: in one row where they fit, else in two; on a phone in rows of three or four."""

    frames: tuple[StripFrame, ...]

    @property
    def columns(self) -> int:
        """Frames in a row of a wide window."""
        count = len(self.frames)
        return max(count, _LEAST_IN_A_ROW) if count <= _FRAMES_IN_A_ROW else math.ceil(count / 2)

    @property
    def narrow_columns(self) -> int:
        """Frames in a row on a phone: whichever of three and four leaves no gap."""
        count = len(self.frames)
        return max(min(count, 3 if count % 3 == 0 else 4), _LEAST_IN_A_ROW)


def frame_strip(frames: Frames, *, pixels: Sequence[NDArray[np.uint8]] | None = None) -> FrameStrip:
    """A clip's frames as a strip.

    Args:
        frames: Pixels with their timestamps.
        pixels: Drawn in place of the frames' own, each uint8 (H, W, 3) RGB, such as a frame with a heatmap over it.
    """
    shown = frames.pixels if pixels is None else pixels
    moments = frames.timestamps_seconds.tolist()
    return FrameStrip(tuple(StripFrame(at, thumbnail(one)) for at, one in zip(moments, shown, strict=True)))


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One frame's value in the picture of a curve; positions are in units of the picture.

    Attributes:
        seconds: The frame's moment.
        value: In [0, 1].
        x: Where its dot is.
        y: Where its dot is, from the top.
        left: Where the band begins that is clicked for this frame.
        width: That of the band.
        is_peak: Its dot is large.
    """

    seconds: float
    value: float
    x: float
    y: float
    left: float
    width: float
    is_peak: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """Values over time, ready to be drawn."""

    points: tuple[CurvePoint, ...]
    width: int = _CURVE_WIDTH
    height: int = _CURVE_HEIGHT

    @property
    def line(self) -> str:
        """The curve as SVG writes points."""
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)


def curve(
    timestamps_seconds: NDArray[np.float64],
    values: NDArray[np.float64],
    *,
    max_value: float | None = None,
    peak: int | None = None,
) -> Curve:
    """Places values over time in a picture; each frame has a band that can be clicked.

        frames      0      1            2
        dots        *      *            *
        bands    |    |         |          |     (they meet half way between two dots)

    Args:
        timestamps_seconds: (T,), ascending.
        values: (T,), in [0, 1].
        max_value: The value at the top of the picture; by default the largest of `values`.
        peak: The index of the frame whose dot is large.
    """
    span = float(timestamps_seconds[-1] - timestamps_seconds[0]) or 1.0
    top = float(values.max()) if max_value is None else max_value
    x = (timestamps_seconds - timestamps_seconds[0]) / span * (_CURVE_WIDTH - 12) + 6
    y = (1 - values / max(top, 1e-9)) * (_CURVE_HEIGHT - 16) + 8
    edges = np.concatenate([[0.0], (x[1:] + x[:-1]) / 2, [float(_CURVE_WIDTH)]])
    points = (
        CurvePoint(
            seconds=float(timestamps_seconds[index]),
            value=float(values[index]),
            x=float(x[index]),
            y=float(y[index]),
            left=float(edges[index]),
            width=float(edges[index + 1] - edges[index]),
            is_peak=index == peak,
        )
        for index in range(len(values))
    )
    return Curve(tuple(points))
