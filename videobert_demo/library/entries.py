"""What goes into a library beside the vectors: thumbnails, titles, and where segments start and end. Pure functions."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

THUMBNAIL_SIDE = 256
_MAX_BYTES = 48_000
_MAX_TITLE_CHARACTERS = 200
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")


def make_thumbnail(pixels: NDArray[np.uint8], *, max_side: int = THUMBNAIL_SIDE) -> bytes:
    """A picture (H, W, 3) uint8 RGB -> a JPEG of at most 48,000 bytes, its longer side at most `max_side` pixels."""
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or 0 in pixels.shape:
        raise ValueError(f"expected (H, W, 3) uint8, got {pixels.shape} {pixels.dtype}")
    height, width = pixels.shape[:2]
    scale = min(1.0, max_side / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    picture = cv2.cvtColor(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
    for quality in (80, 60, 40, 20):
        data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        if len(data) <= _MAX_BYTES:
            return bytes(data)
    return make_thumbnail(pixels, max_side=max_side // 2)


def title_of(name: str) -> str:
    """A file's name -> a title: no folder, no ending, one line, valid Unicode, at most 200 characters."""
    readable = Path(name).stem.encode("utf-8", "replace").decode("utf-8")
    return _BLANKS.sub(" ", readable).strip()[:_MAX_TITLE_CHARACTERS] or "untitled"


def segment_spans(timestamps_seconds: NDArray[np.float64], duration_seconds: float) -> NDArray[np.float64]:
    """Times of T sampled frames -> start and end (T, 2) of the segments around them.

    Neighbours meet halfway:

    frames     0.5      2.5      3.5          of 4 s
    segments  |0 .. 1.5 .. 3.0 ..     4|
    """
    times = np.asarray(timestamps_seconds, dtype=np.float64)
    if times.ndim != 1 or not len(times):
        raise ValueError(f"expected (T,) with T >= 1, got {times.shape}")
    middles = (times[:-1] + times[1:]) / 2
    bounds = np.concatenate([[0.0], middles, [max(duration_seconds, float(times[-1]))]]).clip(min=0)
    return np.stack([bounds[:-1], bounds[1:]], axis=1)
