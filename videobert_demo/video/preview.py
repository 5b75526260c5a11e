"""A clip, or a part of it, as a small VP9 .webm that every browser plays, at the clip's own pace.

It does not know what is drawn on the frames.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import stream_clip
from videobert_demo.video.probe import probe
from videobert_demo.video.write import stream_webm

SHORT_SIDE, LONG_SIDE = 480, 854
"""480p, in pixels: a larger clip is shown at this size, a smaller one at its own."""

MAX_FRAMES_PER_SECOND = 12.0
MAX_FRAMES = 240
"""The most frames that are drawn, however long the clip is: an hour becomes one frame every 15 seconds."""

MIN_FRAMES = 16
"""A clip of up to this many frames keeps them all, even at more than `MAX_FRAMES_PER_SECOND`."""


Draw = Callable[[float, NDArray[np.uint8]], NDArray[np.uint8]]
"""From a moment in seconds and its frame, uint8 (H, W, 3) RGB, to what is shown instead, of the same size."""


def write_preview(
    clip: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    limits: ClipLimits,
    draw: Draw | None = None,
    span_seconds: tuple[float, float] | None = None,
) -> int:
    """Decodes, draws and encodes frame by frame: memory does not grow with the clip. The sound is left out.

    Args:
        clip: the file. out: where to write; the name should end in .webm.
        limits: what the clip may cost.
        draw: what is shown of each frame; by default the frame itself.
        span_seconds: start and end of the part to show; by default the whole clip. The film's time counts from its
            start.

    Returns:
        How many frames were written, at most `MAX_FRAMES`, and all of a clip that has up to `MIN_FRAMES`.

    Raises:
        ClipError: the clip cannot be read. OSError: the result cannot be written.
    """
    info = probe(clip, limits)
    frames_per_second = min(MAX_FRAMES_PER_SECOND, info.frames_per_second or MAX_FRAMES_PER_SECOND)
    short = min(info.frame_count or 1, MIN_FRAMES)
    start, end = span_seconds or (0.0, info.duration_seconds)
    duration_seconds = min(end, info.duration_seconds) - start
    count = min(MAX_FRAMES, max(short, round(duration_seconds * frames_per_second)))
    mean_rate = count / duration_seconds if duration_seconds > 0 else 1.0
    max_side = shown_side(info.width, info.height)

    def pictures() -> Iterator[tuple[float, NDArray[np.uint8]]]:
        for seconds, pixels in stream_clip(clip, count, limits=limits, max_side=max_side, span_seconds=span_seconds):
            yield seconds, pixels if draw is None else draw(seconds, pixels)

    return stream_webm(out, pictures(), min(240.0, max(0.1, mean_rate)))


def shown_side(width: int, height: int) -> int:
    """The longer side of a clip of this size when it is shown at 480p at most: 1920 x 1080 gives 853."""
    scale = min(1.0, SHORT_SIDE / min(width, height), LONG_SIDE / max(width, height))
    return max(1, int(max(width, height) * scale))
