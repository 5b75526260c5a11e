"""Of several picture tracks the one is read that a player would play."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.resources.make_clips import number_in
from tests.resources.real_tracks import Track, with_tracks
from videobert_demo.types import ClipLimits
from videobert_demo.video import probe, read_clip

SMALL, LARGE = (96, 64), (192, 128)
FILM = Track("libx264", range(10, 30), LARGE)


@pytest.mark.parametrize("suffix", ["mov", "mp4", "mkv"])
@pytest.mark.parametrize(
    ("other", "film"),
    [
        (Track("mjpeg", [63], SMALL), FILM),
        (Track("mjpeg", [63], (640, 400)), FILM),
        (Track("libx264", [63], LARGE), FILM),
        (Track("libx264", range(30, 50), SMALL), FILM),
    ],
    ids=["thumbnail", "large still", "still of the same codec", "small film"],
)
def test_the_film_is_read_and_not_what_stands_before_it(
    tmp_path: Path, limits: ClipLimits, suffix: str, other: Track, film: Track
) -> None:
    for number, tracks in enumerate([(other, film), (film, other)]):
        info, frames = read_clip(with_tracks(tmp_path / f"{number}.{suffix}", tracks), 20, limits=limits)
        assert (info.width, info.height, info.frame_count) == (*LARGE, 20)
        assert [number_in(pixels) for pixels in frames.pixels] == list(range(10, 30))


def test_the_default_track_comes_before_a_larger_one(tmp_path: Path, limits: ClipLimits) -> None:
    tracks = (Track("libx264", range(20), LARGE, is_default=False), Track("libx264", range(20, 40), SMALL))
    assert probe(with_tracks(tmp_path / "default.mkv", tracks), limits).width == SMALL[0]


def test_a_lone_still_is_read(tmp_path: Path, limits: ClipLimits) -> None:
    _, frames = read_clip(with_tracks(tmp_path / "still.mov", [Track("mjpeg", [63], SMALL)]), 8, limits=limits)
    assert [number_in(pixels) for pixels in frames.pixels] == [63]
