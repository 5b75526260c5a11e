"""A whole film is read once, and its file tells rate, timecode and sound."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.resources.make_clips import encode, number_in
from videobert_demo.types import ClipLimits
from videobert_demo.video.film import constant_rate, read_film, stream_film


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(60)])
def test_rate_of_even_frames_whatever_the_clock(rate: Fraction) -> None:
    seconds = np.arange(300) / float(rate)
    for tick in (1e-6, 1 / 90_000, 0.001):
        on_clock = np.round(seconds / tick) * tick
        assert constant_rate(on_clock, []) == rate
        assert constant_rate(on_clock, [Fraction(1000), rate]) == rate


def test_rate_that_varies_is_none() -> None:
    steps = np.random.default_rng(0).choice([0.02, 0.04, 0.06], 200)
    assert constant_rate(np.cumsum(steps), [Fraction(25)]) is None
    assert constant_rate(np.concatenate([np.arange(50) / 25, 2 + np.arange(50) / 50]), [Fraction(25)]) is None


def test_all_frames_come_in_order_and_outlive_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    encode(path, "libx264", numbers=range(40))
    film = read_film(path, ClipLimits())
    pictures = list(stream_film(path, film, ClipLimits()))
    assert [number_in(picture.pixels(480)) for picture in pictures] == list(range(40))
    assert pictures[0].size_bytes >= 96 * 64 * 3 // 2
    assert film.frame_rate is not None
    assert pictures[-1].seconds == pytest.approx(39 / float(film.frame_rate))
    assert film.end_seconds == pytest.approx(40 / float(film.frame_rate))
    assert film.start_timecode is None
    assert not film.has_sound
