"""Films a row of segments: each is cut from its own clip, and all are shown one after another in one .webm.

It knows files and times; which segments are shown is decided elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from videobert_demo.service.visual_words import Segment
from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import stream_clip
from videobert_demo.video.probe import probe
from videobert_demo.video.write import stream_webm

WIDTH, HEIGHT = 480, 360
SHOT_SECONDS = 1.25
FRAMES_PER_SECOND = 12.0
MOST_FRAMES_READ = 600
_FRAMES_IN_A_SHOT = round(SHOT_SECONDS * FRAMES_PER_SECOND)


@dataclass(slots=True)
class _Shot:
    """Frames of one segment, as they come on screen in its clip; `nearest` to its moment if none lies inside."""

    segment: Segment
    inside: list[NDArray[np.uint8]] = field(default_factory=list)
    nearest: tuple[float, NDArray[np.uint8]] | None = None

    def look(self, seconds: float, pixels: NDArray[np.uint8]) -> None:
        away = abs(seconds - self.segment.moment_seconds)
        if self.segment.start_seconds <= seconds < self.segment.end_seconds:
            self.inside.append(fit(pixels))
            if len(self.inside) > 2 * _FRAMES_IN_A_SHOT:  # a long segment is shown faster, and memory stays small
                del self.inside[1::2]
        elif not self.inside and (self.nearest is None or away < self.nearest[0]):
            self.nearest = (away, fit(pixels))

    def frames(self) -> list[NDArray[np.uint8]]:
        if not self.inside:
            return [] if self.nearest is None else [self.nearest[1]]
        places = np.linspace(0, len(self.inside) - 1, min(len(self.inside), _FRAMES_IN_A_SHOT)).round().astype(int)
        return [self.inside[place] for place in places]


def film_reel(segments: Sequence[Segment], out: str | os.PathLike[str], *, limits: ClipLimits) -> int:
    """Writes the segments as a VP9 .webm, `SHOT_SECONDS` each: a short one stands still at its end.

    Args:
        segments: at least one.
        out: where to write; the name should end in .webm.
        limits: what each of their clips may cost.

    Returns:
        How many frames were written.

    Raises:
        ClipError: a clip has gone or cannot be read.
        OSError: the result cannot be written.
    """
    if not segments:
        raise ValueError("a reel needs at least one segment")
    shots = [_Shot(segment) for segment in segments]
    for source in dict.fromkeys(segment.source for segment in segments):
        wanted = [shot for shot in shots if shot.segment.source == source]
        seconds = probe(source, limits).duration_seconds
        count = max(1, min(MOST_FRAMES_READ, round(seconds * FRAMES_PER_SECOND)))
        last = max(max(shot.segment.end_seconds, shot.segment.moment_seconds) for shot in wanted)
        for moment, pixels in stream_clip(source, count, limits=limits, max_side=WIDTH):
            for shot in wanted:
                shot.look(moment, pixels)
            if moment > last:
                break

    def pictures() -> Iterator[tuple[float, NDArray[np.uint8]]]:
        for number, shot in enumerate(shots):
            for place, picture in enumerate(shot.frames()):
                yield number * SHOT_SECONDS + place / FRAMES_PER_SECOND, picture
        *_, last_picture = shots[-1].frames()
        yield len(shots) * SHOT_SECONDS - 1 / FRAMES_PER_SECOND, last_picture

    return stream_webm(out, pictures(), FRAMES_PER_SECOND)


def fit(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture (H, W, 3) uint8 -> (360, 480, 3), whole, in the middle of black."""
    height, width = pixels.shape[:2]
    scale = min(WIDTH / width, HEIGHT / height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    fitted = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    top, left = (HEIGHT - size[1]) // 2, (WIDTH - size[0]) // 2
    fitted[top : top + size[1], left : left + size[0]] = small
    return fitted
