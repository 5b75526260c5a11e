"""Unpacks an animated WebP, which FFmpeg does not read, into a file that it does read. Knows Pillow and one encoder.

Pillow gives the pictures with their times; they are stored without loss (FFV1 in Matroska) in a file without a name,
which takes several times the space of the WebP. Everything else then goes its usual way.

Layout of the header, RFC 9649, 2.7: RIFF size WEBP VP8X size, one byte of flags, three reserved, then width - 1 and
height - 1 of the canvas in three bytes each.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import BinaryIO, cast

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from videobert_demo.errors import ClipTooLargeError, UnreadableClipError
from videobert_demo.video.colour import on_white

MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
"""The most space that the pictures may take."""

_ANIMATION_FLAG = 2
_TICKS_PER_SECOND = 1000
# As FFmpeg and browsers show GIFs: a picture that is to be shown for no time at all is shown for a tenth of a second.
_SHORTEST_MS, _USUAL_MS = 10, 100
# What Pillow raises on damaged files; those of the system, such as a full disk, have a number.
_DAMAGE = (UnidentifiedImageError, EOFError, SyntaxError, ValueError, OSError)


def is_animated(head: bytes) -> bool:
    """Whether a WebP's first bytes announce an animation."""
    return head[12:16] == b"VP8X" and bool(head[20:21]) and bool(head[20] & _ANIMATION_FLAG)


def canvas_size(head: bytes) -> tuple[int, int]:
    """Width and height of an animation, from its first 30 bytes; (1, 1) if there are fewer."""
    width, height = head[24:27].ljust(3, b"\0"), head[27:30].ljust(3, b"\0")
    return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1


def unpack_animation(file: BinaryIO, name: str, check_time: Callable[[], None]) -> BinaryIO:
    """Copies the pictures into a file that FFmpeg reads; of a damaged animation those before the damage.

    Args:
        file: The WebP; it is read from its beginning.
        name: The clip, for messages.
        check_time: Called before each picture; raises if it takes too long.

    Returns:
        A Matroska file, open and without a name; closing it deletes it.

    Raises:
        UnreadableClipError: Not even the first picture can be read.
        ClipTooLargeError: The pictures take too much space.
        OSError: There is no space left.
    """
    unpacked = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes it
    try:
        _store(_pictures(file, name, check_time), unpacked, name)
    except BaseException:
        unpacked.close()
        raise
    return unpacked


def _pictures(
    file: BinaryIO, name: str, check_time: Callable[[], None]
) -> Iterator[tuple[int, int, NDArray[np.uint8]]]:
    """When each picture comes on screen, in milliseconds, for how long, and its pixels (H, W, 3), RGB, on white."""
    file.seek(0)
    start, number = 0, 0
    try:
        with Image.open(file, formats=["WEBP"]) as animation:
            for number in range(getattr(animation, "n_frames", 1)):
                check_time()
                animation.seek(number)
                shown = np.asarray(animation.convert("RGBA"))
                duration = int(animation.info.get("duration", 0))
                duration = duration if duration > _SHORTEST_MS else _USUAL_MS
                yield start, duration, on_white(shown)
                start += duration
    except _DAMAGE as error:
        if getattr(error, "errno", None) is not None:
            raise
        if start == 0:
            raise UnreadableClipError(
                "{name} is damaged or incomplete; save, download or upload it again.", name=name
            ) from error


def _store(pictures: Iterator[tuple[int, int, NDArray[np.uint8]]], unpacked: BinaryIO, name: str) -> None:
    with av.open(unpacked, "w", format="matroska") as sink:
        stream = sink.add_stream("ffv1", rate=Fraction(_TICKS_PER_SECOND, _USUAL_MS))
        stream.time_base = stream.codec_context.time_base = Fraction(1, _TICKS_PER_SECOND)
        stream.pix_fmt = "bgr0"
        stored_bytes = 0
        for start, duration, pixels in pictures:
            if start == 0:  # all are as large as the canvas
                stream.height, stream.width = pixels.shape[:2]
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="bgr0")
            frame.pts, frame.time_base = start, Fraction(1, _TICKS_PER_SECOND)
            for packet in stream.encode(frame):
                packet.duration = duration
                stored_bytes += packet.size
                sink.mux(packet)
            if stored_bytes > MAX_UNPACKED_BYTES:
                raise ClipTooLargeError(
                    "{name} takes too much space when it is unpacked; save it as an MP4.", name=name
                )
        sink.mux(stream.encode(None))
