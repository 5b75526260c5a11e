"""Alarms: when they begin and end."""

from __future__ import annotations

import numpy as np
import pytest

from tests.timeline.contents import axis
from videobert_demo.timeline.watching import Alarm, Likeness, Watcher, find_alarms, mean_likeness


def alarms_of(values: list[float], threshold: float = 0.5, step_seconds: float = 0.5) -> tuple[Alarm, ...]:
    moments = np.arange(len(values)) * step_seconds
    return find_alarms(moments, np.array(values)[:, None], [threshold], len(values) * step_seconds)


def test_an_alarm_has_its_time_and_its_peak() -> None:
    assert alarms_of([0.1, 0.6, 0.9, 0.5, 0.1, 0.1, 0.1]) == (Alarm(0, 0.5, 2.0, 1.0, 0.9, is_over=True),)


def test_short_dips_are_bridged_and_long_ones_are_not() -> None:
    assert [(one.start_seconds, one.end_seconds) for one in alarms_of([0.9, 0.1, 0.9, 0.1, 0.1, 0.1, 0.9])] == [
        (0.0, 1.5),
        (3.0, 3.5),
    ]


def test_pictures_far_apart_end_an_alarm_at_once() -> None:
    assert [one.end_seconds for one in alarms_of([0.9, 0.1, 0.9], step_seconds=12)] == [12.0, 36.0]


def test_an_alarm_is_told_when_it_begins_and_when_it_is_over() -> None:
    watcher = Watcher([0.5, 0.5])
    (begun,) = watcher.add(0.0, np.array([0.7, 0.2]))
    assert (begun.row, begun.is_over) == (0, False)
    assert watcher.add(0.5, np.array([0.8, 0.2])) == ()
    assert watcher.running[0].score == 0.8
    assert watcher.add(1.0, np.array([0.1, 0.2])) == ()
    (over,) = watcher.add(1.6, np.array([0.1, 0.2]))
    assert (over.is_over, over.end_seconds, over.peak_seconds) == (True, 1.0, 0.5)
    assert watcher.running == ()
    assert watcher.end(2.0) == ()


def test_the_end_of_a_film_ends_what_goes_on() -> None:
    watcher = Watcher([0.5])
    watcher.add(0.0, np.array([0.7]))
    assert [one.end_seconds for one in watcher.end(4.0)] == [4.0]
    watcher.add(5.0, np.array([0.7]))
    watcher.add(5.5, np.array([0.1]))
    assert [one.end_seconds for one in watcher.end(6.0)] == [5.5]


def test_alarms_of_several_events_are_in_order_of_time() -> None:
    rows = np.array([[0.1, 0.9], [0.9, 0.9], [0.9, 0.1]])
    found = find_alarms(np.arange(3.0), rows, [0.5, 0.5], 3.0)
    assert [(one.row, one.start_seconds) for one in found] == [(1, 0.0), (0, 1.0)]


def test_a_likeness_rests_on_what_was_shown_in_the_last_seconds_and_shows_the_same() -> None:
    likeness = Likeness(axis(0, 2)[None])
    assert likeness.add(0.0, axis(0, 2)).tolist() == [1.0]
    assert likeness.add(0.5, axis(1, 2)).tolist() == [0.0]  # after a cut the earlier picture has no say
    near = np.array([0.8, 0.6], np.float32)
    together = axis(0, 2) + near
    expected = (0.8 + together[0] / np.linalg.norm(together)) / 2
    assert likeness.add(1.0, near)[0] == pytest.approx(expected - 0, abs=0.12)
    assert likeness.add(60.0, near).tolist() == pytest.approx([0.8])
    assert mean_likeness(axis(0, 2)[None], near[None]).tolist() == pytest.approx([0.8])
