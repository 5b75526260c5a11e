"""Shows films in Dolby Vision whose pictures are no colours without their metadata: profile 5, and 10.0 in AV1.

Their planes hold IPT-PQ-c2: intensity and two opponent colours, bent by curves that every picture brings along. The way
back, and what the metadata hold, are those of ETSI GS CCM 001, clauses 5.3 and C: each plane through its curve, a
matrix to LMS in PQ, PQ's light, a matrix that takes the crosstalk away, and the LMS of Hunt, Pointer and Estevez to
BT.2020's primaries. All other profiles have a base layer that colour.py shows.

FFmpeg hands the metadata on as a structure of its own (AVDOVIMetadata, libavutil/dovi_meta.h). It tells where its parts
begin, and new fields come last. Knows these metadata and arrays; knows nothing about files.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from videobert_demo.video.hdr import pq_light
from videobert_demo.video.side_data import side_data_of

_MAX_PIECES = 8
_LMS_TO_BT2020 = np.array(
    [
        [3.06441879, -2.16597676, 0.10155818],
        [-0.65612108, 1.78554118, -0.12943749],
        [0.01736321, -0.04725154, 1.03004253],
    ]
)


class _Head(ctypes.Structure):
    _fields_ = [
        ("header_offset", ctypes.c_size_t),
        ("mapping_offset", ctypes.c_size_t),
        ("color_offset", ctypes.c_size_t),
    ]


class _Header(ctypes.Structure):
    _fields_ = [
        ("rpu_type", ctypes.c_uint8),
        ("rpu_format", ctypes.c_uint16),
        ("vdr_rpu_profile", ctypes.c_uint8),
        ("vdr_rpu_level", ctypes.c_uint8),
        ("chroma_resampling_explicit_filter_flag", ctypes.c_uint8),
        ("coef_data_type", ctypes.c_uint8),
        ("coef_log2_denom", ctypes.c_uint8),
        ("vdr_rpu_normalized_idc", ctypes.c_uint8),
        ("bl_video_full_range_flag", ctypes.c_uint8),
        ("bl_bit_depth", ctypes.c_uint8),
    ]


class _Curve(ctypes.Structure):
    _fields_ = [
        ("num_pivots", ctypes.c_uint8),
        ("pivots", ctypes.c_uint16 * (_MAX_PIECES + 1)),
        ("mapping_idc", ctypes.c_int * _MAX_PIECES),
        ("poly_order", ctypes.c_uint8 * _MAX_PIECES),
        ("poly_coef", ctypes.c_int64 * 3 * _MAX_PIECES),
        ("mmr_order", ctypes.c_uint8 * _MAX_PIECES),
        ("mmr_constant", ctypes.c_int64 * _MAX_PIECES),
        ("mmr_coef", ctypes.c_int64 * 7 * 3 * _MAX_PIECES),
    ]


class _Mapping(ctypes.Structure):
    _fields_ = [
        ("vdr_rpu_id", ctypes.c_uint8),
        ("mapping_color_space", ctypes.c_uint8),
        ("mapping_chroma_format_idc", ctypes.c_uint8),
        ("curves", _Curve * 3),
    ]


class _Colour(ctypes.Structure):
    _fields_ = [
        ("dm_metadata_id", ctypes.c_uint8),
        ("scene_refresh_flag", ctypes.c_uint8),
        ("ycc_to_rgb_matrix", ctypes.c_int * 2 * 9),
        ("ycc_to_rgb_offset", ctypes.c_int * 2 * 3),
        ("rgb_to_lms_matrix", ctypes.c_int * 2 * 9),
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """How a plane's signals between two pivots are bent.

    Attributes:
        start: The smallest signal that belongs to it, in [0, 1].
        constant: What is added.
        powers: (N,), of the plane's own signal, its square ...; none if the planes are mixed.
        mixed: (O, 7), by which the O first powers of i, p, t, ip, it, pt and ipt are multiplied; none if it is a
            polynomial.
    """

    start: float
    constant: float
    powers: NDArray[np.float64]
    mixed: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Colours:
    """What a picture's metadata say of its colours.

    Attributes:
        curves: The pieces of each of the three planes, in order.
        to_lms: (3, 3), from the bent signals to LMS in PQ.
        neutral: (3,), the bent signals of black.
        without_crosstalk: (3, 3), from LMS light to that of the eye's three receptors.
    """

    curves: tuple[Sequence[Piece], Sequence[Piece], Sequence[Piece]]
    to_lms: NDArray[np.float64]
    neutral: NDArray[np.float64]
    without_crosstalk: NDArray[np.float64]


def colours_of(frame: VideoFrame) -> Colours | None:
    """What has to be known to show a frame, or None for one whose base layer is a picture, or that says nothing.

    Profile 5 is told from the others as FFmpeg tells it: its metadata are of profile 0, and its planes use all values.
    """
    side_data = side_data_of(frame)
    if Type.DOVI_METADATA not in side_data:
        return None
    data = bytes(side_data[Type.DOVI_METADATA])
    try:
        head = _Head.from_buffer_copy(data)
        header = _Header.from_buffer_copy(data, head.header_offset)
        if header.vdr_rpu_profile != 0 or not header.bl_video_full_range_flag:
            return None
        mapping = _Mapping.from_buffer_copy(data, head.mapping_offset)
        colour = _Colour.from_buffer_copy(data, head.color_offset)
    except ValueError:  # shorter than it says
        return None
    one, largest = 1 << header.coef_log2_denom, (1 << header.bl_bit_depth) - 1
    first, second, third = (tuple(_pieces(curve, one, largest)) for curve in mapping.curves)
    return Colours(
        (first, second, third),
        _fractions(colour.ycc_to_rgb_matrix).reshape(3, 3),
        _fractions(colour.ycc_to_rgb_offset),
        _fractions(colour.rgb_to_lms_matrix).reshape(3, 3),
    )


def light_of(planes: NDArray[np.uint16], colours: Colours) -> NDArray[np.float32]:
    """The light that a picture stands for.

    Args:
        planes: (H, W, 3), intensity and the two opponent colours; 65535 is the largest signal.
        colours: What its metadata say.

    Returns:
        float32 (H, W, 3), linear, of BT.2020's primaries; 1 is 10,000 candela per square metre.
    """
    signals = planes.reshape(-1, 3).T / 65535.0  # (H, W, 3) -> (3, H W)
    bent = np.stack([_bend(signals, plane, colours.curves[plane]) for plane in range(3)])
    lms = pq_light(np.clip(colours.to_lms @ (bent - colours.neutral[:, None]), 0, 1))
    light = (_LMS_TO_BT2020 @ colours.without_crosstalk) @ lms
    shown: NDArray[np.float32] = light.T.reshape(planes.shape).astype(np.float32)  # (3, H W) -> (H, W, 3)
    return shown


def _bend(signals: NDArray[np.float64], plane: int, pieces: Sequence[Piece]) -> NDArray[np.float64]:
    """One plane of (3, N) signals through its curve, (N,)."""
    own: NDArray[np.float64] = signals[plane]
    if not pieces:
        return own
    bent: NDArray[np.float64] = np.empty_like(own)
    places = np.maximum(np.searchsorted([piece.start for piece in pieces], own, side="right") - 1, 0)
    for place, piece in enumerate(pieces):
        inside = places == place
        values = np.full(int(inside.sum()), piece.constant)
        for power, coefficient in enumerate(piece.powers, 1):
            values += coefficient * own[inside] ** power
        if len(piece.mixed):
            i, p, t = signals[:, inside]
            products = np.stack([i, p, t, i * p, i * t, p * t, i * p * t])
            for power, coefficients in enumerate(piece.mixed, 1):
                values += coefficients @ products**power
        bent[inside] = values
    np.clip(bent, 0, 1, out=bent)
    return bent


def _pieces(curve: Any, one: int, largest: int) -> list[Piece]:
    """A curve's pieces; `one` stands for 1 in its coefficients, `largest` for 1 in its pivots."""
    found = []
    for place in range(min(max(0, curve.num_pivots - 1), _MAX_PIECES)):
        powers, mixed = np.zeros(0), np.zeros((0, 7))
        if curve.mapping_idc[place] == 0:
            constant, *rest = curve.poly_coef[place][: min(curve.poly_order[place], 2) + 1]
            powers = np.array(rest) / one
        else:
            constant = curve.mmr_constant[place]
            mixed = np.array([list(row) for row in curve.mmr_coef[place][: min(curve.mmr_order[place], 3)]]) / one
        found.append(Piece(curve.pivots[place] / largest, constant / one, powers, mixed))
    return found


def _fractions(pairs: Any) -> NDArray[np.float64]:
    """Numerators and denominators -> their quotients (N,); none has a denominator of 0."""
    return np.array([above / (below or 1) for above, below in pairs])
