"""Searches for scenes: told how far they are, stopped by who waits, given up when nobody does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.timeline.samples import sample_timeline
from videobert_demo.errors import UnreadableClipError
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.timeline import ScenesProgress
from videobert_demo.timeline.timeline import Timeline
from videobert_demo.ui.timeline.finding import SceneFinder

FILM = sample_timeline("25")
WAIT_SECONDS = 30


class SlowScenes:
    """Looks for scenes until it is told to stop, or `is_done` is set."""

    def __init__(self) -> None:
        self.is_done, self.began = threading.Event(), threading.Event()
        self.cancelled: list[bool] = []

    def scenes(
        self,
        _path: str,
        *,
        on_progress: Callable[[ScenesProgress], None],
        is_cancelled: Callable[[], bool],
        neutral_words: bool,
        language: str | None,
    ) -> Timeline:
        on_progress(ScenesProgress("reading", 0.25, 9.0))
        self.began.set()
        while not is_cancelled() and not self.is_done.wait(0.01):
            pass
        self.cancelled.append(is_cancelled())
        return replace(FILM, is_complete=not is_cancelled())


def finder(service: Any) -> SceneFinder:
    return SceneFinder(cast(VideoBertService, service))


def test_progress_comes_first_and_the_timeline_last() -> None:
    slow = SlowScenes()
    reports = finder(slow).find("one", "a.mp4")
    first = next(reports)
    assert first == ScenesProgress("reading", 0.25, 9.0)
    slow.is_done.set()
    *_, last = reports
    assert isinstance(last, Timeline)
    assert last.is_complete


def test_who_stops_gets_what_was_found_by_then() -> None:
    finding = finder(SlowScenes())
    reports = finding.find("one", "a.mp4")
    next(reports)
    finding.stop("two")  # somebody else
    assert isinstance(next(reports), ScenesProgress)
    finding.stop("one")
    *_, last = reports
    assert isinstance(last, Timeline)
    assert not last.is_complete


def test_what_nobody_wants_any_more_ends_without_a_result() -> None:
    slow = SlowScenes()
    finding = finder(slow)
    reports = finding.find("one", "a.mp4")
    next(reports)
    finding.give_up("one")
    assert not any(isinstance(report, Timeline) for report in reports)
    assert slow.cancelled == [True]
    finding.give_up("one")  # twice is no harm


def test_another_clip_of_the_same_visitor_gives_the_first_up() -> None:
    slow = SlowScenes()
    finding = finder(slow)
    first = finding.find("one", "a.mp4")
    next(first)
    slow.is_done.set()
    second = finding.find("one", "b.mp4")
    *_, last = second
    assert isinstance(last, Timeline)
    assert not any(isinstance(report, Timeline) for report in first)


def test_a_page_that_goes_away_stops_the_work() -> None:
    slow = SlowScenes()
    reports = finder(slow).find("one", "a.mp4")
    next(reports)
    cast(Any, reports).close()
    assert slow.cancelled == [True]


def test_an_error_is_raised_to_who_asked() -> None:
    def scenes(_path: str, **_options: Any) -> Timeline:
        raise UnreadableClipError("It is damaged.")

    with pytest.raises(UnreadableClipError, match="damaged"):
        list(finder(SimpleNamespace(scenes=scenes)).find("one", "a.mp4"))
