"""How far the work on a timeline has come, how long it will take, and whether it was cancelled. Knows no clip."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from videobert_demo.timeline.timeline import Scene

_FIRST_GUESS_SECONDS_PER_SCENE = 0.4
_SECONDS_BETWEEN_REPORTS = 0.25


@dataclass(frozen=True, slots=True)
class ScenesProgress:
    """How far the work of `scenes` has come.

    Attributes:
        step: "reading" the film, then "describing" its scenes.
        share: Of the whole work, in [0, 1].
        seconds_left: Estimated from the pace so far; None before there is one.
        scenes: What is described already, in order.
    """

    step: str
    share: float
    seconds_left: float | None
    scenes: tuple[Scene, ...] = ()


OnProgress = Callable[[ScenesProgress], None]


class Work:
    """Tells how far the work has come, and whether it should stop. It reports a few times a second at most."""

    def __init__(self, on_progress: OnProgress, is_cancelled: Callable[[], bool]) -> None:
        self._on_progress, self._is_cancelled = on_progress, is_cancelled
        self._start = self._last_report = time.perf_counter()
        self._describing_since = 0.0
        self._scene_count = 1
        self._share = 0.0
        self.was_cancelled = False

    def stops(self) -> bool:
        """Whether somebody has cancelled."""
        self.was_cancelled = self.was_cancelled or self._is_cancelled()
        return self.was_cancelled

    def read(self, share: float, scene_count: int) -> bool:
        """Tells how much of the film is read, in [0, 1], and how many scenes there are so far; False to stop."""
        if self.stops():
            return False
        now = time.perf_counter()
        if now - self._last_report < _SECONDS_BETWEEN_REPORTS:
            return True
        spent = now - self._start
        expected_scenes = scene_count / max(share, 1e-3)
        left = spent * (1 / max(share, 1e-3) - 1) + _FIRST_GUESS_SECONDS_PER_SCENE * min(expected_scenes, 60)
        self._report("reading", left)
        return True

    def start_describing(self, scene_count: int) -> None:
        """Tells that the film is read, and how many scenes it has."""
        self._describing_since, self._scene_count = time.perf_counter(), scene_count
        self._report("describing", _FIRST_GUESS_SECONDS_PER_SCENE * scene_count)

    def described(self, scenes: Sequence[Scene]) -> None:
        """Tells which scenes are described."""
        spent = time.perf_counter() - self._describing_since
        self._report("describing", spent * (self._scene_count / len(scenes) - 1), tuple(scenes))

    def _report(self, step: str, seconds_left: float, scenes: tuple[Scene, ...] = ()) -> None:
        self._last_report = time.perf_counter()
        spent = self._last_report - self._start
        self._share = max(self._share, spent / max(spent + seconds_left, 1e-6))
        self._on_progress(ScenesProgress(step, self._share, seconds_left, scenes))
