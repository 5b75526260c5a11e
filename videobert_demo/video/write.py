"""Writes frames as a VP9 .webm, which browsers play. Knows nothing about where the frames come from."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from fractions import Fraction

import av
import numpy as np
from av.container import OutputContainer
from av.packet import Packet
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from av.video.stream import VideoStream
from numpy.typing import NDArray

from videobert_demo.types import Frames

_TICKS_PER_SECOND = 1000  # WebM keeps times in milliseconds.


def write_webm(
    path: str | os.PathLike[str], frames: Frames, frames_per_second: float | None = None, *, quality: int = 32
) -> None:
    """Writes a clip without sound, over a file that may be there.

    Args:
        path: Where to write; the name should end in .webm.
        frames: What to write.
        frames_per_second: Shows the frames at this rate, in [0.1, 240]. None shows them at their own timestamps,
            counted from the first; they have to be at least a millisecond apart, and the last frame stands as long as
            the one before.
        quality: VP9's constant quality, from 0 (best) to 63 (smallest).

    Raises:
        ValueError: The rate, the quality or the timestamps cannot be written.
        OSError: The file cannot be written.
    """
    _check_quality(quality)
    ticks = _ticks(frames, frames_per_second)
    spans = zip(ticks[:-1].tolist(), ticks[1:].tolist(), frames.pixels, strict=True)
    _write(path, spans, _mean_rate(ticks), quality)


def stream_webm(
    path: str | os.PathLike[str],
    pictures: Iterable[tuple[float, NDArray[np.uint8]]],
    frames_per_second: float,
    *,
    quality: int = 32,
) -> int:
    """Writes frames as they come, over a file that may be there; memory holds two of them, and the encoder's own.

    Args:
        path: Where to write; the name should end in .webm.
        pictures: At least one: when it comes on screen, in seconds, and uint8 (H, W, 3), RGB, all of one size. Times
            count from the first. A picture that comes less than a millisecond after the one before is left out.
        frames_per_second: Roughly how many there are in a second; this also sets how long the last one stays.
        quality: VP9's constant quality, from 0 (best) to 63 (smallest).

    Returns:
        How many pictures were written.

    Raises:
        ValueError: The rate or the quality cannot be written, or there are no pictures.
        OSError: The file cannot be written.
    """
    _check_quality(quality)
    _check_rate(frames_per_second)
    spans = _spans(pictures, max(1, round(_TICKS_PER_SECOND / frames_per_second)))
    return _write(path, spans, Fraction(frames_per_second).limit_denominator(1000), quality)


def _spans(
    pictures: Iterable[tuple[float, NDArray[np.uint8]]], last_ticks: int
) -> Iterator[tuple[int, int, NDArray[np.uint8]]]:
    """Pictures with their beginning and end, in milliseconds from the first; the last one lasts `last_ticks`."""
    waiting: tuple[int, NDArray[np.uint8]] | None = None
    zero_seconds = 0.0
    for seconds, pixels in pictures:
        if waiting is None:
            zero_seconds, waiting = seconds, (0, pixels)
            continue
        ticks = round((seconds - zero_seconds) * _TICKS_PER_SECOND)
        if ticks > waiting[0]:
            yield waiting[0], ticks, waiting[1]
            waiting = (ticks, pixels)
    if waiting is not None:
        yield waiting[0], waiting[0] + last_ticks, waiting[1]


def _write(
    path: str | os.PathLike[str], spans: Iterable[tuple[int, int, NDArray[np.uint8]]], rate: Fraction, quality: int
) -> int:
    """Writes pictures with their beginning and end, in milliseconds, and returns how many they were."""
    remaining = iter(spans)
    first = next(remaining, None)
    if first is None:
        raise ValueError("there are no pictures to write")
    height, width = first[2].shape[:2]
    options = {"crf": str(quality), "b": "0", "deadline": "realtime", "cpu-used": "6", "row-mt": "1"}
    durations: dict[int, int] = {}
    with av.open(os.fspath(path), "w", format="webm") as sink:
        stream = sink.add_stream("libvpx-vp9", rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, _TICKS_PER_SECOND)
        # Stored in the file, so that a browser does not have to guess from the picture's size.
        stream.codec_context.colorspace = Colorspace.ITU601
        stream.codec_context.color_range = ColorRange.MPEG
        for begin, end, picture in itertools.chain([first], remaining):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24").reformat(
                format="yuv420p",
                dst_colorspace=Colorspace.ITU601,
                dst_color_range=ColorRange.MPEG,
                interpolation=Interpolation.BICUBIC,
            )
            frame.pts, frame.time_base = begin, Fraction(1, _TICKS_PER_SECOND)
            durations[begin] = end - begin
            _mux(sink, stream.encode(frame), durations)
        _mux(sink, stream.encode(None), durations)
    return len(durations)


def _check_quality(quality: int) -> None:
    if not 0 <= quality <= 63:
        raise ValueError(f"quality must be in [0, 63], got {quality}")


def _check_rate(frames_per_second: float) -> None:
    if not 0.1 <= frames_per_second <= 240:
        raise ValueError(f"frames_per_second must be in [0.1, 240], got {frames_per_second}")


def _mux(sink: OutputContainer, packets: list[Packet[VideoStream]], durations: dict[int, int]) -> None:
    """Writes packets with the durations of their frames, in milliseconds by start; the encoder forgets them."""
    for packet in packets:
        packet.duration = durations[packet.pts or 0]
        sink.mux(packet)


def _ticks(frames: Frames, frames_per_second: float | None) -> NDArray[np.int64]:
    """When each frame begins and the last one ends, int64 (T + 1,), in milliseconds."""
    if frames_per_second is not None:
        _check_rate(frames_per_second)
        return np.round(np.arange(len(frames) + 1) * (_TICKS_PER_SECOND / frames_per_second)).astype(np.int64)
    times = frames.timestamps_seconds - frames.timestamps_seconds[0]
    ticks = np.round(times * _TICKS_PER_SECOND).astype(np.int64)
    if (np.diff(ticks) < 1).any():
        raise ValueError(f"timestamps must be at least a millisecond apart, got {frames.timestamps_seconds.tolist()}")
    last = int(ticks[-1] - ticks[-2]) if len(ticks) > 1 else _TICKS_PER_SECOND
    return np.append(ticks, ticks[-1] + last)


def _mean_rate(ticks: NDArray[np.int64]) -> Fraction:
    return Fraction((len(ticks) - 1) * _TICKS_PER_SECOND, int(ticks[-1])).limit_denominator(1000)
