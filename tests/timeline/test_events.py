"""Events: when, how often, how long, and how sure."""

from __future__ import annotations

import numpy as np
import pytest

from tests.timeline.contents import axis, make_content
from videobert_demo.timeline.content import Content
from videobert_demo.timeline.events import LITTLE, MUCH, _without_dips, find_events


def test_two_clear_events() -> None:
    found = find_events(make_content([0] * 8 + [1] * 6 + [0] * 8 + [1] * 4), axis(1, 2))
    assert [(one.start_seconds, one.end_seconds) for one in found.events] == [(3.75, 6.75), (10.75, 13.0)]
    assert found.count_range == (2, 2)
    assert found.total_seconds == pytest.approx(5.25, abs=0.3)
    assert found.total_deviation_seconds < 0.2
    first = found.events[0]
    assert first.start_range == (3.75, 3.75)
    assert first.end_range == (6.75, 6.75)
    assert first.probability > 0.99


def test_what_never_happens_has_no_event() -> None:
    found = find_events(gliding([0.0] * 10), axis(0, 2))
    assert (found.events, found.count_range) == ((), (0, 0))
    assert found.total_seconds < 0.2


def gliding(cosines: list[float]) -> Content:
    """Pictures of which number i has the cosine i with the first axis, each like its neighbours."""
    vectors = np.array([[value, (1 - value**2) ** 0.5] for value in cosines], np.float32)
    return Content(len(cosines) / 2, np.arange(len(cosines)) / 2, vectors, np.zeros((len(cosines), 1), np.uint8))


def test_a_gradual_start_is_told_as_a_range() -> None:
    found = find_events(gliding(np.linspace(0.0, 0.7, 30).tolist()), axis(0, 2))
    (event,) = found.events
    early, late = event.start_range
    assert early < event.start_seconds < late < event.end_seconds
    between = found.probabilities[(found.moments_seconds > early) & (found.moments_seconds < late)]
    assert ((between >= LITTLE) & (between <= MUCH)).all()


def test_what_may_happen_counts_at_most_only() -> None:
    found = find_events(gliding([0.28] * 12), axis(0, 2))
    assert found.events == ()
    assert found.count_range == (0, 1)
    weak = find_events(gliding([0.38] * 12), axis(0, 2))
    assert len(weak.events) == 1
    assert weak.count_range == (0, 1)
    assert weak.total_deviation_seconds > 1.0


def test_a_dip_of_half_a_second_does_not_end_an_event() -> None:
    bounds = np.arange(25) / 2
    assert _without_dips([(0, 6), (7, 13), (17, 23)], bounds) == [(0, 13), (17, 23)]
