"""Slots for an interruption."""

from __future__ import annotations

import numpy as np
import pytest

from tests.timeline.contents import axis, make_content
from videobert_demo.timeline.content import Content
from videobert_demo.timeline.slots import find_slots


def test_a_change_of_content_comes_before_a_cut_within_it() -> None:
    content = make_content([0] * 20 + [1] * 20)
    first, second = find_slots(content, [5.0, 10.0], 5)
    assert (first.seconds, first.change) == (10.0, pytest.approx(1.0))
    assert (second.seconds, second.score) == (5.0, pytest.approx(0.0))
    assert find_slots(content, [5.0, 10.0], 1) == (first,)
    assert find_slots(content, [], 3) == ()


def test_where_much_moves_is_no_place_and_the_cut_itself_is_no_motion() -> None:
    colours = np.zeros((40, 4), np.uint8)
    colours[10:, :] = 200  # a cut to something else that stands still
    colours[26:36, :] = np.tile([[0], [200]], (5, 1))  # a flicker
    things = np.eye(3, dtype=np.float32)[[0] * 10 + [1] * 20 + [2] * 10]
    content = Content(20.0, np.arange(40) / 2, things, colours)
    calm, busy = find_slots(content, [5.0, 15.0], 2)
    assert (calm.seconds, calm.calm, calm.score) == (5.0, 1.0, pytest.approx(1.0))
    assert (busy.calm, busy.score) == (0.0, 0.0)


def test_an_advertisement_goes_where_its_content_suits() -> None:
    content = make_content([0] * 10 + [1] * 10 + [2] * 10 + [3] * 10)
    slots = find_slots(content, [5.0, 10.0, 15.0], 3, shown=axis(3, 4))
    assert slots[0].seconds == 15.0
    assert slots[0].fit == pytest.approx(2**-0.5)
    assert slots[-1].fit == pytest.approx(0.0)


def test_slots_keep_their_distance() -> None:
    content = make_content([0] * 10 + [1] * 2 + [2] * 28)
    assert len(find_slots(content, [5.0, 6.0], 5)) == 2
    assert len(find_slots(content, [5.0, 6.0], 5, min_gap_seconds=5.0)) == 1
    with pytest.raises(ValueError, match="count"):
        find_slots(content, [5.0], 0)
