"""Draws heatmaps over frames: pictures, a strip, a legend, the time curve, a playable clip. Knows no model.

How a pixel gets its colour:
    heat at time t    linear between the two nearest maps, the first or last one outside them
    heat at a pixel   cubic between the centres of the patches
    colour            the map's colour covers the picture with opacity * heat: cool pixels look as they do in the clip
"""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from videobert_demo.types import ClipLimits, Frames, Heatmap
from videobert_demo.video.preview import write_preview

COLOUR_MAPS = {
    "turbo": cv2.COLORMAP_TURBO,
    "inferno": cv2.COLORMAP_INFERNO,
    "viridis": cv2.COLORMAP_VIRIDIS,
    "plasma": cv2.COLORMAP_PLASMA,
    "jet": cv2.COLORMAP_JET,
    "hot": cv2.COLORMAP_HOT,
}
DEFAULT_COLOUR_MAP = "turbo"
DEFAULT_OPACITY = 0.65
_STRIP_GAP, _STRIP_CAPTION = 4, 20


def heat_at(heatmap: Heatmap, seconds: float) -> NDArray[np.float32]:
    """The map (H, W) at a moment."""
    times, values = heatmap.timestamps_seconds, heatmap.values
    after = int(np.searchsorted(times, seconds, side="right"))
    if after == 0:
        return np.asarray(values[0], dtype=np.float32)
    if after == len(times):
        return np.asarray(values[-1], dtype=np.float32)
    before = after - 1
    share = np.float32((seconds - times[before]) / (times[after] - times[before]))
    return np.asarray((1 - share) * values[before] + share * values[after], dtype=np.float32)


def enlarge(heat: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """A map (h, w) in [0, 1] -> (height, width) in [0, 1], smooth; its cells cover the picture evenly."""
    return np.asarray(np.clip(cv2.resize(heat, (width, height), interpolation=cv2.INTER_CUBIC), 0, 1), np.float32)


def overlay(
    pixels: NDArray[np.uint8],
    heat: NDArray[np.float32],
    *,
    colour_map: str = DEFAULT_COLOUR_MAP,
    opacity: float = DEFAULT_OPACITY,
) -> NDArray[np.uint8]:
    """One picture (H, W, 3), RGB, with a map (h, w) of any size over it.

    Args:
        colour_map: a name in `COLOUR_MAPS`.
        opacity: how much of the picture the hottest pixel hides, in [0, 1].

    Raises:
        ValueError: the colour map is unknown, or the opacity is out of range.
    """
    if not 0 <= opacity <= 1:
        raise ValueError(f"opacity must be in [0, 1], got {opacity}")
    height, width = pixels.shape[:2]
    smooth = enlarge(heat, width, height)
    coloured = _coloured(smooth, colour_map)
    share = smooth * np.float32(opacity)
    return np.asarray(cv2.blendLinear(np.ascontiguousarray(pixels), coloured, 1 - share, share), dtype=np.uint8)


def overlay_frames(
    frames: Frames,
    heatmap: Heatmap,
    *,
    colour_map: str = DEFAULT_COLOUR_MAP,
    opacity: float = DEFAULT_OPACITY,
) -> Frames:
    """The frames, each with the map of its own moment over it."""
    pictures = [
        overlay(pixels, heat_at(heatmap, float(seconds)), colour_map=colour_map, opacity=opacity)
        for pixels, seconds in zip(frames.pixels, frames.timestamps_seconds, strict=True)
    ]
    return Frames(np.stack(pictures), frames.timestamps_seconds)


def draw_strip(
    frames: Frames,
    heatmap: Heatmap,
    *,
    height: int = 160,
    colour_map: str = DEFAULT_COLOUR_MAP,
    opacity: float = DEFAULT_OPACITY,
) -> NDArray[np.uint8]:
    """All frames with their maps in one row, the moment below each: (height + 20, width, 3), RGB."""
    drawn = overlay_frames(frames, heatmap, colour_map=colour_map, opacity=opacity)
    source_height, source_width = frames.pixels.shape[1:3]
    width = max(1, round(source_width * height / source_height))
    strip = np.full((height + _STRIP_CAPTION, len(frames) * (width + _STRIP_GAP) - _STRIP_GAP, 3), 255, np.uint8)
    for index, (pixels, seconds) in enumerate(zip(drawn.pixels, drawn.timestamps_seconds, strict=True)):
        left = index * (width + _STRIP_GAP)
        strip[:height, left : left + width] = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
        origin = (left + 2, height + _STRIP_CAPTION - 6)
        cv2.putText(strip, f"{seconds:.1f} s", origin, cv2.FONT_HERSHEY_SIMPLEX, 0.42, (60, 60, 60), 1, cv2.LINE_AA)
    return strip


def draw_legend(colour_map: str = DEFAULT_COLOUR_MAP, *, width: int = 256, height: int = 16) -> NDArray[np.uint8]:
    """The colours from 0 (left) to 1 (right): (height, width, 3), RGB."""
    ramp = np.linspace(0, 1, width, dtype=np.float32)[None].repeat(height, axis=0)
    return _coloured(ramp, colour_map)


def time_curve(heatmap: Heatmap) -> NDArray[np.float64]:
    """The mean heat of each frame's map: float64 (T,), in [0, 1]."""
    return np.asarray(heatmap.values.mean(axis=(1, 2), dtype=np.float64))


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """A picture (H, W, 3), RGB, as the bytes of a PNG file."""
    return bytes(cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))[1].tobytes())


def write_numbers(path: str | os.PathLike[str], heatmap: Heatmap, *, word: str, method: str) -> None:
    """The raw numbers as .npz: `values` (T, H, W), `timestamps_seconds` (T,), `word`, `method`."""
    with Path(path).open("wb") as file:
        np.savez_compressed(
            file,
            values=heatmap.values,
            timestamps_seconds=heatmap.timestamps_seconds,
            word=np.array(word),
            method=np.array(method),
        )


def write_overlay(
    clip: str | os.PathLike[str],
    heatmap: Heatmap,
    out: str | os.PathLike[str],
    *,
    limits: ClipLimits,
    colour_map: str = DEFAULT_COLOUR_MAP,
    opacity: float = DEFAULT_OPACITY,
    span_seconds: tuple[float, float] | None = None,
) -> int:
    """The clip, or a part of it, with its heatmap over it, as a VP9 .webm that browsers play, at the clip's own pace.

    Args:
        clip: the file that the heatmap is of. out: where to write; the name should end in .webm.
        limits: what the clip may cost.
        span_seconds: start and end of the part; by default the whole clip. The film's time counts from its start.

    Returns:
        How many frames were written; see `video.preview`.

    Raises:
        ClipError: the clip cannot be read. OSError: the result cannot be written.
        ValueError: the colour map is unknown, or the opacity is out of range.
    """

    def draw(seconds: float, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return overlay(pixels, heat_at(heatmap, seconds), colour_map=colour_map, opacity=opacity)

    return write_preview(clip, out, limits=limits, draw=draw, span_seconds=span_seconds)


def _coloured(heat: NDArray[np.float32], colour_map: str) -> NDArray[np.uint8]:
    if colour_map not in COLOUR_MAPS:
        raise ValueError(f"colour_map must be one of {', '.join(COLOUR_MAPS)}, got {colour_map!r}")
    levels = np.round(heat * 255).astype(np.uint8)
    coloured = cv2.applyColorMap(levels, COLOUR_MAPS[colour_map])
    return np.asarray(cv2.cvtColor(coloured, cv2.COLOR_BGR2RGB), dtype=np.uint8)
