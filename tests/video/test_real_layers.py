"""HEVC of phones with more in it than a picture: the base layer is what is shown."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from av.sidedata.sidedata import Type

from tests.resources.make_clips import HEIGHT, WIDTH, encode, number_in
from tests.resources.real_colours import BT2020_PRIMARIES, HLG, PQ, bent_ipt, hdr, soft_picture
from tests.resources.real_layers import dolby_vision, spatial
from videobert_demo.types import ClipLimits
from videobert_demo.video import probe, read_clip
from videobert_demo.video.side_data import side_data_of

MAX_LEVELS = 4
VIEW_ID = 29


@pytest.mark.parametrize(("transfer", "compatibility"), [(HLG, 4), (PQ, 1)])
def test_dolby_vision_falls_back_to_its_base_layer(
    tmp_path: Path, limits: ClipLimits, transfer: int, compatibility: int
) -> None:
    picture = soft_picture()
    plain = hdr(tmp_path / "plain.mp4", picture, transfer, BT2020_PRIMARIES)
    path = dolby_vision(tmp_path / "dolby.mov", plain, compatibility=compatibility)
    with av.open(str(path)) as source:
        side_data = side_data_of(next(source.decode(video=0)))
    assert Type.DOVI_METADATA in side_data  # the decoder has understood it
    info, frames = read_clip(path, 3, limits=limits)
    assert (info.codec, info.width, info.height, info.frame_count) == ("hevc", 128, 96, 3)
    assert np.abs(frames.pixels.astype(int) - picture).mean() < MAX_LEVELS


def test_dolby_vision_without_a_base_layer_has_the_colours_of_the_original(tmp_path: Path, limits: ClipLimits) -> None:
    picture = soft_picture()
    plain = bent_ipt(tmp_path / "plain.mp4", picture)
    path = dolby_vision(tmp_path / "dolby.mp4", plain, profile=5, compatibility=0)
    info, frames = read_clip(path, 3, limits=limits)
    assert (info.codec, info.width, info.height, info.frame_count) == ("hevc", 128, 96, 3)
    assert np.abs(frames.pixels.astype(int) - picture).mean() < MAX_LEVELS
    assert np.abs(read_clip(plain, 1, limits=limits)[1].pixels.astype(int) - picture).mean() > 30


def test_of_spatial_video_one_eye_is_shown_upright(tmp_path: Path, limits: ClipLimits) -> None:
    options = {"x265-params": "log-level=none"}
    plain = encode(tmp_path / "plain.mp4", "libx265", numbers=range(12), options=options, rotation_degrees=180)
    path = spatial(tmp_path / "spatial.mov", plain, WIDTH, HEIGHT)
    with av.open(str(path)) as source, pytest.raises(ValueError, match=f"{VIEW_ID} is not a valid Type"):
        next(source.decode(video=0)).side_data  # noqa: B018 - what PyAV itself makes of it
    info, frames = read_clip(path, 12, limits=limits)
    assert (info.width, info.height, info.frame_count, info.rotation_degrees) == (WIDTH, HEIGHT, 12, 180)
    assert [number_in(pixels) for pixels in frames.pixels] == [number_in(one) for one in upright_of(plain, limits)]
    assert np.allclose(frames.timestamps_seconds, read_clip(plain, 12, limits=limits)[1].timestamps_seconds, atol=0.002)
    assert probe(path, limits) == info


def upright_of(plain: Path, limits: ClipLimits) -> np.ndarray:
    """The film of one layer, as it is read."""
    return read_clip(plain, 12, limits=limits)[1].pixels
