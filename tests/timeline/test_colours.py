"""Distances of frames."""

import numpy as np
import pytest

from videobert_demo.timeline.colours import GRID, ColourFrames


def test_frames_added_in_parts_are_those_added_at_once() -> None:
    colours = np.random.default_rng(0).integers(0, 255, (9, GRID * GRID * 3)).astype(np.float32)
    moments = np.arange(9.0)
    whole = ColourFrames.none().followed_by(moments, colours)
    parts = ColourFrames.none().followed_by(moments[:4], colours[:4]).followed_by(moments[4:], colours[4:])
    assert parts.steps == pytest.approx(whole.steps)
    assert whole.steps[0] == 0
    assert whole.steps[1:] == pytest.approx([whole.distance(at - 1, at) for at in range(1, 9)])
    assert len(whole.after(5)) == 4


def test_a_dark_copy_is_as_far_from_another_dark_one_and_alike_to_its_original() -> None:
    random = np.random.default_rng(1)
    bright = random.integers(0, 255, (2, GRID * GRID * 3)).astype(np.float32)
    frames = ColourFrames.none().followed_by(np.arange(4.0), np.concatenate([bright, 0.5 * bright]))
    assert frames.distance(2, 3) == pytest.approx(frames.distance(0, 1), rel=0.1)
    assert frames.likeness(0, 2) == pytest.approx(1.0)
    assert abs(frames.likeness(0, 1)) < 0.1


def test_black_is_what_has_hardly_a_bright_place() -> None:
    black = np.full((3, GRID * GRID * 3), 10, np.float32)
    black[1, :10] = 255
    black[2, :30] = 255
    assert ColourFrames.none().followed_by(np.arange(3.0), black).is_black.tolist() == [True, True, False]
