"""A copy of a film with chapters has the same pictures and sound, and the chapters."""

from pathlib import Path

import av
import pytest

from tests.resources.make_clips import encode, number_in
from videobert_demo.errors import UnreadableClipError, UnsupportedClipError
from videobert_demo.types import ClipLimits
from videobert_demo.video.chapters import copy_with_chapters
from videobert_demo.video.decode import read_clip

CHAPTERS = [(0.0, 0.4, "One = a; b"), (0.4, 0.8, "第二章 “two”")]


def chapters_of(path: Path) -> list[tuple[float, float, str]]:
    with av.open(str(path)) as source:
        return [
            (float(one["start"] * one["time_base"]), float(one["end"] * one["time_base"]), one["metadata"]["title"])
            for one in source.chapters()
        ]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
def test_pictures_stay_and_chapters_come(tmp_path: Path, suffix: str) -> None:
    film, out = encode(tmp_path / "film.mp4", "libx264", numbers=range(20)), tmp_path / f"copy{suffix}"
    copy_with_chapters(film, out, CHAPTERS, 0.8)
    assert [title for _, _, title in chapters_of(out)] == [title for _, _, title in CHAPTERS]
    for found, given in zip(chapters_of(out), CHAPTERS, strict=True):
        assert found[:2] == pytest.approx(given[:2], abs=0.002)
    info, frames = read_clip(out, 20, limits=ClipLimits())
    assert [number_in(pixels) for pixels in frames.pixels] == list(range(20))
    assert info.codec == "h264"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["film.mp4", out.name])


def test_a_codec_that_does_not_fit_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    film = encode(tmp_path / "film.mp4", "libx264", numbers=range(5))
    with pytest.raises(UnsupportedClipError, match="mkv"):
        copy_with_chapters(film, tmp_path / "copy.webm", CHAPTERS, 0.2)
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


def test_a_wrong_name_the_film_itself_and_no_film(tmp_path: Path) -> None:
    film = encode(tmp_path / "film.mp4", "libx264", numbers=range(5))
    with pytest.raises(ValueError, match="must end"):
        copy_with_chapters(film, tmp_path / "copy.txt", CHAPTERS, 0.2)
    with pytest.raises(ValueError, match="another file"):
        copy_with_chapters(film, film, CHAPTERS, 0.2)
    with pytest.raises(UnreadableClipError):
        copy_with_chapters(tmp_path / "none.mp4", tmp_path / "copy.mp4", CHAPTERS, 0.2)
