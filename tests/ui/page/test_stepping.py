"""Work that reports its steps while somebody waits for it."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable

import pytest

from videobert_demo.ui.page.stepping import AbandonedError, Done, in_steps

NAME: contextvars.ContextVar[str] = contextvars.ContextVar("NAME", default="nobody")


def test_steps_come_as_they_begin_and_then_the_result() -> None:
    go_on = threading.Event()

    def work(report: Callable[[str], None]) -> str:
        report("reading")
        assert go_on.wait(10)
        report("writing")
        return NAME.get()

    NAME.set("ann")
    steps = in_steps(work)
    assert next(steps) == "reading"  # although the work is not done
    go_on.set()
    assert list(steps) == ["writing", Done("ann")]


def test_what_the_work_raises_is_raised_where_it_is_waited_for() -> None:
    def work(report: Callable[[str], None]) -> None:
        report("reading")
        raise ValueError("damaged")

    steps = in_steps(work)
    assert next(steps) == "reading"
    with pytest.raises(ValueError, match="damaged"):
        next(steps)


def test_who_stops_waiting_stops_the_work_at_its_next_step() -> None:
    go_on, stopped = threading.Event(), threading.Event()

    def work(report: Callable[[str], None]) -> None:
        report("reading")
        assert go_on.wait(10)
        try:
            report("writing")
        except AbandonedError:
            stopped.set()
            raise

    steps = in_steps(work)
    next(steps)
    steps.close()
    go_on.set()
    assert stopped.wait(10)
