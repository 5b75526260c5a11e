"""Shots become scenes: none too short, none too long, never silently too few."""

from itertools import pairwise

import numpy as np
import pytest

from videobert_demo.timeline.scenes import MAX_SCENES, Division, divide
from videobert_demo.timeline.timeline import Shot


def shots(*edges: float, strengths: tuple[float, ...] = ()) -> list[Shot]:
    values = (0.0, *(strengths or (1.5,) * (len(edges) - 2)))
    return [Shot(start, end, value) for (start, end), value in zip(pairwise(edges), values, strict=True)]


def turning(*turns: float, end: float) -> tuple[np.ndarray, np.ndarray]:
    """Vectors each half second that point another way from each turn on."""
    moments = np.arange(0, end, 0.5)
    vectors = np.eye(len(turns) + 1, dtype=np.float32)[np.searchsorted(turns, moments, side="right")]
    return moments, vectors


def test_a_clip_of_one_shot_is_one_scene() -> None:
    assert divide(shots(0.0, 8.0)) == Division(((0.0, 8.0),), 0)
    assert divide(shots(0.0, 0.4)) == Division(((0.0, 0.4),), 0)


def test_every_shot_of_a_second_is_a_scene() -> None:
    assert divide(shots(0.0, 1.0, 3.0, 9.0)).spans == ((0.0, 1.0), (1.0, 3.0), (3.0, 9.0))


def test_a_short_shot_joins_over_its_weaker_edge() -> None:
    assert divide(shots(0.0, 3.0, 3.6, 9.0, strengths=(2.0, 1.2))).spans == ((0.0, 3.0), (3.0, 9.0))
    assert divide(shots(0.0, 3.0, 3.6, 9.0, strengths=(1.2, 2.0))).spans == ((0.0, 3.6), (3.6, 9.0))
    assert divide(shots(0.0, 0.5, 3.0)).spans == ((0.0, 3.0),)
    assert divide(shots(0.0, 0.3, 0.6, 0.9)).spans == ((0.0, 0.9),)


def test_a_long_shot_is_divided_where_its_content_changes() -> None:
    moments, vectors = turning(7.0, 16.0, end=24.0)
    assert divide(shots(0.0, 24.0), moments, vectors).spans == ((0.0, 7.0), (7.0, 16.0), (16.0, 24.0))


def test_content_that_stays_or_a_short_shot_is_not_divided() -> None:
    moments, vectors = turning(end=24.0)
    assert len(divide(shots(0.0, 24.0), moments, vectors).spans) == 1
    moments, vectors = turning(4.0, end=9.0)
    assert len(divide(shots(0.0, 9.0), moments, vectors).spans) == 1


def test_a_long_shot_without_changes_has_even_windows() -> None:
    assert divide(shots(0.0, 30.0)).spans == ((0.0, 30.0),)
    assert divide(shots(0.0, 75.0)).spans == ((0.0, 25.0), (25.0, 50.0), (50.0, 75.0))
    two_hours = divide(shots(0.0, 7200.0))
    assert (len(two_hours.spans), two_hours.left_out) == (MAX_SCENES, 0)


def test_of_too_many_scenes_the_strongest_cuts_stay_and_the_rest_are_counted() -> None:
    strengths = tuple(1.0 + number / 100 for number in range(99))
    division = divide(shots(*[2.0 * number for number in range(101)], strengths=strengths))
    assert (len(division.spans), division.left_out) == (MAX_SCENES, 40)
    assert division.spans[0] == (0.0, 4.0)  # weak cuts go first, here and there
    assert division.spans[-10:] == tuple((180.0 + 2 * number, 182.0 + 2 * number) for number in range(10))


def test_of_too_many_scenes_short_ones_go_first() -> None:
    """Scenes of ten seconds, and between them short ones that are cut off as sharply."""
    edges = [0.0] + [edge for number in range(1, 80) for edge in (10.0 * number, 10.0 * number + 1.2)] + [800.0]
    division = divide(shots(*edges, strengths=(1.5,) * (len(edges) - 2)))
    assert len(division.spans) == MAX_SCENES
    lengths = [end - start for start, end in division.spans]
    assert min(lengths) > 5
    assert max(lengths) < 30


def test_scenes_cover_the_clip_and_none_is_short() -> None:
    random = np.random.default_rng(5)
    for _ in range(50):
        edges = np.unique(np.round(np.append(random.uniform(0.5, 99.5, random.integers(1, 150)), [0.0, 100.0]), 3))
        division = divide(shots(*edges.tolist(), strengths=tuple(random.uniform(0, 2, len(edges) - 2))))
        assert (division.spans[0][0], division.spans[-1][1]) == (0.0, 100.0)
        assert all(first[1] == second[0] for first, second in pairwise(division.spans))
        assert min(end - start for start, end in division.spans) >= 1.0 - 1e-6
        assert len(division.spans) <= MAX_SCENES


def test_what_cannot_be_divided_is_refused() -> None:
    with pytest.raises(ValueError, match="without gaps"):
        divide([Shot(0.0, 1.0), Shot(2.0, 3.0)])
    with pytest.raises(ValueError, match="at least one"):
        divide([])
    with pytest.raises(ValueError, match="as many moments"):
        divide(shots(0.0, 20.0), np.zeros(3), np.zeros((2, 4), np.float32))
    with pytest.raises(ValueError, match="max_scenes"):
        divide(shots(0.0, 20.0), max_scenes=0)
