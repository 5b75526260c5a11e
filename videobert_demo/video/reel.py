"""Films a reel: each shot is cut from its own clip, and all are shown one after another in one .webm.

It knows files and times. It does not know why a shot was chosen.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import stream_clip
from videobert_demo.video.probe import probe
from videobert_demo.video.write import stream_webm

WIDTH, HEIGHT = 480, 360
SHOT_SECONDS = 1.25
FRAMES_PER_SECOND = 12.0
MAX_FRAMES_READ = 600
_FRAMES_IN_A_SHOT = round(SHOT_SECONDS * FRAMES_PER_SECOND)


@dataclass(frozen=True, slots=True)
class ReelShot:
    """A part of a clip.

    Attributes:
        source: path of the clip's file.
        start_seconds, end_seconds: where the part starts and ends; the end is not included.
        moment_seconds: the time of the frame that stands for the part.

    Raises:
        ValueError: the part ends before it starts.
    """

    source: str
    start_seconds: float
    end_seconds: float
    moment_seconds: float

    def __post_init__(self) -> None:
        if not self.start_seconds <= self.end_seconds:
            raise ValueError(f"a shot from {self.start_seconds} s to {self.end_seconds} s")


@dataclass(slots=True)
class _Take:
    """The frames of one shot.

    Attributes:
        inside: fitted frames between the shot's start and end.
        nearest: the frame nearest to the shot's moment and how many seconds away it is, while no frame lies inside.
    """

    shot: ReelShot
    inside: list[NDArray[np.uint8]] = field(default_factory=list)
    nearest: tuple[float, NDArray[np.uint8]] | None = None

    def add(self, seconds: float, pixels: NDArray[np.uint8]) -> None:
        away = abs(seconds - self.shot.moment_seconds)
        if self.shot.start_seconds <= seconds < self.shot.end_seconds:
            self.inside.append(fit(pixels))
            if len(self.inside) > 2 * _FRAMES_IN_A_SHOT:  # a long shot is shown faster, and memory stays small
                del self.inside[1::2]
        elif not self.inside and (self.nearest is None or away < self.nearest[0]):
            self.nearest = (away, fit(pixels))

    def frames(self) -> list[NDArray[np.uint8]]:
        if not self.inside:
            return [] if self.nearest is None else [self.nearest[1]]
        count = min(len(self.inside), _FRAMES_IN_A_SHOT)
        indices = np.linspace(0, len(self.inside) - 1, count).round().astype(int)
        return [self.inside[index] for index in indices]


def film_reel(shots: Sequence[ReelShot], out: str | os.PathLike[str], *, limits: ClipLimits) -> int:
    """Writes the shots as a VP9 .webm, `SHOT_SECONDS` each; a shorter one holds its last frame.

    Args:
        shots: at least one.
        out: where to write; the name should end in .webm.
        limits: what each of their clips may cost.

    Returns:
        How many frames were written.

    Raises:
        ClipError: a clip has gone or cannot be read.
        OSError: the result cannot be written.
        ValueError: there are no shots.
    """
    if not shots:
        raise ValueError("a reel needs at least one shot")
    takes = [_Take(shot) for shot in shots]
    for source in dict.fromkeys(shot.source for shot in shots):
        _read_takes(source, [take for take in takes if take.shot.source == source], limits)

    def pictures() -> Iterator[tuple[float, NDArray[np.uint8]]]:
        for number, take in enumerate(takes):
            for index, picture in enumerate(take.frames()):
                yield number * SHOT_SECONDS + index / FRAMES_PER_SECOND, picture
        *_, last_picture = takes[-1].frames()
        yield len(takes) * SHOT_SECONDS - 1 / FRAMES_PER_SECOND, last_picture

    return stream_webm(out, pictures(), FRAMES_PER_SECOND)


def _read_takes(source: str, takes: Sequence[_Take], limits: ClipLimits) -> None:
    """Reads one clip once, and gives its frames to all takes from it."""
    seconds = probe(source, limits).duration_seconds
    count = max(1, min(MAX_FRAMES_READ, round(seconds * FRAMES_PER_SECOND)))
    last_seconds = max(max(take.shot.end_seconds, take.shot.moment_seconds) for take in takes)
    for moment, pixels in stream_clip(source, count, limits=limits, max_side=WIDTH):
        for take in takes:
            take.add(moment, pixels)
        if moment > last_seconds:
            break


def fit(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Scales a whole picture, (H, W, 3) uint8, into the middle of a black one, (360, 480, 3)."""
    height, width = pixels.shape[:2]
    scale = min(WIDTH / width, HEIGHT / height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    fitted = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    top, left = (HEIGHT - size[1]) // 2, (WIDTH - size[0]) // 2
    fitted[top : top + size[1], left : left + size[0]] = small
    return fitted
