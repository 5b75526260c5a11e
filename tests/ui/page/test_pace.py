"""How long work takes, by what it took before."""

from __future__ import annotations

import pytest

from videobert_demo.ui.page.pace import Pace, Progress, Steps


def test_the_median_of_the_latest_is_expected() -> None:
    pace = Pace()
    assert pace.expected_seconds("asking") is None
    for seconds in (1.0, 100.0, 2.0):
        pace.record("asking", seconds)
    assert pace.expected_seconds("asking") == 2.0
    for _ in range(9):
        pace.record("asking", 5.0)
    assert pace.expected_seconds("asking") == 5.0  # what was long ago no longer counts
    assert pace.expected_seconds("searching") is None


def test_work_that_failed_says_nothing_of_how_long_work_takes() -> None:
    pace = Pace()
    with pytest.raises(ValueError, match="broken"), pace.measured("asking"):
        raise ValueError("broken")
    assert pace.progress("asking") == Progress(0.0, 1.0, None, 0.0)
    with pace.measured("asking"):
        pass
    assert 0 <= (pace.expected_seconds("asking") or -1) < 1


def test_steps_divide_the_bar_by_what_they_took() -> None:
    pace = Pace()
    steps = Steps(pace, ("reading", "looking", "writing"))
    assert steps.progress("looking") == Progress(1 / 3, 1 / 3, None, None)
    for name, seconds in (("reading", 1.0), ("looking", 2.0), ("writing", 1.0)):
        pace.record(name, seconds)
    assert steps.progress("reading") == Progress(0.0, 0.25, 1.0, 3.0)
    assert steps.progress("looking") == Progress(0.25, 0.5, 2.0, 1.0)
    assert steps.progress("writing") == Progress(0.75, 0.25, 1.0, 0.0)


def test_a_step_is_measured_until_the_next_begins() -> None:
    pace = Pace()
    steps = Steps(pace, ("reading", "writing"))
    steps.begin("reading")
    steps.begin("writing")
    assert pace.expected_seconds("reading") is not None
    assert pace.expected_seconds("writing") is None
    steps.end()
    assert pace.expected_seconds("writing") is not None
