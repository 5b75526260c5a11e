"""A whole clip as a small film that every browser plays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.resources.make_clips import encode, number_in
from videobert_demo.types import ClipLimits
from videobert_demo.video import preview, probe, read_clip


@pytest.mark.parametrize("name", ["mpeg4.avi", "mpeg2.mpg", "prores.mov", "rgb.gif"])
def test_what_browsers_do_not_play_becomes_a_film_that_they_play(
    clips: Path, tmp_path: Path, limits: ClipLimits, name: str
) -> None:
    source = clips / name
    if not source.exists():
        encode(source, "prores_ks", pixel_format="yuv422p10le")
    preview.write_preview(source, tmp_path / "film.webm", limits=limits)
    info, frames = read_clip(tmp_path / "film.webm", 3, limits=limits)
    plain, expected = read_clip(source, 3, limits=limits)
    assert (info.container, info.codec, info.width, info.height) == ("webm", "vp9", plain.width, plain.height)
    assert info.duration_seconds == pytest.approx(plain.duration_seconds, abs=0.2)
    assert [number_in(one) for one in frames.pixels] == pytest.approx(
        [number_in(one) for one in expected.pixels], abs=5
    )


def test_what_is_drawn_takes_the_frames_place(tmp_path: Path, limits: ClipLimits) -> None:
    encode(tmp_path / "clip.mp4", "libx264", numbers=range(10))
    moments: list[float] = []

    def blacken(seconds: float, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        moments.append(seconds)
        return np.zeros_like(pixels)

    preview.write_preview(tmp_path / "clip.mp4", tmp_path / "film.webm", limits=limits, draw=blacken)
    _, frames = read_clip(tmp_path / "film.webm", 10, limits=limits)
    assert frames.pixels.max() < 30
    assert moments == pytest.approx([number / 25 for number in range(10)])


def test_the_film_of_a_part_shows_that_part_only(clips: Path, tmp_path: Path, limits: ClipLimits) -> None:
    count = preview.write_preview(clips / "h264.mp4", tmp_path / "part.webm", limits=limits, span_seconds=(1.0, 2.0))
    assert count == preview.MIN_FRAMES
    assert probe(tmp_path / "part.webm", limits).duration_seconds == pytest.approx(1.0, abs=0.05)


def test_a_long_clip_has_no_more_frames(tmp_path: Path, limits: ClipLimits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "MAX_FRAMES", 5)
    encode(tmp_path / "clip.mp4", "libx264", numbers=range(50))
    assert preview.write_preview(tmp_path / "clip.mp4", tmp_path / "o.webm", limits=limits) == 5
    info, frames = read_clip(tmp_path / "o.webm", 9, limits=limits)
    assert info.duration_seconds == pytest.approx(2.0, abs=0.5)  # at the clip's own pace
    assert len(frames) == 5


@pytest.mark.parametrize("count", [1, 2, 3, 7, 16])
def test_a_very_short_clip_keeps_all_of_its_frames(tmp_path: Path, limits: ClipLimits, count: int) -> None:
    encode(tmp_path / "clip.mp4", "libx264", numbers=range(count))
    assert preview.write_preview(tmp_path / "clip.mp4", tmp_path / "o.webm", limits=limits) == count
    _, frames = read_clip(tmp_path / "o.webm", 20, limits=limits)
    assert np.allclose(frames.timestamps_seconds, np.arange(count) / 25, atol=0.002)
    assert [number_in(pixels) for pixels in frames.pixels] == list(range(count))


@pytest.mark.parametrize(
    ("size", "side"),
    [((640, 360), 640), ((1920, 1080), 853), ((1080, 1920), 853), ((1440, 1080), 640), ((4000, 100), 854), ((1, 1), 1)],
)
def test_shown_size_is_480p_at_most(size: tuple[int, int], side: int) -> None:
    assert preview.shown_side(*size) == side
