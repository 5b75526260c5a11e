"""Turns a decoded frame into RGB pixels of a size. Knows how files store colours; knows nothing about time."""

from __future__ import annotations

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, Colorspace, ColorTrc, Interpolation
from numpy.typing import NDArray

from videobert_demo.errors import UnsupportedClipError
from videobert_demo.video import dolby
from videobert_demo.video.hdr import PQ_PEAK_NITS, SDR_WHITE_NITS, Primaries, Transfer, shown_light, to_sdr

HD_LINES = 720
"""Pictures with as many lines that do not tell their colour matrix have that of BT.709, smaller ones BT.601's."""

# Without these swscale gives one colour to two pixels and rounds down: up to 4 levels too dark, against 1.
_EXACT_COLOURS = Interpolation.FULL_CHR_H_INT | Interpolation.FULL_CHR_H_INP | Interpolation.ACCURATE_RND
# Their standards fix the matrix (RFC 6386, 9.2; JFIF), whatever the size.
_CODECS_WITH_BT601 = frozenset({"vp8", "mjpeg", "webp"})
_UNTAGGED = frozenset({2, 3})  # AVCOL_SPC_UNSPECIFIED, AVCOL_SPC_RESERVED
_TRANSFERS: dict[int, Transfer] = {ColorTrc.SMPTE2084: "pq", ColorTrc.ARIB_STD_B67: "hlg"}
_PRIMARIES: dict[int, Primaries] = {
    ColorPrimaries.BT2020: "bt2020",
    ColorPrimaries.SMPTE431: "p3",
    ColorPrimaries.SMPTE432: "p3",
    ColorPrimaries.BT709: "bt709",
}


def to_rgb(frame: VideoFrame, width: int, height: int, codec: str, name: str) -> NDArray[np.uint8]:
    """Scales a frame and turns its colours into those of an ordinary display.

    Args:
        frame: As the decoder gives it.
        width: Of the result, in pixels.
        height: Of the result, in pixels.
        codec: FFmpeg's name of the codec.
        name: The clip, for messages.

    Returns:
        uint8 (height, width, 3), RGB. HDR (PQ, HLG, Dolby Vision) and wide-gamut pictures are converted, and what is
        transparent stands on white.

    Raises:
        UnsupportedClipError: The pixels are stored in a way that cannot be converted.
    """
    colours = dolby.colours_of(frame)
    if colours is not None:
        planes = _scaled(frame, width, height, "yuv444p16le", None, name).astype(np.uint16)
        light = dolby.light_of(planes, colours) * np.float32(PQ_PEAK_NITS / SDR_WHITE_NITS)
        return shown_light(light, "bt2020")
    transfer = _TRANSFERS.get(frame.color_trc, "sdr")
    primaries = _PRIMARIES.get(frame.color_primaries, "bt709" if transfer == "sdr" else "bt2020")
    if transfer == "sdr" and primaries == "bt709":
        has_alpha = any(component.is_alpha for component in frame.format.components)
        layout = "rgba" if has_alpha else "rgb24"
        pixels = _scaled(frame, width, height, layout, _matrix(frame, codec), name).astype(np.uint8, copy=False)
        return on_white(pixels) if has_alpha else pixels
    matrix = Colorspace.BT2020 if transfer != "sdr" and frame.colorspace in _UNTAGGED else _matrix(frame, codec)
    return to_sdr(_scaled(frame, width, height, "rgb48le", matrix, name).astype(np.uint16), transfer, primaries)


def on_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture with transparency as viewers show it, on white paper; what it stores under a clear place is anything.

    Args:
        pixels: (H, W, 4), RGB and opacity, not premultiplied.

    Returns:
        (H, W, 3), RGB.
    """
    colours, opacity = pixels[..., :3].astype(np.uint16), pixels[..., 3:].astype(np.uint16)
    return ((colours * opacity + 255 * (255 - opacity) + 127) // 255).astype(np.uint8)


def _matrix(frame: VideoFrame, codec: str) -> Colorspace | None:
    """The colour matrix to assume for a frame that names none, or None for one that does or needs none."""
    if frame.colorspace not in _UNTAGGED or frame.format.is_rgb:
        return None
    is_hd = frame.height >= HD_LINES and codec not in _CODECS_WITH_BT601
    return Colorspace.ITU709 if is_hd else Colorspace.ITU601


def _scaled(
    frame: VideoFrame, width: int, height: int, layout: str, matrix: Colorspace | None, name: str
) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """The frame's pixels as RGB, with opacity if the layout has it, of a size; 8 or 16 bits a sample."""
    is_smaller = width < frame.width or height < frame.height
    interpolation = (Interpolation.AREA if is_smaller else Interpolation.BICUBIC) | _EXACT_COLOURS
    # Some files name a colour matrix that nobody uses; the usual one shows them well.
    for assumed in (matrix, Colorspace.ITU601):
        try:
            scaled = frame.reformat(
                width, height, layout, src_colorspace=assumed, interpolation=interpolation, threads=1
            )
        except (av.FFmpegError, OSError, ValueError):
            continue
        return scaled.to_ndarray()  # type: ignore[return-value]
    raise UnsupportedClipError(
        "{name} stores its pictures in a way that cannot be shown here ({layout}); convert it to an MP4 with H.264.",
        name=name,
        layout=frame.format.name,
    )
