"""Arithmetic of stretches of time."""

from __future__ import annotations

import pytest

from videobert_demo.timeline.spans import join_spans, overlap_share, rest_of


def test_overlap_is_intersection_over_union() -> None:
    assert overlap_share((0, 2), (1, 3)) == pytest.approx(1 / 3)
    assert overlap_share((0, 1), (1, 2)) == 0
    assert overlap_share((2, 4), (2, 4)) == 1


def test_spans_join_where_they_touch_or_are_near() -> None:
    assert join_spans([(4, 5), (0, 1), (1, 2), (3, 3), (0.5, 0.6)]) == [(0, 2), (4, 5)]
    assert join_spans([(0, 1), (1.4, 2)], max_gap_seconds=0.5) == [(0, 2)]


def test_the_rest_and_the_spans_are_the_whole_clip() -> None:
    assert rest_of([(1, 2), (4, 6)], 6.0) == [(0.0, 1), (2, 4)]
    assert rest_of([], 3.0) == [(0.0, 3.0)]
    assert rest_of([(0, 9)], 3.0) == []
