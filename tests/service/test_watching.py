"""`watch`, on the tiny checkpoint."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.timeline.films import EXAMPLES
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import QuestionError
from videobert_demo.model.loading import load_checkpoint
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
