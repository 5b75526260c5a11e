"""Photographs, and films made of photographs."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from av.sidedata.sidedata import Type

from tests.resources.make_clips import encode, number_in
from tests.resources.real_photos import ANIMATIONS, SEE_THROUGH, animation, large_photo, photo, see_through, time_lapse
from videobert_demo.errors import ClipTooManyPixelsError
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


@pytest.mark.parametrize("name", [*SEE_THROUGH, "logo.mov"])
def test_what_is_transparent_stands_on_white(tmp_path: Path, limits: ClipLimits, name: str) -> None:
    _, frames = read_clip(see_through(tmp_path / name), 1, limits=limits)
    around, solid, half = (int(frames.pixels[0, row, column].mean()) for row, column in ((4, 4), (24, 22), (24, 42)))
    assert (around, solid) == pytest.approx((255, 0), abs=3)
    assert half == pytest.approx(0 if name == "logo.gif" else 127, abs=3)


@pytest.mark.parametrize("name", sorted(ANIMATIONS))
def test_an_animation_may_have_the_pixels_of_a_film_and_no_more(tmp_path: Path, name: str) -> None:
    with pytest.raises(ClipTooManyPixelsError, match="96 x 64"):
        read_clip(animation(tmp_path / name), 12, limits=ClipLimits(max_pixels=96 * 64 - 1))


@pytest.mark.parametrize(("image_format", "times"), [("JPEG", 12), ("WEBP", 12), ("AVIF", 12), ("PNG", 8)])
def test_a_photograph_may_have_more_pixels_than_a_film_by_what_they_take(
    tmp_path: Path, image_format: str, times: int
) -> None:
    path = tmp_path / "photo"
    path.write_bytes(photo(37, 1, image_format))
    (pixels,) = read_clip(path, 8, limits=ClipLimits(max_pixels=96 * 64 // times))[1].pixels
    assert number_in(pixels) == 37
    with pytest.raises(ClipTooManyPixelsError, match=r"96 x 64 pixels, more than the limit of 6,1\d\d"):
        read_clip(path, 8, limits=ClipLimits(max_pixels=96 * 64 // times - 1))


def test_a_photograph_of_deep_colours_may_have_fewer_pixels(tmp_path: Path) -> None:
    path = encode(tmp_path / "deep.png", "png", numbers=[37], pixel_format="rgba64be", container="image2")
    read_clip(path, 1, limits=ClipLimits(max_pixels=96 * 64 // 3))
    with pytest.raises(ClipTooManyPixelsError, match="more than the limit of 6,141 pixels"):
        read_clip(path, 1, limits=ClipLimits(max_pixels=96 * 64 // 3 - 1))


def test_a_photograph_of_a_phone_is_within_the_default_limits(tmp_path: Path, limits: ClipLimits) -> None:
    info, frames = read_clip(large_photo(tmp_path / "photo.jpg", 6048, 8064), 8, limits=limits)
    assert (info.width, info.height, frames.pixels.shape) == (6048, 8064, (1, 480, 360, 3))
    assert frames.pixels[0, :, 180].mean(axis=1)[[20, 460]] == pytest.approx([5, 245], abs=8)  # dark above, light below


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("appended", ["a gain map", "a film"])
def test_what_phones_append_to_a_photograph_is_not_shown(
    tmp_path: Path, limits: ClipLimits, image_format: str, appended: str
) -> None:
    rest = photo(12, 1, image_format)
    if appended == "a film":
        rest = encode(tmp_path / "film.mp4", "libx264", numbers=range(5)).read_bytes()
    path = tmp_path / "photo"
    path.write_bytes(photo(37, 6, image_format) + rest)
    info, frames = read_clip(path, 8, limits=limits)
    assert (info.frame_count, info.duration_seconds, info.rotation_degrees) == (1, 0, 90)
    assert [number_in(pixels) for pixels in frames.pixels] == [37]
