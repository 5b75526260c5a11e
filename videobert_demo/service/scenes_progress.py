"""How far the work on a timeline has come, how long it will take, and whether it was cancelled. Knows no clip.

    reading ----------------> comparing -------------> describing
    by its own pace           pictures, of which the   scenes, each as much work as some pictures
                              first ones tell the pace

Whoever waits is told from the first report on what all three will take; `tell_pace` says how fast the machine is now.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from videobert_demo.timeline.timeline import Scene

PICTURES_PER_SCENE = 16
"""Describing a scene takes as long as comparing so many pictures: it has eight of them, and a sentence."""

_FIRST_GUESS_SECONDS_PER_PICTURE = 0.025
_SECONDS_BETWEEN_REPORTS = 0.25
_GRACE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class ScenesProgress:
    """How far the work of `scenes` has come.

    Attributes:
        step: "reading" the film, then "comparing" what its pictures show, then "describing" its scenes.
        share: Of the whole work, in [0, 1].
        seconds_left: Estimated from the pace so far; None before there is one.
        scenes: What is described already, in order.
    """

    step: str
    share: float
    seconds_left: float | None
    scenes: tuple[Scene, ...] = ()


OnProgress = Callable[[ScenesProgress], None]


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is to be done once the film is read: how many pictures to compare, how many scenes to describe."""

    pictures: float
    scenes: float


class Work:
    """Tells how far the work has come, and whether it should stop. It reports a few times a second at most."""

    def __init__(self, on_progress: OnProgress, is_cancelled: Callable[[], bool]) -> None:
        self._on_progress, self._is_cancelled = on_progress, is_cancelled
        self._start = self._last_report = self._step_start = time.perf_counter()
        self._seconds_per_picture = _FIRST_GUESS_SECONDS_PER_PICTURE
        self._scene_count = 1
        self._share = 0.0
        self._cancelled_at: float | None = None

    @property
    def was_cancelled(self) -> bool:
        """Whether somebody had cancelled when `stops` or `must_end` was last asked."""
        return self._cancelled_at is not None

    def stops(self) -> bool:
        """Whether somebody has cancelled."""
        if self._cancelled_at is None and self._is_cancelled():
            self._cancelled_at = time.perf_counter()
        return self.was_cancelled

    def must_end(self) -> bool:
        """Whether somebody cancelled some seconds ago: until then what was read may still be described."""
        return self.stops() and time.perf_counter() - (self._cancelled_at or 0.0) >= _GRACE_SECONDS

    def tell_pace(self, seconds_per_picture: float) -> None:
        """Tells how long comparing one picture takes on this machine, as busy as it is."""
        self._seconds_per_picture = seconds_per_picture

    def begin_reading(self) -> None:
        """The pace of reading counts from here."""
        self._step_start = time.perf_counter()

    def read(self, share: float, ahead: Callable[[], Ahead]) -> bool:
        """Tells how much of the film is read, in (0, 1]; False to stop.

        Args:
            share: of its length.
            ahead: tells what will follow, by what was read so far. It is only asked when a report is due.
        """
        if self.stops():
            return False
        now = time.perf_counter()
        if now - self._last_report >= _SECONDS_BETWEEN_REPORTS:
            reading = (now - self._step_start) * (1 / max(share, 1e-3) - 1)
            self._report("reading", reading + self._seconds_of(ahead()))
        return True

    def compared(self, count: int, ahead: Ahead) -> bool:
        """Tells that so many pictures were compared since `begin_comparing`, and what is left; False to stop."""
        self._seconds_per_picture = (time.perf_counter() - self._step_start) / count
        self._report("comparing", self._seconds_of(ahead))
        return not self.stops()

    def begin_comparing(self, ahead: Ahead) -> None:
        """Tells that the film is read, and what is left to do."""
        self._step_start = time.perf_counter()
        self._report("comparing", self._seconds_of(ahead))

    def begin_describing(self, scene_count: int) -> None:
        """Tells how many scenes the film has."""
        self._step_start, self._scene_count = time.perf_counter(), scene_count
        self._report("describing", self._seconds_of(Ahead(0, scene_count)))

    def described(self, scenes: Sequence[Scene]) -> None:
        """Tells which scenes are described."""
        spent = time.perf_counter() - self._step_start
        self._report("describing", spent * (self._scene_count / len(scenes) - 1), tuple(scenes))

    def _seconds_of(self, ahead: Ahead) -> float:
        return self._seconds_per_picture * (ahead.pictures + PICTURES_PER_SCENE * ahead.scenes)

    def _report(self, step: str, seconds_left: float, scenes: tuple[Scene, ...] = ()) -> None:
        self._last_report = time.perf_counter()
        spent = self._last_report - self._start
        self._share = max(self._share, spent / max(spent + seconds_left, 1e-6))
        self._on_progress(ScenesProgress(step, self._share, seconds_left, scenes))
