"""Jumps of a skimmed film, and what they weigh."""

import numpy as np
import pytest

from videobert_demo.timeline.colours import GRID
from videobert_demo.timeline.cuts import Cut
from videobert_demo.timeline.jumps import JumpFinder, weigh


def colours(*seeds: int) -> np.ndarray:
    return np.stack(
        [np.random.default_rng(seed).integers(0, 255, GRID * GRID * 3).astype(np.float32) for seed in seeds]
    )


@pytest.mark.parametrize("size", [1, 2, 6])
def test_pictures_that_have_nothing_in_common(size: int) -> None:
    shown, moments = colours(1, 1, 2, 2, 3, 3), np.arange(6) * 5.0
    finder, found = JumpFinder(), []
    for start in range(0, 6, size):
        found += finder.add(moments[start : start + size], shown[start : start + size])
        assert finder.settled_seconds > moments[min(5, start + size - 1)]
    assert [cut.seconds for cut in found] == [10.0, 20.0]
    assert finder.end() == []


def test_light_that_changes_is_no_jump() -> None:
    assert JumpFinder().add(np.arange(2.0), np.stack([colours(1)[0], 0.4 * colours(1)[0]])) == []


def test_a_jump_between_pictures_of_the_same_thing_weighs_nothing() -> None:
    vectors = np.array([[1, 0], [0.9, 0.436], [0, 1], [0.9, 0.436]], np.float32)
    jumps = [Cut(5.0, 0.9), Cut(10.0, 0.5), Cut(15.0, 0.5)]
    weighed = weigh(jumps, np.array([0.0, 5.0, 10.0, 15.0]), vectors)
    assert [(cut.seconds, round(cut.strength, 2)) for cut in weighed] == [(10.0, 0.28), (15.0, 0.28)]
