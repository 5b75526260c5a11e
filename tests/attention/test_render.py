from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.resources.make_clips import encode
from videobert_demo.attention import render
from videobert_demo.types import ClipLimits, Frames, Heatmap
from videobert_demo.video import read_clip


def make_frames(count: int = 3, height: int = 48, width: int = 64, value: int = 100) -> Frames:
    return Frames(np.full((count, height, width, 3), value, np.uint8), np.arange(count, dtype=np.float64))


def make_heatmap(values: list[float], side: int = 2) -> Heatmap:
    """Maps that are the same everywhere, a second apart."""
    maps = np.array(values, dtype=np.float32)[:, None, None].repeat(side, 1).repeat(side, 2)
    return Heatmap(maps, np.arange(len(values), dtype=np.float64))


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-5, 0.0), (0, 0.0), (0.25, 0.25), (1, 1.0), (1.5, 0.75), (2, 0.5), (9, 0.5)]
)
def test_heat_is_linear_in_time(seconds: float, expected: float) -> None:
    heat = render.heat_at(make_heatmap([0.0, 1.0, 0.5]), seconds)
    assert np.allclose(heat, expected)


def test_two_maps_at_one_moment_are_no_division_by_zero() -> None:
    heatmap = Heatmap(np.array([0.0, 1.0], np.float32)[:, None, None], np.array([1.0, 1.0]))
    assert float(render.heat_at(heatmap, 1.0)[0, 0]) == 1.0
    assert float(render.heat_at(heatmap, 0.5)[0, 0]) == 0.0


def test_enlarged_heat_is_smooth_and_lies_where_its_patch_is() -> None:
    heat = np.zeros((4, 4), np.float32)
    heat[0, 3] = 1.0  # top right
    large = render.enlarge(heat, 80, 40)
    assert large.shape == (40, 80)
    assert 0 <= large.min() <= large.max() <= 1
    row, column = np.unravel_index(int(large.argmax()), large.shape)
    assert row < 10
    assert column >= 60
    assert np.abs(np.diff(large, axis=1)).max() < 0.12


def test_cool_places_stay_and_hot_ones_take_the_colour() -> None:
    heat = np.array([[0.0, 1.0]], np.float32)
    pixels = make_frames().pixels[0]
    drawn = render.overlay(pixels, heat, colour_map="hot", opacity=0.5)
    assert drawn.dtype == np.uint8
    assert np.array_equal(drawn[:, :8], pixels[:, :8])
    assert np.allclose(drawn[:, -8:], (100 + 255) / 2, atol=2)  # the hottest of "hot" is white
    assert np.array_equal(render.overlay(pixels, heat, opacity=0.0), pixels)


def test_colours_are_rgb() -> None:
    legend = render.draw_legend("jet")
    assert legend.shape == (16, 256, 3)
    assert legend[0, 0, 2] > 100 > legend[0, 0, 0]  # blue is cool
    assert legend[0, -1, 0] > 100 > legend[0, -1, 2]  # red is hot
    assert set(render.COLOUR_MAPS) >= {"turbo", "viridis", "inferno"}


@pytest.mark.parametrize(("choice", "match"), [({"colour_map": "pink?"}, "colour_map"), ({"opacity": 1.5}, "opacity")])
def test_wrong_choices(choice: dict[str, object], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        render.overlay_frames(make_frames(), make_heatmap([0.0, 1.0]), **choice)  # type: ignore[arg-type]


def test_frames_get_the_map_of_their_own_moment() -> None:
    drawn = render.overlay_frames(make_frames(3), make_heatmap([0.0, 0.0, 1.0]), opacity=1.0)
    assert np.array_equal(drawn.pixels[:2], make_frames(2).pixels)
    assert not np.array_equal(drawn.pixels[2], make_frames().pixels[2])
    assert drawn.timestamps_seconds.tolist() == [0.0, 1.0, 2.0]


def test_strip_holds_every_frame_and_is_a_png() -> None:
    strip = render.draw_strip(make_frames(5), make_heatmap([0.0, 1.0, 0.0, 0.0, 0.5]), height=24)
    assert strip.shape == (24 + 20, 5 * 32 + 4 * 4, 3)
    first, second = strip[:24, :32], strip[:24, 36:68]
    assert np.array_equal(first, np.full_like(first, 100))
    assert not np.array_equal(second, first)
    assert strip[24:].min() < 128  # the moments are written below
    png = render.encode_png(strip)
    assert png.startswith(b"\x89PNG")
    read = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert read is not None
    assert np.array_equal(read[:, :, ::-1], strip)


def test_time_curve_and_numbers(tmp_path: Path) -> None:
    heatmap = make_heatmap([0.25, 1.0, 0.0])
    assert render.time_curve(heatmap).tolist() == [0.25, 1.0, 0.0]
    render.write_numbers(tmp_path / "dog.npz", heatmap, word="dog", method="similarity")
    with np.load(tmp_path / "dog.npz", allow_pickle=False) as numbers:
        assert np.array_equal(numbers["values"], heatmap.values)
        assert np.array_equal(numbers["timestamps_seconds"], heatmap.timestamps_seconds)
        assert (str(numbers["word"]), str(numbers["method"])) == ("dog", "similarity")


def test_overlay_of_a_clip_has_its_size_length_and_heat(tmp_path: Path, limits: ClipLimits) -> None:
    encode(tmp_path / "clip.mp4", "libx264", numbers=range(50))  # 2 seconds at 25 frames a second, 96 x 64
    plain, _ = read_clip(tmp_path / "clip.mp4", 1, limits=limits)
    heatmap = make_heatmap([0.0, 0.0, 1.0])  # nothing in the first second
    count = render.write_overlay(tmp_path / "clip.mp4", heatmap, tmp_path / "out.webm", limits=limits, opacity=1.0)
    info, frames = read_clip(tmp_path / "out.webm", 100, limits=limits)
    assert (info.container, info.codec, info.width, info.height) == ("webm", "vp9", plain.width, plain.height)
    assert count == len(frames) == info.frame_count == 24  # 12 a second
    assert info.duration_seconds == pytest.approx(2.0, abs=0.1)
    _, source = read_clip(tmp_path / "clip.mp4", 24, limits=limits)
    off = np.abs(frames.pixels.astype(int) - source.pixels).mean(axis=(1, 2, 3))
    assert off[:10].max() < 8
    assert off[-4:].min() > 15


@pytest.mark.parametrize("name", ["one_frame.gif", "rgb.gif", "turned_90.mp4", "vp8.webm"])
def test_overlay_of_any_clip(clips: Path, tmp_path: Path, limits: ClipLimits, name: str) -> None:
    count = render.write_overlay(clips / name, make_heatmap([0.3, 0.9]), tmp_path / "out.webm", limits=limits)
    plain, _ = read_clip(clips / name, 1, limits=limits)
    info, _ = read_clip(tmp_path / "out.webm", 1, limits=limits)
    assert info.frame_count == count
    assert (info.width, info.height) == (plain.width, plain.height)
