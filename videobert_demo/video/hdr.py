"""Turns the colours of HDR and wide-gamut video into those of ordinary video (BT.709). Pure arithmetic on arrays.

Sources: ITU-R BT.2100-2 for the transfer functions of PQ and HLG and HLG's system gamma; BT.2408 for the light of SDR
white, 203 candela per square metre, and for what an SDR signal means beside an HDR one, the light of a BT.1886 display;
BT.2087-0 and the chromaticities of BT.709, BT.2020 and P3-D65 for the matrices. FFmpeg's own conversion gives the same
pictures, and takes 10 seconds to prepare.
"""

from __future__ import annotations

import functools
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Transfer = Literal["pq", "hlg", "sdr"]
Primaries = Literal["bt709", "bt2020", "p3"]

SDR_WHITE_NITS = 203.0
PQ_PEAK_NITS, _HLG_PEAK_NITS = 10_000.0, 1_000.0
_HLG_SYSTEM_GAMMA = 1.2
# BT.2408, 5.1: an SDR signal is mapped to HDR by the light that a BT.1886 display makes of it, whose exponent is 2.4;
# BT.2446, 4.2.5 goes back the same way. So an HDR clip gets the values that its SDR version stores, and those of SDR
# clips are taken as they are stored. A picture made for sRGB comes out 6 levels lighter than by sRGB's curve.
_DISPLAY_GAMMA = 2.4
# Signals above this bend towards 1 and reach it for highlights, so that a bright sky is not torn at one level.
_SHOULDER = 0.95
_BT2020_LUMINANCE = np.array([0.2627, 0.6780, 0.0593], dtype=np.float32)
_TO_BT709: dict[Primaries, NDArray[np.float32]] = {
    "bt2020": np.array(
        [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], dtype=np.float32
    ),
    "p3": np.array([[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]], dtype=np.float32),
}


def to_sdr(signal: NDArray[np.uint16], transfer: Transfer, primaries: Primaries) -> NDArray[np.uint8]:
    """The picture as an ordinary display shows it.

    What is as bright as SDR white or darker keeps its look; brighter highlights bend into white.

    Args:
        signal: (H, W, 3), RGB in the video's own transfer function and primaries; 65535 is the largest signal.
        transfer: The video's transfer function.
        primaries: The video's primaries.

    Returns:
        uint8 (H, W, 3), as a BT.709 video stores them in full range.
    """
    light = _light_table(transfer)[signal]
    if transfer == "hlg":
        luminance = np.maximum(light @ _BT2020_LUMINANCE, 1e-6)
        light *= (luminance ** (_HLG_SYSTEM_GAMMA - 1) * (_HLG_PEAK_NITS / SDR_WHITE_NITS))[..., None]
    return shown_light(light, primaries, has_highlights=transfer != "sdr")


def shown_light(light: NDArray[np.float32], primaries: Primaries, *, has_highlights: bool = True) -> NDArray[np.uint8]:
    """Light as an ordinary display shows it.

    Args:
        light: (H, W, 3), linear, of these primaries; 1 is SDR white.
        primaries: Red, green and blue of the light.
        has_highlights: Whether there is more than white, so that room is made for it.

    Returns:
        uint8 (H, W, 3), as a BT.709 video stores them in full range.
    """
    if primaries != "bt709":
        light = light @ _TO_BT709[primaries].T
    shown = np.maximum(light, 0) ** (1 / _DISPLAY_GAMMA)
    over = np.maximum(shown - _SHOULDER, 0)
    bent = _SHOULDER + (1 - _SHOULDER) * -np.expm1(-over / (1 - _SHOULDER))
    shown = np.where(over > 0, bent, shown) if has_highlights else np.minimum(shown, 1)
    return np.round(255 * shown).astype(np.uint8)


@functools.cache
def _light_table(transfer: Transfer) -> NDArray[np.float32]:
    """The light of each signal, float32 (65536,): 1 is SDR white; for HLG, scene light of which 1 is the peak."""
    signal = np.linspace(0, 1, 65536)
    if transfer == "sdr":
        light = signal**_DISPLAY_GAMMA
    elif transfer == "hlg":
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        light = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    else:
        light = pq_light(signal) * (PQ_PEAK_NITS / SDR_WHITE_NITS)
    return light.astype(np.float32)


def pq_light(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """The light of PQ signals in [0, 1]; 1 is 10,000 candela per square metre (BT.2100-2, table 4)."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    root = signal ** (1 / m2)
    light: NDArray[np.float64] = (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1)
    return light
