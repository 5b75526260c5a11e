"""How far the work on a timeline is."""

import pytest

from videobert_demo.service import scenes_progress
from videobert_demo.service.scenes_progress import ScenesProgress, Work
from videobert_demo.timeline.timeline import Scene


def test_the_estimate_follows_the_pace_and_the_share_never_falls(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(scenes_progress.time, "perf_counter", lambda: now)
    reports: list[ScenesProgress] = []
    work = Work(reports.append, lambda: False)
    now = 110.0
    assert work.read(0.5, 5)
    assert reports[-1].step == "reading"
    assert reports[-1].seconds_left == pytest.approx(10 + 0.4 * 10)
    now = 110.1
    assert work.read(0.51, 5)
    assert len(reports) == 1  # a few times a second at most
    now = 120.0
    work.start_describing(10)
    now = 125.0
    work.described([Scene(number, number + 1.0, "a dog", 0.5, is_sure=True) for number in range(5)])
    assert reports[-1].step == "describing"
    assert reports[-1].seconds_left == pytest.approx(5.0)
    assert len(reports[-1].scenes) == 5
    shares = [report.share for report in reports]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(25 / 30)


def test_once_cancelled_it_stays_cancelled() -> None:
    answers = iter([False, True, False])
    work = Work(lambda _progress: None, lambda: next(answers))
    assert not work.stops()
    assert work.stops()
    assert work.stops()
    assert work.was_cancelled
