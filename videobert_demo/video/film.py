"""Reads a whole film once, from its first picture to its last, and what an editor has to know of its file.

Pictures come one by one and are turned into pixels only where somebody asks, so that memory holds what the caller
keeps, however long the film is. Knows files and pictures; knows nothing about shots or models.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from videobert_demo.types import ClipInfo, ClipLimits
from videobert_demo.video.container import OpenClip, open_clip, open_file
from videobert_demo.video.decode import PictureSource, shown_pixels
from videobert_demo.video.geometry import fit_within
from videobert_demo.video.packets import PacketTable, scan_packets
from videobert_demo.video.pictures import UndecodableRunError, read_pictures
from videobert_demo.video.probe import describe, no_picture_error
from videobert_demo.video.sampling import PacketRun
from videobert_demo.video.source import READ_SECONDS, Deadline

STILL_SECONDS = 1.0
"""How long a photograph counts as shown, since its file does not say."""

_SECONDS_PER_SECOND = 2.0  # A film may take this much longer to read than to play before it is given up.
_STANDARD_RATES = tuple(Fraction(rate * 1000, 1001) for rate in (24, 30, 60, 120)) + tuple(
    Fraction(rate) for rate in (24, 25, 30, 48, 50, 60, 100, 120)
)
_MAX_ROUNDING_SECONDS = 0.0011  # Matroska and FLV count milliseconds.
_MAX_MISSING_SHARE = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """A film before it is read.

    Attributes:
        info: What is known of its picture.
        end_seconds: When its last picture ends; a photograph counts as a second. Positive.
        frame_rate: Frames a second if they come at even distances, else None.
        start_timecode: Timecode of the first frame as the file gives it, or None.
        has_sound: Whether there is a sound track.
        table: Its packets.
    """

    info: ClipInfo
    end_seconds: float
    frame_rate: Fraction | None
    start_timecode: str | None
    has_sound: bool
    table: PacketTable


@dataclass(frozen=True, slots=True, eq=False)
class FilmPicture:
    """A picture of a film, still as the codec gave it. It may outlive the film's reader.

    Attributes:
        seconds: When it comes on screen.
        frame: PyAV's frame, not rotated.
    """

    seconds: float
    frame: VideoFrame
    _source: PictureSource
    _shape: tuple[int, int]

    @property
    def size_bytes(self) -> int:
        """How much memory it takes."""
        return sum(plane.buffer_size for plane in self.frame.planes)

    def pixels(self, max_side: int) -> NDArray[np.uint8]:
        """The picture as it is shown, uint8 (H, W, 3), RGB; its longer side has at most `max_side` pixels."""
        return shown_pixels(self._source, self.frame, fit_within(*self._shape, max_side), self._shape)


def read_film(path: str | os.PathLike[str], limits: ClipLimits) -> Film:
    """Finds out what a film is: lists its packets and decodes its first picture.

    Raises:
        ClipError: The film cannot be used; `container.open_clip` and `packets.scan_packets` list the reasons.
    """
    with open_file(path, limits, Deadline()) as file:
        with file.open() as clip:
            table = scan_packets(clip)
            has_sound = bool(clip.source.streams.audio)
            timecode = _start_timecode(clip)
            named_rates = [clip.stream.average_rate, clip.stream.base_rate, clip.stream.guessed_rate]
        with file.open() as clip:
            first = PacketRun(0, len(table.seconds) - 1, frozenset({int(np.argmax(table.is_keyframe))}))
            for _, picture in read_pictures(clip, table, [first]):
                info = describe(clip, table, picture)
                break
            else:
                raise no_picture_error(clip)
    seconds = np.sort(table.seconds[table.is_shown])
    end_seconds = _moment(float(seconds[0])) + _moment(table.duration_seconds or STILL_SECONDS)
    rate = constant_rate(seconds, [rate for rate in named_rates if rate])
    return Film(info, end_seconds, rate, timecode, has_sound, table)


def stream_film(
    path: str | os.PathLike[str],
    film: Film,
    limits: ClipLimits,
    runs: list[PacketRun] | None = None,
    *,
    step_seconds: float = 0.0,
) -> Iterator[FilmPicture]:
    """Pictures of a film in the order of showing. Pictures of damaged packets are missing.

    Args:
        path: The file that `read_film` described.
        film: What it said.
        limits: What the film may cost.
        runs: What to decode; by default everything. If a run cannot be decoded alone, the rest is decoded whole.
        step_seconds: How far pictures are apart at least.

    Raises:
        ClipError: No picture can be decoded, or reading takes several times as long as playing.
    """
    deadline = Deadline(READ_SECONDS + _SECONDS_PER_SECOND * film.end_seconds)
    everything = [PacketRun(0, len(film.table.seconds) - 1, frozenset(range(len(film.table.seconds))))]
    last_seconds = -np.inf
    for plan in (everything,) if runs is None else (runs, everything):
        with contextlib.suppress(UndecodableRunError), open_clip(path, limits, deadline) as clip:
            source, shape = PictureSource.of(clip), (film.info.width, film.info.height)
            for _, picture in read_pictures(clip, film.table, plan):
                is_due = picture.seconds > last_seconds and picture.seconds >= last_seconds + step_seconds - 1e-3
                if is_due and picture.seconds < film.end_seconds:
                    last_seconds = picture.seconds
                    yield FilmPicture(_moment(picture.seconds), picture.frame, source, shape)
            if last_seconds == -np.inf:
                raise no_picture_error(clip)
            return


def constant_rate(seconds: NDArray[np.float64], named_rates: list[Fraction]) -> Fraction | None:
    """The rate at which frames come, or None if it varies.

    Args:
        seconds: (N,), sorted: when each frame comes on screen.
        named_rates: What the file says.

    Returns:
        The first of the named and then of the usual rates on whose grid all frames lie, hardly any grid point being
        empty.
    """
    if len(seconds) < 2:
        return named_rates[0] if named_rates else None
    since_start = seconds - seconds[0]
    mean = (len(seconds) - 1) / since_start[-1] if since_start[-1] > 0 else 0.0
    for rate in (*named_rates, *_STANDARD_RATES):
        if not abs(float(rate) - mean) <= 2 * _MAX_MISSING_SHARE * mean:
            continue
        numbers = np.round(since_start * float(rate))
        is_on_grid = np.abs(numbers / float(rate) - since_start).max() <= _MAX_ROUNDING_SECONDS
        missing = numbers[-1] + 1 - len(numbers)
        if is_on_grid and (np.diff(numbers) > 0).all() and missing <= _MAX_MISSING_SHARE * len(numbers):
            return rate
    return None


def _moment(seconds: float) -> float:
    """Seconds in whole microseconds, so that 7.52 does not read 7.5200000000000005; none before the film's start."""
    return max(0.0, round(seconds, 6))


def _start_timecode(clip: OpenClip) -> str | None:
    """The file's timecode: its picture track's, its timecode track's, or its own."""
    known = [clip.stream.metadata, *(stream.metadata for stream in clip.source.streams.data), clip.source.metadata]
    return next((text for metadata in known if (text := metadata.get("timecode", "").strip())), None)
