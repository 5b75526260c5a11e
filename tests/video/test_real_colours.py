"""Colours are those of the original, however the file stores them."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from tests.resources.real_colours import (
    BT709,
    BT2020_PRIMARIES,
    HLG,
    P3_PRIMARIES,
    PQ,
    hdr,
    soft_picture,
    untagged,
)
from videobert_demo.types import ClipLimits
from videobert_demo.video import read_clip, stream_clip


@pytest.mark.parametrize(
    ("transfer", "primaries"),
    [(PQ, BT2020_PRIMARIES), (HLG, BT2020_PRIMARIES), (PQ, P3_PRIMARIES), (BT709, BT2020_PRIMARIES)],
)
def test_hdr_and_wide_gamut_look_like_the_sdr_original(
    tmp_path: Path, limits: ClipLimits, transfer: int, primaries: int
) -> None:
    original = soft_picture()
    path = hdr(tmp_path / "phone.mp4", original, transfer, primaries)
    _, frames = read_clip(path, 3, limits=limits)
    errors = np.abs(frames.pixels.astype(int) - original).mean(axis=(1, 2, 3))
    assert errors.max() < 4
    streamed = [pixels for _, pixels in stream_clip(path, 3, limits=limits)]
    assert np.array_equal(np.stack(streamed), frames.pixels)
    with av.open(str(path)) as source:
        stored = next(source.decode(video=0)).reformat(format="rgb24").to_ndarray()
    assert np.abs(stored.astype(int) - original).mean() > 8, "the stored picture should need converting"


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_highlights_stay_in_order(tmp_path: Path, limits: ClipLimits, transfer: int) -> None:
    ramp = np.broadcast_to(np.linspace(0, 255, 128).round().astype(np.uint8)[None, :, None], (96, 128, 3))
    path = hdr(tmp_path / "sun.mp4", np.ascontiguousarray(ramp), transfer, BT2020_PRIMARIES, white_nits=800)
    row = read_clip(path, 1, limits=limits)[1].pixels[0, 48].astype(int)
    assert np.diff(row.mean(axis=1)).min() > -2
    assert row[-1].min() >= 253
    assert np.abs(row.max(axis=1) - row.min(axis=1)).max() <= 4, "grey stays grey"


@pytest.mark.parametrize(
    ("size", "matrix", "is_tagged", "codec"),
    [
        ((1280, 720), 1, False, "libx264"),
        ((720, 1280), 1, False, "libx264"),
        ((854, 480), 5, False, "libx264"),
        ((1280, 718), 5, False, "libx264"),
        ((1280, 720), 5, True, "libx264"),
        ((854, 480), 1, True, "libx264"),
        ((1280, 720), 5, False, "libvpx"),
    ],
)
def test_the_colour_matrix_is_the_tagged_one_or_that_of_the_size(
    tmp_path: Path, limits: ClipLimits, size: tuple[int, int], matrix: int, is_tagged: bool, codec: str
) -> None:
    picture = soft_picture(*size)
    name = "clip.webm" if codec == "libvpx" else "clip.mp4"
    path = untagged(tmp_path / name, picture, matrix, codec, is_tagged=is_tagged)
    pixels = read_clip(path, 1, limits=limits, max_side=max(size))[1].pixels[0]
    assert np.abs(pixels.astype(int) - picture).mean() < 2
