"""Reads a file that is still being written, such as a recording: pictures come as soon as they are in it.

    file      ============>              bytes are added at its end
    reader        ===========. . .       waits at the end for more, and gives up when nothing came for a while

Only formats that can be played while they grow can be read so: Matroska, WebM, MPEG-TS, FLV, fragmented MP4. Knows
files and pictures; knows nothing about models.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from videobert_demo.errors import ClipError, EmptyClipError, UnreadableClipError
from videobert_demo.types import ClipLimits
from videobert_demo.video.container import HEAD_BYTES, open_regular_file, shown_name
from videobert_demo.video.decode import PictureSource, shown_pixels
from videobert_demo.video.formats import detect_format
from videobert_demo.video.geometry import fit_within, orientation_of, shown_size
from videobert_demo.video.pixel_limits import block_bytes, check_pixels
from videobert_demo.video.source import ffmpeg_blocks_limited, open_unseekable
from videobert_demo.video.tracks import picture_tracks

_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class GrowingPicture:
    """A picture of a file that grows.

    Attributes:
        seconds: When it comes on screen, from the first picture on.
        pixels: uint8 (H, W, 3), RGB.
        behind_seconds: How long ago the bytes came that the reader has read last; it grows while it cannot keep up.
    """

    seconds: float
    pixels: NDArray[np.uint8]
    behind_seconds: float


class GrowingFile:
    """What FFmpeg reads: it cannot seek, and a read at the end waits for more.

    Args:
        file: The open file.
        idle_seconds: How long nothing may come before the file counts as ended.
        is_stopped: Asked while waiting.
    """

    def __init__(self, file: BinaryIO, idle_seconds: float, is_stopped: Callable[[], bool]) -> None:
        self._file, self._idle_seconds, self.is_stopped = file, idle_seconds, is_stopped
        self._caught_up = time.monotonic()

    @property
    def behind_seconds(self) -> float:
        """How long ago there was nothing more to read."""
        return time.monotonic() - self._caught_up

    def read(self, count: int) -> bytes:
        """Up to `count` bytes; none when it has ended."""
        waited_since = time.monotonic()
        while not self.is_stopped():
            data = self._file.read(count)
            if data:
                if len(data) < count:  # that was all there is
                    self._caught_up = time.monotonic()
                return data
            self._caught_up = time.monotonic()
            if self._caught_up - waited_since > self._idle_seconds:
                break
            time.sleep(_POLL_SECONDS)
        return b""


def follow_pictures(
    path: str | os.PathLike[str],
    limits: ClipLimits,
    *,
    step_seconds: float,
    max_side: int,
    idle_seconds: float,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Iterator[GrowingPicture]:
    """Pictures of a file that grows, from its beginning, until it has ended.

    Args:
        path: A file that is being written; one that is finished is read to its end.
        limits: How large its pictures may be.
        step_seconds: How far pictures are apart at least.
        max_side: Their longer side at most, in pixels.
        idle_seconds: How long nothing may be added before the file counts as ended.
        is_stopped: Asked at every picture, and while waiting.

    Raises:
        ClipError: It cannot be read, or not before it is finished.
    """
    name = shown_name(path)
    with open_regular_file(path, name) as file:
        growing = GrowingFile(file, idle_seconds, is_stopped)
        try:
            yield from _pictures(growing, file, name, limits, step_seconds, max_side)
        except ClipError:
            if not is_stopped():  # for someone who has stopped, what was read by then is no damaged file
                raise


def _pictures(
    growing: GrowingFile, file: BinaryIO, name: str, limits: ClipLimits, step_seconds: float, max_side: int
) -> Iterator[GrowingPicture]:
    head = growing.read(HEAD_BYTES)
    while 0 < len(head) < HEAD_BYTES and (more := growing.read(HEAD_BYTES - len(head))):
        head += more
    if not head:
        raise EmptyClipError("{name} is empty (0 bytes); save or download it again.", name=name)
    container_format = detect_format(head, name)
    file.seek(0)
    with (
        ffmpeg_blocks_limited(block_bytes(container_format, limits)),
        open_unseekable(growing, container_format, name) as source,
    ):
        stream = picture_tracks(source, name)[0]
        codec = stream.codec_context
        check_pixels(codec.width, codec.height, limits.max_pixels, name)
        pictures = PictureSource(stream.sample_aspect_ratio, codec.codec.canonical_name, name)
        first, last = None, -np.inf
        for frame in _frames(source, stream, name):
            if growing.is_stopped():
                return
            first = frame.time if first is None else first
            seconds = max(0.0, round(frame.time - first, 6))
            if seconds < last + step_seconds - 1e-3:
                continue
            last = seconds
            check_pixels(frame.width, frame.height, limits.max_pixels, name)
            shape = shown_size(frame.width, frame.height, pictures.pixel_aspect, orientation_of(frame))
            pixels = shown_pixels(pictures, frame, fit_within(*shape, max_side), shape)
            yield GrowingPicture(seconds, pixels, growing.behind_seconds)


def _frames(source: InputContainer, stream: VideoStream, name: str) -> Iterator[VideoFrame]:
    """The pictures that say when they are shown; none of damaged packets."""
    try:
        for packet in source.demux(stream):
            with contextlib.suppress(av.FFmpegError):
                yield from (frame for frame in packet.decode() if frame.pts is not None)
    except (av.FFmpegError, OSError) as error:
        raise UnreadableClipError(
            "{name} is damaged or incomplete; save, download or upload it again.", name=name
        ) from error
