"""Montages: what is written is read back, picture by picture, and the sound is where its picture is."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from tests.timeline.films import EXAMPLES
from videobert_demo.errors import UnreadableClipError
from videobert_demo.types import ClipLimits
from videobert_demo.video.film import read_film, stream_film
from videobert_demo.video.montage import FilmPart, write_montage
from videobert_demo.video.sound import SOUND_RATE, sound_of

FLASHES = (1.0, 3.0, 4.2)
SECONDS, RATE = 6.0, 25


def write_flashes(path: Path, *, flashes: tuple[float, ...] = FLASHES, sound_rate: int = 44100) -> Path:
    """A black film of six seconds that flashes white for a fifth of a second, with a tone as long as each flash."""
    with av.open(str(path), "w") as sink:
        picture = sink.add_stream("libx264", rate=RATE, options={"g": "50"})
        picture.width, picture.height, picture.pix_fmt = 96, 64, "yuv420p"
        sound = sink.add_stream("aac", rate=sound_rate)
        sound.layout = "mono"
        moments = np.arange(int(SECONDS * sound_rate)) / sound_rate
        tone = sum((moments >= at) & (moments < at + 0.2) for at in flashes) * np.sin(2 * np.pi * 880 * moments) * 0.5
        for start in range(0, len(tone), 1024):
            frame = AudioFrame.from_ndarray(
                tone[None, start : start + 1024].astype(np.float32), format="fltp", layout="mono"
            )
            frame.sample_rate, frame.pts, frame.time_base = sound_rate, start, Fraction(1, sound_rate)
            sink.mux(sound.encode(frame))
        for number in range(int(SECONDS * RATE)):
            is_lit = any(at - 1e-6 <= number / RATE < at + 0.2 - 1e-6 for at in flashes)
            pixels = np.full((64, 96, 3), 235 if is_lit else 10, np.uint8)
            sink.mux(picture.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        sink.mux(picture.encode(None))
        sink.mux(sound.encode(None))
    return path


def lit(path: Path) -> list[float]:
    """When pictures of a film turn white."""
    limits = ClipLimits()
    pictures = stream_film(path, read_film(path, limits), limits)
    seen = [(one.seconds, float(one.pixels(96).mean()) > 120) for one in pictures]
    return [now for (now, is_lit), (_, was_lit) in zip(seen[1:], seen, strict=False) if is_lit and not was_lit]


def heard(path: Path) -> list[float]:
    """When tones of a film begin."""
    film = read_film(path, ClipLimits())
    samples = np.concatenate(list(sound_of(path, film, 0.0, film.end_seconds)), axis=1)
    return beginnings(samples)


def beginnings(samples: NDArray[np.float32]) -> list[float]:
    """When tones begin in sound, (2, N)."""
    loud = np.abs(samples).max(axis=0).reshape(-1)
    loud = np.array([loud[at : at + 480].max() > 0.1 for at in range(0, len(loud), 480)])
    return [number / 100 for number in range(1, len(loud)) if loud[number] and not loud[number - 1]]


@pytest.fixture(scope="module")
def flashes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_flashes(tmp_path_factory.mktemp("flashes") / "flashes.mp4")


@pytest.mark.parametrize("name", ["reel.mp4", "reel.webm"])
def test_pictures_and_sound_stay_in_step(flashes: Path, tmp_path: Path, name: str) -> None:
    parts = [FilmPart(str(flashes), 2.5, 3.5), FilmPart(str(flashes), 0.7, 1.6), FilmPart(str(flashes), 4.0, 6.0)]
    seconds = write_montage(parts, tmp_path / name, limits=ClipLimits())
    expected = [0.5, 1.0 + 0.3, 1.9 + 0.2]
    assert seconds == pytest.approx(3.9)
    assert read_film(tmp_path / name, ClipLimits()).end_seconds == pytest.approx(3.9, abs=0.05)
    assert lit(tmp_path / name) == pytest.approx(expected, abs=0.045)
    assert heard(tmp_path / name) == pytest.approx(expected, abs=0.045)


def test_a_part_without_sound_is_silent_and_what_follows_stays_in_step(flashes: Path, tmp_path: Path) -> None:
    silent = str(EXAMPLES / "surfer.mp4")
    parts = [FilmPart(silent, 0.0, 1.04), FilmPart(str(flashes), 2.5, 3.5)]
    write_montage(parts, tmp_path / "reel.mp4", limits=ClipLimits())
    assert heard(tmp_path / "reel.mp4") == pytest.approx([1.54], abs=0.045)
    assert lit(tmp_path / "reel.mp4")[-1] == pytest.approx(1.54, abs=0.045)


def test_films_without_sound_give_a_film_without_sound_track(tmp_path: Path) -> None:
    write_montage([FilmPart(str(EXAMPLES / "cat.mp4"), 1.0, 2.0)], tmp_path / "cut.mp4", limits=ClipLimits())
    film = read_film(tmp_path / "cut.mp4", ClipLimits())
    assert not film.has_sound
    assert film.end_seconds == pytest.approx(1.0, abs=0.06)
    assert film.info.frame_count == 20


def test_the_pictures_are_those_of_the_part(tmp_path: Path) -> None:
    limits, cat = ClipLimits(), EXAMPLES / "cat.mp4"
    write_montage([FilmPart(str(cat), 3.0, 3.5)], tmp_path / "cut.mp4", limits=limits)
    of_film = {round(one.seconds, 2): one.pixels(160) for one in stream_film(cat, read_film(cat, limits), limits)}
    for one in stream_film(tmp_path / "cut.mp4", read_film(tmp_path / "cut.mp4", limits), limits):
        near = np.abs(one.pixels(160).astype(int) - of_film[round(3.0 + one.seconds, 2)]).mean()
        assert near < 4


def test_the_second_film_is_fitted_into_the_shape_of_the_first(tmp_path: Path) -> None:
    parts = [FilmPart(str(EXAMPLES / name), 0.0, 0.2) for name in ("cat.mp4", "street.mp4")]
    write_montage(parts, tmp_path / "reel.mp4", limits=ClipLimits(), max_side=320)
    info = read_film(tmp_path / "reel.mp4", ClipLimits()).info
    cat = read_film(EXAMPLES / "cat.mp4", ClipLimits()).info
    assert max(info.width, info.height) <= 320
    assert info.width / info.height == pytest.approx(cat.width / cat.height, abs=0.02)


def test_sound_begins_at_the_very_moment(flashes: Path) -> None:
    film = read_film(flashes, ClipLimits())
    samples = np.concatenate(list(sound_of(flashes, film, 2.9, 3.6)), axis=1)
    assert samples.shape[1] == round(0.7 * SOUND_RATE)
    assert beginnings(samples) == pytest.approx([0.1], abs=0.03)


def test_what_cannot_be_written_is_refused_and_leaves_nothing(flashes: Path, tmp_path: Path) -> None:
    part = FilmPart(str(flashes), 0.0, 1.0)
    for parts, out in (([], tmp_path / "a.mp4"), ([part], tmp_path / "a.avi"), ([part], flashes)):
        with pytest.raises(ValueError, match="montage"):
            write_montage(parts, out, limits=ClipLimits())
    with pytest.raises(UnreadableClipError):
        write_montage([FilmPart(str(tmp_path / "none.mp4"), 0, 1)], tmp_path / "a.mp4", limits=ClipLimits())
    assert not list(tmp_path.iterdir())
