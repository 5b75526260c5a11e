"""A growing file and a camera, watched in a rolling window on the tiny checkpoint."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from tests.timeline.films import EXAMPLES
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import UnreadableClipError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.timeline.watching import WINDOW_SECONDS
from videobert_demo.timeline.watchlist import read_watched

STREET = EXAMPLES / "street.mp4"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    folder = write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny")
    return VideoBertService(load_checkpoint(str(folder)), Settings())


def test_a_window_holds_the_last_seconds_and_tells_alarms(demo: VideoBertService) -> None:
    window = demo.live_window(read_watched([{"sentence": "a car", "threshold": 1e-9}]))
    pixels = np.random.default_rng(0).integers(0, 255, (90, 160, 3), np.uint8)
    first = demo.glance(window, pixels, 0.0)
    assert [one.alarm.is_over for one in first.told] == [False]
    assert first.told[0].picture[:2] == b"\xff\xd8"
    assert first.caption is not None
    later = [demo.glance(window, pixels, moment / 2, describe=False) for moment in range(1, 20)]
    assert all(update.told == () and update.caption is None for update in later)
    assert later[-1].running[0].alarm.end_seconds == 9.5
    assert len(window.seen) == demo.max_frames or window.seen[0][0] >= 9.5 - WINDOW_SECONDS
    (ended,) = demo.end_live(window, 10.0)
    assert (ended.alarm.is_over, ended.alarm.end_seconds) == (True, 10.0)


def test_a_stream_and_a_file_have_the_same_alarms(demo: VideoBertService, tmp_path: Path) -> None:
    recording = tmp_path / "recording.mkv"
    demo.write_cut(STREET, [(0.0, 6.0)], recording, max_side=320)
    events = read_watched([{"sentence": "a car", "threshold": 1e-9}])
    whole = demo.watch(recording, events)
    updates = list(demo.follow(recording, events, describe=False, idle_seconds=0.2))
    ended = [one for update in updates for one in update.told if one.alarm.is_over]
    assert [one.alarm.score for one in ended] == pytest.approx([one.alarm.score for one in whole], abs=0.02)
    assert ended[0].alarm.start_seconds == 0.0


def test_a_file_is_read_while_it_is_written(demo: VideoBertService, tmp_path: Path) -> None:
    source, growing = tmp_path / "whole.mkv", tmp_path / "growing.mkv"
    demo.write_cut(STREET, [(0.0, 6.0)], source, max_side=320)
    data = source.read_bytes()
    half = len(data) // 2
    growing.write_bytes(data[:half])
    told: list[float] = []
    rest_is_there = threading.Event()

    def write_the_rest() -> None:
        while not told and not rest_is_there.wait(0.02):
            pass
        with growing.open("ab") as file:
            file.write(data[half:])
        rest_is_there.set()

    writer = threading.Thread(target=write_the_rest)
    writer.start()
    before = 0
    for update in demo.follow(growing, idle_seconds=2.0):
        before += not rest_is_there.is_set()
        told.append(update.seconds)
    writer.join()
    assert before >= 1
    assert told == sorted(told)
    assert told[-1] == pytest.approx(5.5, abs=0.6)


def test_who_stops_waits_no_longer(demo: VideoBertService, tmp_path: Path) -> None:
    recording = tmp_path / "recording.mkv"
    demo.write_cut(STREET, [(0.0, 2.0)], recording, max_side=320)
    started = time.monotonic()
    assert list(demo.follow(recording, idle_seconds=60, is_stopped=lambda: True)) == []
    assert time.monotonic() - started < 30


def test_a_format_that_needs_its_end_is_refused(demo: VideoBertService, tmp_path: Path) -> None:
    whole = tmp_path / "whole.mov"
    demo.write_cut(STREET, [(0.0, 2.0)], whole, max_side=320)
    cut = tmp_path / "cut.mov"
    cut.write_bytes(whole.read_bytes()[:8000])
    with pytest.raises(UnreadableClipError, match="while it is written"):
        list(demo.follow(cut, idle_seconds=0.2))
