"""Photographs, and films made of photographs."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from av.sidedata.sidedata import Type

from tests.resources.make_clips import number_in
from tests.resources.real_photos import ANIMATIONS, animation, photo, time_lapse
from videobert_demo.types import ClipLimits
from videobert_demo.video import probe, read_clip, stream_clip
from videobert_demo.video.side_data import side_data_of


@pytest.mark.parametrize("suffix", ["mov", "mp4", "avi", "mkv"])
@pytest.mark.parametrize(("orientation", "degrees"), [(1, 0), (2, 0), (3, 180), (6, 90), (8, 270)])
def test_a_time_lapse_of_photographs_stands_upright(
    tmp_path: Path, limits: ClipLimits, suffix: str, orientation: int, degrees: int
) -> None:
    info, frames = read_clip(time_lapse(tmp_path / f"lapse.{suffix}", orientation), 10, limits=limits)
    assert (info.width, info.height, info.rotation_degrees) == (96, 64, degrees)
    assert [number_in(pixels) for pixels in frames.pixels] == list(range(10))
    assert np.allclose(frames.timestamps_seconds, np.arange(10) / 10, atol=0.002)


def test_side_data_without_a_name_does_not_hide_the_rest(tmp_path: Path) -> None:
    with av.open(str(time_lapse(tmp_path / "lapse.mov", 6, count=1))) as source:
        side_data = side_data_of(next(source.decode(video=0)))
    assert Type.DISPLAYMATRIX in side_data
    assert len(side_data) > 1
    for unknown in (31, 1000, "EXIF"):
        with pytest.raises(ValueError, match="not a valid Type"):
            Type(unknown)  # PyAV's own enumeration is as it was


@pytest.mark.parametrize(
    ("image_format", "container", "codec"),
    [("JPEG", "jpg", "mjpeg"), ("PNG", "png", "png"), ("WEBP", "webp", "webp"), ("AVIF", "avif", "av1")],
)
@pytest.mark.parametrize(("orientation", "degrees"), [(1, 0), (6, 90)])
def test_a_photograph_is_a_clip_of_one_frame_without_length(
    tmp_path: Path,
    limits: ClipLimits,
    image_format: str,
    container: str,
    codec: str,
    orientation: int,
    degrees: int,
) -> None:
    path = tmp_path / "photo"
    path.write_bytes(photo(37, orientation, image_format))
    info, frames = read_clip(path, 8, limits=limits)
    assert (info.container, info.codec, info.width, info.height) == (container, codec, 96, 64)
    assert (info.frame_count, info.duration_seconds, info.frames_per_second) == (1, 0, 0)
    assert info.rotation_degrees == degrees
    assert [number_in(pixels) for pixels in frames.pixels] == [37]
    assert frames.timestamps_seconds.tolist() == [0]
    assert probe(path, limits) == info
    assert len(list(stream_clip(path, 8, limits=limits))) == 1


@pytest.mark.parametrize("name", sorted(ANIMATIONS))
def test_animated_pictures_move(tmp_path: Path, limits: ClipLimits, name: str) -> None:
    info, frames = read_clip(animation(tmp_path / name), 12, limits=limits)
    assert [number_in(pixels) for pixels in frames.pixels] == list(range(12))
    assert np.allclose(frames.timestamps_seconds, np.arange(12) / 10, atol=0.002)
    assert (info.frame_count, round(info.duration_seconds, 3)) == (12, 1.2)
