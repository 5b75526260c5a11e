"""Scenes that cover a clip."""

from __future__ import annotations

import numpy as np
import pytest

from videobert_demo.timeline.coverage import cover


def test_one_of_each_kind_is_chosen_and_the_longest_kind_first() -> None:
    vectors = np.eye(3, dtype=np.float32)[[0, 0, 1, 0, 2]]
    found = cover(vectors, np.array([1.0, 1, 5, 1, 2]), 5)
    assert found.indices == (2, 0, 4)
    assert found.coverage == pytest.approx([0.5, 0.8, 1.0])


def test_the_scene_in_the_middle_stands_for_its_neighbours() -> None:
    angles = np.radians([0, 40, 80])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert cover(vectors, np.ones(3), 1).indices == (1,)


def test_what_cannot_be_covered_is_refused() -> None:
    with pytest.raises(ValueError, match="count"):
        cover(np.eye(1, dtype=np.float32), np.ones(1), 0)
    with pytest.raises(ValueError, match="seconds"):
        cover(np.eye(2, dtype=np.float32), np.array([1.0, 0.0]), 1)
