"""Cuts are the same however many frames are shown at once, and known when the finder says so."""

import numpy as np
import pytest

from tests.timeline.films import example_shots
from videobert_demo.evaluation.scenes import join_shots
from videobert_demo.timeline.cuts import GRID, CutFinder
from videobert_demo.timeline.shots import _mean_colours


@pytest.fixture(scope="module")
def film() -> tuple[np.ndarray, np.ndarray]:
    pictures, _ = join_shots(example_shots()[:5], "dissolved", np.random.default_rng(2))
    more, _ = join_shots(example_shots()[5:], "faded", np.random.default_rng(2))
    colours = np.stack([_mean_colours(picture) for picture in [*pictures, *more]])
    return np.arange(len(colours)) / 25, colours


def test_the_same_cuts_in_blocks_of_any_size(film: tuple[np.ndarray, np.ndarray]) -> None:
    moments, colours = film
    results = []
    for size in (1, 7, 16, len(moments)):
        finder, found = CutFinder(), []
        for start in range(0, len(moments), size):
            found += finder.add(moments[start : start + size], colours[start : start + size])
        results.append(sorted((cut.seconds, round(cut.strength, 4)) for cut in found + finder.end()))
    assert len(results[0]) >= 7
    assert results[1:] == results[:1] * 3


def test_no_cut_is_told_of_what_was_settled(film: tuple[np.ndarray, np.ndarray]) -> None:
    finder, settled = CutFinder(), 0.0
    for moment, colours in zip(*film, strict=True):
        for cut in finder.add(np.array([moment]), colours[None]):
            assert cut.seconds >= settled, (cut, settled)
        settled = finder.settled_seconds
    assert settled > film[0][-1] - 0.7


def test_nothing_shown_is_no_cut() -> None:
    finder = CutFinder()
    assert finder.add(np.zeros(0), np.zeros((0, GRID * GRID * 3), np.float32)) == []
    assert finder.settled_seconds == 0.0
    assert finder.end() == []
