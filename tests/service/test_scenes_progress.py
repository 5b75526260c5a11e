"""How far the work on a timeline is."""

import pytest

from videobert_demo.service import scenes_progress
from videobert_demo.service.scenes_progress import PICTURES_PER_SCENE, Ahead, ScenesProgress, Work
from videobert_demo.timeline.timeline import Scene


def test_the_estimate_follows_the_pace_and_the_share_never_falls(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(scenes_progress.time, "perf_counter", lambda: now)
    reports: list[ScenesProgress] = []
    work = Work(reports.append, lambda: False)
    now = 110.0
    work.tell_pace(0.01)
    assert work.read(0.5, lambda: Ahead(100, 10))
    assert reports[-1].step == "reading"
    assert reports[-1].seconds_left == pytest.approx(10 + 0.01 * (100 + 10 * PICTURES_PER_SCENE))
    now = 110.1
    assert work.read(0.51, lambda: Ahead(100, 10))
    assert len(reports) == 1  # a few times a second at most
    now = 120.0
    work.begin_comparing(Ahead(100, 10))
    now = 121.0
    assert work.compared(50, Ahead(50, 10))  # twice as slow as was told
    assert reports[-1].step == "comparing"
    assert reports[-1].seconds_left == pytest.approx(0.02 * (50 + 10 * PICTURES_PER_SCENE))
    work.begin_describing(10)
    now = 126.0
    work.described([Scene(number, number + 1.0, "a dog", 0.5, is_sure=True) for number in range(5)])
    assert reports[-1].step == "describing"
    assert reports[-1].seconds_left == pytest.approx(5.0)
    assert len(reports[-1].scenes) == 5
    shares = [report.share for report in reports]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(20 / 22.6)  # at 120 s, when it looked better


def test_what_was_read_may_be_described_for_a_moment_after_it_was_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 10.0
    monkeypatch.setattr(scenes_progress.time, "perf_counter", lambda: now)
    is_cancelled = False
    work = Work(lambda _progress: None, lambda: is_cancelled)
    assert not work.must_end()
    is_cancelled = True
    assert not work.compared(32, Ahead(568, 60))
    now = 11.9
    assert not work.must_end()
    now = 12.1
    assert work.must_end()


def test_once_cancelled_it_stays_cancelled() -> None:
    answers = iter([False, True, False])
    work = Work(lambda _progress: None, lambda: next(answers))
    assert not work.stops()
    assert work.stops()
    assert work.stops()
    assert work.was_cancelled
