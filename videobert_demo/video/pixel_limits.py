"""How large pictures may be, and how much memory FFmpeg gets for them. Knows limits and layouts of samples."""

from __future__ import annotations

from av.video.format import VideoFormat
from av.video.stream import VideoStream

from videobert_demo.errors import ClipTooManyPixelsError
from videobert_demo.types import ClipLimits
from videobert_demo.video.formats import ContainerFormat

MIN_BLOCK_BYTES = 160 * 1024 * 1024
"""What FFmpeg may allocate in one block at least: what its demuxers need."""

# The largest frame of a film takes 6 bytes a pixel (16-bit RGB or 4:4:4), and its borders.
_BLOCK_BYTES_PER_PIXEL = 8
_STILL_BORDERS = 4 / 3
_MOST_BITS_PER_PIXEL = 64


def check_pixels(width: int, height: int, max_pixels: int, name: str) -> None:
    """Raises ClipTooManyPixelsError if a picture of this size, in pixels, is over the limit."""
    if width * height > max_pixels:
        raise ClipTooManyPixelsError(
            "{name} has pictures of {width} x {height} pixels, more than the limit of {most:,} pixels; "
            "save it with a smaller picture, such as 1920 x 1080.",
            name=name,
            width=width,
            height=height,
            most=max_pixels,
        )


def most_pixels(container_format: ContainerFormat, stream: VideoStream, limits: ClipLimits) -> int:
    """How many pixels a picture of this stream may have. Animations are told from photographs by their packets."""
    return most_still_pixels(stream.codec_context.format, limits) if container_format.is_picture else limits.max_pixels


def most_still_pixels(layout: VideoFormat | None, limits: ClipLimits) -> int:
    """How many pixels a photograph may have whose samples lie like this, if that is known."""
    bits = _MOST_BITS_PER_PIXEL if layout is None else max(1, layout.padded_bits_per_pixel)
    return min(limits.max_still_pixels, 8 * limits.max_still_bytes // bits)


def block_bytes(container_format: ContainerFormat, limits: ClipLimits) -> int:
    """The largest block of memory that decoding needs."""
    still_bytes = int(_STILL_BORDERS * limits.max_still_bytes) if container_format.is_picture else 0
    return max(MIN_BLOCK_BYTES, _BLOCK_BYTES_PER_PIXEL * limits.max_pixels, still_bytes)
