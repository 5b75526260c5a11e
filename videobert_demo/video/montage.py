"""Writes a film of parts of other films, one after another, with their sound in step: a reel, or a film that was cut.

    film A   ----[=====]-------[==]----
    film B   --[===]-------------------
    montage      [=====][==][===]           pictures and sound are decoded, cut at the very moment, and encoded again

Every part is shown as its film is, scaled into the montage's picture. Sound is cut to the sample; where a part has none
there is silence, so that what follows stays in step. Knows files and times; does not know why a part was chosen.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from av.video.stream import VideoStream
from numpy.typing import NDArray

from videobert_demo.types import ClipLimits
from videobert_demo.video.film import Film, FilmPicture, read_film, stream_film
from videobert_demo.video.geometry import fit_into, fit_within
from videobert_demo.video.packets import PacketTable
from videobert_demo.video.sampling import PacketRun
from videobert_demo.video.sound import SOUND_RATE, sound_of

SUFFIXES = (".mp4", ".m4v", ".mov", ".mkv", ".webm")
"""Names of montages end with one of these; a .webm is VP9 with Opus, all others are H.264 with AAC."""
MAX_SIDE = 1280
"""The longer side of a montage's picture, in pixels, at most."""

_TICKS_PER_SECOND = 90000
_DEFAULT_RATE = Fraction(30)
_MAX_RATE = Fraction(60)
_SAME_MOMENT_SECONDS = 1e-3


@dataclass(frozen=True, slots=True)
class FilmPart:
    """A part of a film.

    Attributes:
        path: The film's file.
        start_seconds, end_seconds: Where the part starts and ends; the end is not included.

    Raises:
        ValueError: The part is empty.
    """

    path: str
    start_seconds: float
    end_seconds: float

    def __post_init__(self) -> None:
        if not 0 <= self.start_seconds < self.end_seconds:
            raise ValueError(f"a part from {self.start_seconds} s to {self.end_seconds} s")

    @property
    def duration_seconds(self) -> float:
        """How long it plays."""
        return self.end_seconds - self.start_seconds


def write_montage(
    parts: Sequence[FilmPart], out: str | os.PathLike[str], *, limits: ClipLimits, max_side: int = MAX_SIDE
) -> float:
    """Writes parts of films one after another, over a file that may be there.

    Args:
        parts: At least one, in the order of showing.
        out: Where to write, none of the films; its name ends with one of `SUFFIXES`. It appears when it is whole.
        limits: What each film may cost.
        max_side: The longer side of the picture at most, in pixels. Its shape is that of the first film.

    Returns:
        How long it plays, in seconds.

    Raises:
        ClipError: A film cannot be read.
        ValueError: There are no parts, or `out` has another ending, or is one of the films.
        OSError: The montage cannot be written.
    """
    target = Path(out)
    if not parts:
        raise ValueError("a montage needs at least one part")
    if target.suffix.lower() not in SUFFIXES:
        raise ValueError(f"the montage's name must end with one of {SUFFIXES}, got {target.name!r}")
    if target.exists() and any(target.samefile(part.path) for part in parts):
        raise ValueError(f"the montage must be another file than its films, got {target.name!r}")
    films = {path: read_film(path, limits) for path in dict.fromkeys(part.path for part in parts)}
    first = films[parts[0].path]
    width, height = (side - side % 2 for side in fit_within(first.info.width, first.info.height, max_side))
    has_sound = any(film.has_sound for film in films.values())
    unfinished = target.with_name(f".{target.name}.part{target.suffix}")
    try:
        with av.open(str(unfinished), "w") as sink:
            montage = _Montage(sink, target.suffix.lower(), (max(2, width), max(2, height)), _rate(first), has_sound)
            for part in parts:
                montage.add(part, films[part.path], limits)
            montage.close()
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return montage.seconds


def _rate(film: Film) -> Fraction:
    """The rate that the encoder is told; the pictures keep their own moments."""
    rate = film.frame_rate or Fraction(film.info.frames_per_second).limit_denominator(1001)
    return min(rate, _MAX_RATE) if rate > 0 else _DEFAULT_RATE


