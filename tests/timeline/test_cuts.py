"""Cuts are the same however many frames are shown at once, and known when the finder says so."""

import numpy as np
import pytest

from tests.timeline.films import example_shots
from videobert_demo.evaluation.scenes import join_shots
from videobert_demo.timeline.colours import GRID
from videobert_demo.timeline.cuts import CutFinder
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


def test_steps_of_pictures_that_stand_are_no_cuts_but_another_picture_is() -> None:
    """A film of two pictures a second, each shown for half a second, as in films made from few frames."""
    random = np.random.default_rng(0)
    first, second, noise = (random.integers(40, 215, GRID * GRID * 3).astype(np.float32) for _ in range(3))
    # Weights that make a quarter to a third of the difference of unrelated pictures.
    shown = [first + 0.3 * weight * (noise - first) for weight in (0, 1, 0, 1, 0, 1)]
    shown += [second + 0.3 * weight * (noise - second) for weight in (0, 1, 0, 1, 0, 1)]
    colours = np.repeat(np.stack(shown), 12, axis=0)
    finder = CutFinder()
    found = finder.add(np.arange(len(colours)) / 25, colours) + finder.end()
    assert [cut.seconds for cut in found] == [6 * 12 / 25]


def test_a_slide_that_follows_a_still_one_is_a_cut() -> None:
    random = np.random.default_rng(1)
    first, noise = (random.integers(40, 215, GRID * GRID * 3).astype(np.float32) for _ in range(2))
    colours = np.repeat(np.stack([first, first + 0.5 * (noise - first)]), 100, axis=0)
    finder = CutFinder()
    assert [cut.seconds for cut in finder.add(np.arange(200) / 25, colours) + finder.end()] == [4.0]
