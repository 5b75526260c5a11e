"""How long each kind of work takes here, by what it took before: so that people who wait are told how long.

It knows names of work and seconds, and keeps nothing of whose work it was.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_REMEMBERED = 9  # an odd number: its median is one of them


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the work stands, for a bar that fills as the seconds pass.

    Attributes:
        done: The share that is done, in [0, 1].
        share: That of the current step in the whole, in [0, 1].
        expected_seconds: How long the current step will take; None if nobody knows.
        later_seconds: How long the steps after it will take; None if nobody knows.
    """

    done: float = 0.0
    share: float = 1.0
    expected_seconds: float | None = None
    later_seconds: float | None = None


BEGINNING = Progress()
"""Nothing is known yet."""


class Pace:
    """Seconds that each kind of work took lately. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds: dict[str, deque[float]] = {}

    def record(self, work: str, seconds: float) -> None:
        """One more piece of this kind of work took that long."""
        with self._lock:
            self._seconds.setdefault(work, deque(maxlen=_REMEMBERED)).append(seconds)

    def expected_seconds(self, work: str) -> float | None:
        """The median of what it took lately; None if it was never done."""
        with self._lock:
            return statistics.median(self._seconds[work]) if work in self._seconds else None

    def progress(self, work: str) -> Progress:
        """Where work of one step stands as it begins."""
        return Progress(expected_seconds=self.expected_seconds(work), later_seconds=0.0)

    @contextmanager
    def measured(self, work: str) -> Iterator[None]:
        """Records how long the block takes; not if it raises, because then the work was not done."""
        started = time.perf_counter()
        yield
        self.record(work, time.perf_counter() - started)


class Steps:
    """Work in steps that follow one another, each of which has a pace of its own.

    Args:
        pace: What each step took before.
        names: All steps, in their order.
    """

    def __init__(self, pace: Pace, names: tuple[str, ...]) -> None:
        self._pace, self._names = pace, names
        self._current, self._since = "", 0.0

    def begin(self, name: str) -> None:
        """A step begins, and with it the one before is done."""
        self.end()
        self._current, self._since = name, time.perf_counter()

    def end(self) -> None:
        """The current step is done."""
        if self._current:
            self._pace.record(self._current, time.perf_counter() - self._since)
        self._current = ""

    def progress(self, name: str) -> Progress:
        """Where the work stands as this step begins."""
        return self.progress_at(self._names.index(name))

    def progress_at(self, index: int) -> Progress:
        """The same for the step with this index, where several have one name."""
        expected = [self._pace.expected_seconds(one) for one in self._names]
        known = [seconds for seconds in expected if seconds is not None]
        if len(known) < len(expected) or sum(known) <= 0:
            count = len(self._names)
            return Progress(index / count, 1 / count, expected[index], None)
        total = sum(known)
        return Progress(sum(known[:index]) / total, known[index] / total, known[index], sum(known[index + 1 :]))