class _Montage:
    """A montage that is being written.

    Attributes:
        seconds: How long it is so far.
    """

    def __init__(
        self, sink: OutputContainer, suffix: str, size: tuple[int, int], rate: Fraction, has_sound: bool
    ) -> None:
        self._sink, self._size, self._period_seconds = sink, size, 1 / float(rate)
        self._picture = _picture_stream(sink, suffix, size, rate)
        self._sound = _sound_stream(sink, suffix) if has_sound else None
        self._last: FilmPicture | None = None
        self._last_tick = -1
        self._samples = 0
        self.seconds = 0.0

    def add(self, part: FilmPart, film: Film, limits: ClipLimits) -> None:
        """Appends a part; what lies behind the film's end is left out."""
        end_seconds = min(part.end_seconds, film.end_seconds)
        if end_seconds <= part.start_seconds:
            return
        sound = sound_of(part.path, film, part.start_seconds, end_seconds) if film.has_sound else iter(())
        for seconds, picture in _pictures_of(part, film, limits):
            at = self.seconds + max(0.0, seconds - part.start_seconds)
            self._show(at, picture)
            self._play(sound, at)
        self.seconds += end_seconds - part.start_seconds
        self._play(sound, self.seconds)
        self._be_silent()

    def close(self) -> None:
        """Shows the last picture to the end, and ends both tracks."""
        at = self.seconds - self._period_seconds
        if self._last is not None and round(at * _TICKS_PER_SECOND) - self._last_tick > _TICKS_PER_SECOND / 1000:
            self._show(at, self._last)
        self._sink.mux(self._picture.encode(None))
        if self._sound is not None:
            self._sink.mux(self._sound.encode(None))

    def _show(self, seconds: float, picture: FilmPicture) -> None:
        tick = round(seconds * _TICKS_PER_SECOND)
        if tick <= self._last_tick:
            return
        self._last_tick, self._last = tick, picture
        pixels = _into(picture.pixels(max(self._size)), self._size)
        frame = VideoFrame.from_ndarray(pixels, format="rgb24").reformat(
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BICUBIC,
        )
        frame.pts, frame.time_base = tick, Fraction(1, _TICKS_PER_SECOND)
        self._sink.mux(self._picture.encode(frame))

    def _play(self, sound: Iterator[NDArray[np.float32]], seconds: float) -> None:
        """Appends sound, (2, samples) at a time, up to a moment of the montage at least, if there is as much."""
        while self._sound is not None and self._samples < round(seconds * SOUND_RATE):
            samples = next(sound, None)
            if samples is None:
                return
            self._encode(samples)

    def _be_silent(self) -> None:
        """Fills the sound up to where the pictures end."""
        missing = round(self.seconds * SOUND_RATE) - self._samples
        if self._sound is not None and missing > 0:
            self._encode(np.zeros((2, missing), np.float32))

    def _encode(self, samples: NDArray[np.float32]) -> None:
        if self._sound is None or not samples.shape[1]:
            return
        packed = np.ascontiguousarray(samples)
        if self._sound.codec_context.format.name == "flt":
            packed = np.ascontiguousarray(packed.T).reshape(1, -1)
        frame = AudioFrame.from_ndarray(packed, format=self._sound.codec_context.format.name, layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, self._samples, Fraction(1, SOUND_RATE)
        self._samples += samples.shape[1]
        self._sink.mux(self._sound.encode(frame))


def _picture_stream(sink: OutputContainer, suffix: str, size: tuple[int, int], rate: Fraction) -> VideoStream:
    options = (
        {"crf": "32", "b": "0", "deadline": "realtime", "cpu-used": "6", "row-mt": "1"}
        if suffix == ".webm"
        else {"preset": "veryfast", "crf": "21"}
    )
    stream = sink.add_stream("libvpx-vp9" if suffix == ".webm" else "libx264", rate=rate, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.time_base = stream.codec_context.time_base = Fraction(1, _TICKS_PER_SECOND)
    stream.codec_context.colorspace, stream.codec_context.color_range = Colorspace.ITU709, ColorRange.MPEG
    return stream


def _sound_stream(sink: OutputContainer, suffix: str) -> AudioStream:
    stream: AudioStream = sink.add_stream("libopus" if suffix == ".webm" else "aac", rate=SOUND_RATE)
    stream.codec_context.layout = "stereo"
    stream.codec_context.format = "flt" if suffix == ".webm" else "fltp"
    return stream


def _pictures_of(part: FilmPart, film: Film, limits: ClipLimits) -> Iterator[tuple[float, FilmPicture]]:
    """The pictures of a part; the one that stands at its start comes first."""
    before: FilmPicture | None = None
    for picture in stream_film(part.path, film, limits, _runs(film.table, part)):
        if picture.seconds >= part.end_seconds - _SAME_MOMENT_SECONDS:
            break
        if picture.seconds < part.start_seconds - _SAME_MOMENT_SECONDS:
            before = picture
            continue
        if before is not None and picture.seconds > part.start_seconds + _SAME_MOMENT_SECONDS:
            yield part.start_seconds, before
        before = None
        yield picture.seconds, picture
    if before is not None:
        yield part.start_seconds, before


def _runs(table: PacketTable, part: FilmPart) -> list[PacketRun] | None:
    """What has to be decoded for a part: from the keyframe before it on."""
    if table.is_ranked:
        return None
    early = np.flatnonzero(table.is_keyframe & (table.seconds <= part.start_seconds + _SAME_MOMENT_SECONDS))
    if not len(early):
        return None
    late = np.flatnonzero(table.is_keyframe & (table.seconds >= part.end_seconds))
    first, last = int(early[-1]), int(late[0]) if len(late) else len(table.seconds) - 1
    return [PacketRun(first, last, frozenset(range(first, last + 1)))]


def _into(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """A picture (H, W, 3) scaled into the middle of a black one of a size (width, height)."""
    width, height = size
    if pixels.shape[1::-1] == size:
        return pixels
    inner = fit_into(pixels.shape[1], pixels.shape[0], width, height)
    scaled = VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24").reformat(*inner).to_ndarray()
    whole = np.zeros((height, width, 3), np.uint8)
    top, left = (height - inner[1]) // 2, (width - inner[0]) // 2
    whole[top : top + inner[1], left : left + inner[0]] = scaled
    return whole
