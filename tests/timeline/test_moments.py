"""Moments: the stretches that fit, and how they are ranked."""

from __future__ import annotations

import numpy as np
import pytest

from tests.timeline.contents import axis, make_content
from videobert_demo.timeline.content import Content
from videobert_demo.timeline.moments import Moment, find_fitting, find_moments, maximal_sums, runs, runs_of


def test_a_thing_is_found_wherever_it_is_shown_the_longest_first() -> None:
    content = make_content([0] * 8 + [1] * 4 + [0] * 8 + [1] * 10 + [2] * 6)
    first, second = find_moments(content, axis(1, 3), 5)
    assert (first.start_seconds, first.end_seconds) == (9.75, 14.75)
    assert (second.start_seconds, second.end_seconds) == (3.75, 5.75)
    assert first.score == second.score == pytest.approx(1.0)
    assert first.share == pytest.approx(10 / 14)
    assert find_moments(content, axis(1, 3), 1) == (first,)


def test_what_fits_throughout_is_one_stretch() -> None:
    (moment,) = find_moments(make_content([0] * 20), axis(0, 1), 5)
    assert (moment.start_seconds, moment.end_seconds, moment.share) == (0.0, 10.0, 1.0)


def test_one_picture_that_differs_does_not_split_a_stretch() -> None:
    angle = np.arccos(0.9)
    vectors = np.array([[1, 0]] * 6 + [[np.cos(angle), np.sin(angle)]] + [[1, 0]] * 6 + [[0, 1]] * 6, np.float32)
    content = Content(9.5, np.arange(19) / 2, vectors, np.zeros((19, 1), np.uint8))
    (moment,) = find_moments(content, axis(0, 2), 5)
    assert (moment.start_seconds, moment.end_seconds) == (0.0, 6.25)


def test_runs_end_where_pictures_stop_showing_the_same() -> None:
    assert runs(make_content([0, 0, 1, 1, 1, 0])) == [(0, 2), (2, 5), (5, 6)]
    assert runs(make_content([0])) == [(0, 1)]


def test_maximal_sums_of_the_drawn_example() -> None:
    assert maximal_sums(np.array([4.0, -5, 3, -1, 4, -8, 2])) == [(4, 0, 1), (6, 2, 5), (2, 6, 7)]
    assert maximal_sums(np.array([-1.0, -2])) == []
    # The example of Ruzzo and Tompa 1999, section 2.
    values = np.array([4.0, -5, 3, -3, 1, 2, -2, 2, -2, 1, 5])
    assert maximal_sums(values) == [(4, 0, 1), (3, 2, 3), (7, 4, 11)]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="count"):
        find_moments(make_content([0]), axis(0, 1), 0)
    for start, end, score, share in ((1.0, 1.0, 0.5, 0.5), (0.0, 1.0, 2.0, 0.5), (0.0, 1.0, 0.5, 1.5)):
        with pytest.raises(ValueError, match=r"moment|score"):
            Moment(start, end, score, share)


def test_what_fits_is_found_even_where_other_places_fit_better() -> None:
    angle = np.arccos(0.6)
    vectors = np.array([[0, 1]] * 4 + [[np.cos(angle), np.sin(angle)]] * 4 + [[1, 0]] * 4, np.float32)
    content = Content(6.0, np.arange(12) / 2, vectors, np.zeros((12, 1), np.uint8))
    (best,), (fitting,) = find_moments(content, axis(0, 2), 5), find_fitting(content, axis(0, 2))
    assert best.start_seconds > 3.0  # where the better half begins, smoothed
    assert fitting.start_seconds < 2.0
    assert best.end_seconds == fitting.end_seconds == 6.0


def test_runs_of_true_values_are_never_joined() -> None:
    assert runs_of(np.array([True, True, False, True])) == [(0, 2), (3, 4)]
    assert runs_of(np.array([False])) == []
