"""Reels: each shot is cut from its own clip, and all have the same length."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.resources.make_clips import encode
from videobert_demo.errors import ClipError
from videobert_demo.settings import Settings
from videobert_demo.video.decode import read_clip
from videobert_demo.video.reel import HEIGHT, SHOT_SECONDS, WIDTH, ReelShot, film_reel, fit

LIMITS = Settings().limits


def shot(source: Path, start_seconds: float, end_seconds: float) -> ReelShot:
    return ReelShot(str(source), start_seconds, end_seconds, (start_seconds + end_seconds) / 2)


def test_a_reel_shows_its_shots_one_after_another(tmp_path: Path) -> None:
    clip = encode(tmp_path / "clip.mp4", "libx264", numbers=range(50))
    row = [shot(clip, 1.0, 2.0), shot(clip, 0.0, 0.1), shot(clip, 0.5, 0.5)]
    out = tmp_path / "reel.webm"
    film_reel(row, out, limits=LIMITS)
    info, frames = read_clip(out, 6, limits=LIMITS)
    assert info.duration_seconds == pytest.approx(3 * SHOT_SECONDS, abs=0.15)
    assert (info.width, info.height) == (WIDTH, HEIGHT)
    pictures = frames.pixels.astype(int)
    assert np.abs(pictures[4] - pictures[5]).mean() < 3  # a shot without frames of its own stands still
    assert np.abs(pictures[0] - pictures[4]).mean() > 3


def test_a_clip_that_has_gone_is_told(tmp_path: Path) -> None:
    out = tmp_path / "reel.webm"
    with pytest.raises(ClipError):
        film_reel([shot(tmp_path / "gone.mp4", 0, 1)], out, limits=LIMITS)
    assert not out.exists()
    with pytest.raises(ValueError, match="at least one"):
        film_reel([], out, limits=LIMITS)


@pytest.mark.parametrize("shape", [(100, 30, 3), (30, 100, 3), (3, 4, 3)])
def test_pictures_are_shown_whole_in_the_middle(shape: tuple[int, int, int]) -> None:
    fitted = fit(np.full(shape, 200, np.uint8))
    assert fitted.shape == (HEIGHT, WIDTH, 3)
    shown = fitted.any(2)
    height, width = shown.any(1).sum(), shown.any(0).sum()
    assert height / width == pytest.approx(shape[0] / shape[1], rel=0.02)
    assert max(height / HEIGHT, width / WIDTH) == 1
    np.testing.assert_array_equal(shown, shown[::-1, ::-1])


def test_a_shot_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="from 2"):
        ReelShot("clip.mp4", 2.0, 1.0, 1.5)
