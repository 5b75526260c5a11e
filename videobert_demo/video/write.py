"""Writes frames as a VP9 .webm, which browsers play. Knows nothing about where the frames come from."""

from __future__ import annotations

import os
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
    if not 0 <= quality <= 63:
        raise ValueError(f"quality must be in [0, 63], got {quality}")
    ticks = _ticks(frames, frames_per_second)
    height, width = frames.pixels.shape[1:3]
    options = {"crf": str(quality), "b": "0", "deadline": "realtime", "cpu-used": "6", "row-mt": "1"}
    with av.open(os.fspath(path), "w", format="webm") as sink:
        stream = sink.add_stream("libvpx-vp9", rate=_mean_rate(ticks), options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, _TICKS_PER_SECOND)
        # Said in the file, so that a browser does not have to guess by the picture's size.
        stream.codec_context.colorspace = Colorspace.ITU601
        stream.codec_context.color_range = ColorRange.MPEG
        durations = dict(zip(ticks.tolist(), np.diff(ticks).tolist(), strict=False))
        for index, picture in enumerate(frames.pixels):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24").reformat(
                format="yuv420p",
                dst_colorspace=Colorspace.ITU601,
                dst_color_range=ColorRange.MPEG,
                interpolation=Interpolation.BICUBIC,
            )
            frame.pts, frame.time_base = int(ticks[index]), Fraction(1, _TICKS_PER_SECOND)
            _mux(sink, stream.encode(frame), durations)
        _mux(sink, stream.encode(None), durations)


def _mux(sink: OutputContainer, packets: list[Packet[VideoStream]], durations: dict[int, int]) -> None:
    """Writes packets with the durations of their frames, in milliseconds by start; the encoder forgets them."""
    for packet in packets:
        packet.duration = durations[packet.pts or 0]
        sink.mux(packet)


def _ticks(frames: Frames, frames_per_second: float | None) -> NDArray[np.int64]:
    """When each frame begins and the last one ends, int64 (T + 1,), in milliseconds."""
    if frames_per_second is not None:
        if not 0.1 <= frames_per_second <= 240:
            raise ValueError(f"frames_per_second must be in [0.1, 240], got {frames_per_second}")
        return np.round(np.arange(len(frames) + 1) * (_TICKS_PER_SECOND / frames_per_second)).astype(np.int64)
    times = frames.timestamps_seconds - frames.timestamps_seconds[0]
    ticks = np.round(times * _TICKS_PER_SECOND).astype(np.int64)
    if (np.diff(ticks) < 1).any():
        raise ValueError(f"timestamps must be at least a millisecond apart, got {frames.timestamps_seconds.tolist()}")
    last = int(ticks[-1] - ticks[-2]) if len(ticks) > 1 else _TICKS_PER_SECOND
    return np.append(ticks, ticks[-1] + last)


def _mean_rate(ticks: NDArray[np.int64]) -> Fraction:
    return Fraction((len(ticks) - 1) * _TICKS_PER_SECOND, int(ticks[-1])).limit_denominator(1000)
