"""Two videos in one picture."""

from __future__ import annotations

import numpy as np

from videobert_demo.data.pairs import align_frames, join_side_by_side, pick_evenly


def test_halves_are_whole_frames() -> None:
    left, right = np.full((30, 40, 3), 10, np.uint8), np.full((90, 70, 3), 200, np.uint8)
    right[:, 35:] = 250
    joined = join_side_by_side(left, right)
    assert joined.shape == left.shape
    assert joined.dtype == np.uint8
    assert (joined[:, :20] == 10).all()
    assert (joined[:, 20:29] == 200).all()
    assert (joined[:, 31:] == 250).all()
    odd = join_side_by_side(left[:, :39], right)
    assert odd.shape == (30, 39, 3)
    assert (odd[:, 18] == 10).all()
    assert (odd[:, 19] == 200).all()


def test_frames_are_aligned_in_time() -> None:
    assert align_frames(2, 4, 8) == [(0, 0), (0, 1), (1, 2), (1, 3)]
    assert align_frames(3, 3, 8) == [(0, 0), (1, 1), (2, 2)]
    assert align_frames(8, 2, 4) == [(1, 0), (3, 0), (5, 1), (7, 1)]
    assert pick_evenly(4, 2) == [1, 3]
    assert pick_evenly(3, 3) == [0, 1, 2]
