"""Photographs as phones keep them: HEIC, whole or in tiles, turned by the container."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest

from tests.resources.make_clips import number_in
from tests.resources.real_heic import heic, large_heic
from videobert_demo.errors import ClipError, ClipTooManyPixelsError, UnreadableClipError
from videobert_demo.types import ClipLimits
from videobert_demo.video import read_clip
from videobert_demo.video.tile_grid import TileGrid, read_tile_grid

LIMITS = ClipLimits()


def write(folder: Path, data: bytes) -> Path:
    path = folder / "photo.heic"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("has_thumbnail", [False, True])
@pytest.mark.parametrize("is_tiled", [False, True])
@pytest.mark.parametrize(("orientation", "degrees"), [(1, 0), (3, 180), (6, 90), (8, 270)])
def test_a_photograph_of_a_phone_stands_upright_and_whole(
    tmp_path: Path, orientation: int, degrees: int, is_tiled: bool, has_thumbnail: bool
) -> None:
    path = write(tmp_path, heic(37, orientation, is_tiled=is_tiled, has_thumbnail=has_thumbnail))
    info, frames = read_clip(path, 8, limits=LIMITS)
    assert (info.container, info.codec, info.width, info.height) == ("heic", "hevc", 96, 64)
    assert (info.frame_count, info.duration_seconds, info.rotation_degrees) == (1, 0, degrees)
    assert info.size_bytes == path.stat().st_size
    assert [number_in(pixels) for pixels in frames.pixels] == [37]


def test_tiles_have_the_colours_of_the_whole_picture(tmp_path: Path) -> None:
    _, whole = read_clip(write(tmp_path, heic(37)), 1, limits=LIMITS)
    _, joined = read_clip(write(tmp_path, heic(37, is_tiled=True)), 1, limits=LIMITS)
    assert np.abs(whole.pixels.astype(int) - joined.pixels).mean() < 1.5  # each was coded by itself


@pytest.mark.parametrize(("axis", "wanted"), [(0, "across"), (1, "down")])
def test_a_mirrored_photograph_is_mirrored_back(tmp_path: Path, axis: int, wanted: str) -> None:
    plain = heic(37, is_tiled=True)
    mirrored = plain.replace(b"irot\x00", b"imir" + bytes([axis]))
    assert mirrored != plain
    _, straight = read_clip(write(tmp_path, plain), 1, limits=LIMITS)
    _, shown = read_clip(write(tmp_path, mirrored), 1, limits=LIMITS)
    flipped = straight.pixels[:, :, ::-1] if wanted == "across" else straight.pixels[:, ::-1]
    assert np.abs(flipped.astype(int) - shown.pixels).mean() < 1


@pytest.mark.parametrize(("rows", "columns"), [(8, 12), (24, 32)], ids=["25 million", "201 million"])
def test_photographs_of_all_pixels_that_the_limits_allow_are_read(tmp_path: Path, rows: int, columns: int) -> None:
    info, frames = read_clip(write(tmp_path, large_heic(rows, columns)), 1, limits=LIMITS)
    assert (info.width, info.height) == (512 * columns, 512 * rows)
    assert frames.pixels.shape == (1, 480 * rows // columns, 480, 3)
    row, tile = frames.pixels[0, 160].mean(axis=1), 480 // columns
    dark, light = tile // 10, tile - 1 - tile // 10
    last = (columns - 1) * tile
    wanted = [255 * (place + 0.5) / tile for place in (dark, light)]
    assert row[[dark, light, last + dark, last + light]] == pytest.approx(2 * wanted, abs=8)


def test_a_photograph_of_more_pixels_than_the_limits_allow_is_told_its_size(tmp_path: Path) -> None:
    with pytest.raises(ClipTooManyPixelsError, match="19456 x 16384"):
        read_clip(write(tmp_path, large_heic(32, 38)), 1, limits=LIMITS)


def test_the_grid_is_read_from_the_boxes() -> None:
    assert read_tile_grid(io.BytesIO(heic(1)), "-") is None
    assert read_tile_grid(io.BytesIO(heic(1, is_tiled=True)), "-") == TileGrid((2, 3), 1, 2, 96, 64, (1, 0, 0, 1))
    turned = read_tile_grid(io.BytesIO(heic(1, 6, is_tiled=True)), "-")
    assert turned == TileGrid((2, 3), 2, 1, 64, 96, (0, 1, -1, 0))  # right becomes down, down becomes left


@pytest.mark.parametrize("kept", [0, 7, 100])
def test_of_other_or_broken_files_there_is_no_grid(kept: int) -> None:
    assert read_tile_grid(io.BytesIO(heic(1, is_tiled=True)[:kept]), "-") is None


def test_a_picture_that_is_too_large_is_refused_before_a_tile_is_decoded(tmp_path: Path) -> None:
    with pytest.raises(ClipTooManyPixelsError):
        read_clip(write(tmp_path, heic(1, is_tiled=True)), 1, limits=ClipLimits(max_pixels=96 * 64 // 12 - 1))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (struct.pack(">BBBBHH", 0, 0, 0, 1, 96, 64), struct.pack(">BBBBHH", 0, 0, 0, 1, 960, 64)),  # a part stays open
        (struct.pack(">BBBBHH", 0, 0, 0, 1, 96, 64), struct.pack(">BBBBHH", 0, 0, 0, 1, 40, 64)),  # a tile lies outside
        (struct.pack(">BBBBHH", 0, 0, 0, 1, 96, 64), struct.pack(">BBBBHH", 0, 0, 3, 1, 96, 64)),  # too few tiles
        (struct.pack(">BBBBHH", 0, 0, 0, 1, 96, 64), struct.pack(">BBBBHH", 0, 0, 0, 1, 0, 64)),
        (b"dimg\x00\x01\x00\x02\x00\x02\x00\x03", b"dimg\x00\x01\x00\x02\x00\x02\x00\x09"),  # there is no item 9
    ],
)
def test_grids_that_cannot_be_are_told_in_a_sentence(tmp_path: Path, before: bytes, after: bytes) -> None:
    sound = heic(1, is_tiled=True)
    assert sound.count(before) == 1
    with pytest.raises(UnreadableClipError, match="damaged or incomplete"):
        read_clip(write(tmp_path, sound.replace(before, after)), 1, limits=LIMITS)


def test_damaged_photographs_end_in_a_picture_or_a_sentence(tmp_path: Path) -> None:
    sound, random = heic(1, 6, is_tiled=True, has_thumbnail=True), np.random.default_rng(0)
    sentences = []
    for _ in range(60):
        damaged = bytearray(sound)
        for place in random.integers(0, sound.index(b"mdat"), 3):
            damaged[place] = random.integers(256)
        try:
            read_clip(write(tmp_path, bytes(damaged)), 1, limits=LIMITS)
        except ClipError as error:
            sentences.append(str(error))
    assert sentences
    assert all("photo.heic" in sentence for sentence in sentences)
