"""Clips whose colours are stored in another way than an ordinary display shows them: HDR, wide gamut, HD matrices.

The conversions go from SDR to HDR and are written anew from the standards, apart from the reader's. Every function
writes one file. Knows nothing about the reader.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from tests.resources.real_layers import BEND_CONSTANT, BEND_LINES, BEND_MIX, BEND_PIVOTS

PQ, HLG, BT709 = 16, 18, 1
BT2020_PRIMARIES, P3_PRIMARIES = 9, 12
_LUMINANCE = np.array([0.2627, 0.6780, 0.0593])
_BT709_TO = {
    BT2020_PRIMARIES: np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]),
    P3_PRIMARIES: np.array([[0.8225, 0.1774, 0.0], [0.0332, 0.9669, 0.0], [0.0171, 0.0724, 0.9108]]),
}
_BT2020_TO_XYZ = np.array([[0.636958, 0.144617, 0.168881], [0.2627, 0.677998, 0.059302], [0, 0.028073, 1.060985]])
_TO_CONES = np.array([[0.40024, 0.70760, -0.08081], [-0.22630, 1.16532, 0.04570], [0, 0, 0.91822]])
_TO_IPT = np.array([[0.4, 0.4, 0.2], [4.455, -4.851, 0.396], [0.8056, 0.3572, -1.1628]])


def soft_picture(width: int = 128, height: int = 96) -> NDArray[np.uint8]:
    """Colours that run into each other over the whole range, (height, width, 3)."""
    down, right = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]  # type: ignore[misc]
    return np.stack([255 * right, 255 * down, 255 * (1 - right) * (1 - down)], axis=2).round().astype(np.uint8)


def signal_of(picture: NDArray[np.uint8], transfer: int, primaries: int, white_nits: float) -> NDArray[np.float64]:
    """A picture of SDR video as RGB of another transfer function and primaries, in [0, 1]; white gets `white_nits`.

    Its light is that of a BT.1886 display, as Report BT.2408, 5.1, asks for SDR in HDR.
    """
    light = (picture / 255) ** 2.4 @ _BT709_TO[primaries].T
    if transfer == BT709:
        return light ** (1 / 2.4)
    if transfer == PQ:
        power = (light * white_nits / 10_000) ** (2610 / 16384)
        return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375
    display = light * white_nits / 1000
    luminance = np.maximum(display @ _LUMINANCE, 1e-9)[..., None]
    scene = display * luminance ** (1 / 1.2 - 1)
    log = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), log)


def hdr(path: Path, picture: NDArray[np.uint8], transfer: int, primaries: int, white_nits: float = 203.0) -> Path:
    """Three frames of 10-bit HEVC, as phones record it, that show an SDR picture.

    Args:
        path: Where to write.
        picture: What is seen, (H, W, 3), sides even.
        transfer: PQ, HLG or BT709.
        primaries: BT2020_PRIMARIES or P3_PRIMARIES.
        white_nits: How bright white is.
    """
    signal = np.round(65535 * signal_of(picture, transfer, primaries, white_nits).clip(0, 1)).astype(np.uint16)
    matrix = 9 if primaries == BT2020_PRIMARIES else 1
    frame = av.VideoFrame.from_ndarray(signal, format="rgb48le")
    frame = frame.reformat(format="yuv420p10le", dst_colorspace=matrix, dst_color_range=1)
    return _deep(path, frame, colorspace=matrix, color_range=1, color_trc=transfer, color_primaries=primaries)


def bent_ipt(path: Path, picture: NDArray[np.uint8]) -> Path:
    """Three frames of 10-bit HEVC that show an SDR picture in IPT-PQ-c2, bent as Dolby Vision's metadata undo it.

    The steps are those of F. Ebner's IPT (1998) with PQ in place of its power and 2 % of crosstalk between the cones of
    Hunt, Pointer and Estevez. `real_layers.dolby_vision` adds the metadata. Arguments as for `hdr`; white has 203 nits.
    """
    light = (picture / 255) ** 2.4 @ _BT709_TO[BT2020_PRIMARIES].T * (203 / 10_000)
    cones = light @ (_TO_CONES @ _BT2020_TO_XYZ).T
    power = np.maximum(cones @ (0.94 * np.eye(3) + 0.02).T, 0) ** (2610 / 16384)
    i, p, t = np.moveaxis((((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375) @ _TO_IPT.T, 2, 0)
    (_, slope), (constant, later_slope) = BEND_LINES
    i = np.where(i < slope * BEND_PIVOTS[1] / BEND_PIVOTS[2], i / slope, (i - constant) / later_slope)
    p = p + 0.5 - BEND_CONSTANT - BEND_MIX[0] * i
    planes = np.round(65535 * np.stack([i, p, t + 0.5], axis=2).clip(0, 1)).astype(np.uint16)
    frame = av.VideoFrame.from_ndarray(planes, format="yuv444p16le")
    frame.color_range = 2
    frame = frame.reformat(format="yuv420p10le", src_color_range=2, dst_color_range=2)
    return _deep(path, frame, color_range=2)


def _deep(path: Path, frame: av.VideoFrame, **named: int) -> Path:
    """Three frames of 10-bit HEVC, all of them this one, with what is said of their colours."""
    options = {"x265-params": "log-level=none:pools=1", "preset": "ultrafast", "crf": "4"}
    with av.open(str(path), "w") as sink:
        stream: Any = sink.add_stream("libx265", rate=25, options=options)
        stream.height, stream.width, stream.pix_fmt = frame.height, frame.width, "yuv420p10le"
        for name, value in named.items():
            setattr(stream.codec_context, name, value)
        for number in range(3):
            frame.pts, frame.time_base = number, Fraction(1, 25)
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return path


def untagged(path: Path, picture: NDArray[np.uint8], matrix: int, codec: str = "libx264", *, is_tagged: bool) -> Path:
    """Two frames stored by a colour matrix (1 is BT.709, 5 BT.601), which the file names or does not.

    Args:
        path: Where to write.
        picture: What is seen, (H, W, 3), sides even.
        matrix: FFmpeg's number of the colour matrix.
        codec: FFmpeg's name of the encoder.
        is_tagged: Whether the file names the matrix.
    """
    options = {"preset": "ultrafast", "qp": "4"} if codec == "libx264" else {"deadline": "realtime", "b": "20M"}
    with av.open(str(path), "w") as sink:
        stream: Any = sink.add_stream(codec, rate=25, options=options)
        stream.height, stream.width = picture.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.colorspace = matrix if is_tagged else 2
        for number in range(2):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame = frame.reformat(format="yuv420p", dst_colorspace=matrix, dst_color_range=1)
            frame.colorspace = matrix if is_tagged else 2
            frame.pts, frame.time_base = number, Fraction(1, 25)
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return path
