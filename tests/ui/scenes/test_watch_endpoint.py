"""The HTTP endpoint `/watch`, of the running app with the bundled checkpoint."""

from __future__ import annotations

from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from videobert_demo.service.service import VideoBertService
from videobert_demo.timeline.exports.alarms import watch_report
from videobert_demo.timeline.watchlist import read_watched


def test_it_says_what_python_says(app_url: str, service: VideoBertService, examples: Path) -> None:
    client, clip = Client(app_url, verbose=False), examples / "dog.mp4"
    rows = [{"sentence": "a dog", "threshold": 0.01}, {"name": "x", "sentence": "a car race", "threshold": 0.99}]
    found = client.predict(handle_file(clip), rows, api_name="/watch")
    events = read_watched(rows)
    assert found == watch_report(events, service.watch(clip, events))
    assert [one["count"] for one in found["events"]][1] == 0
    assert found["alarms"]
    for wrong, why in (([], "empty"), ("a dog", "list of objects"), ([{"name": "x"}], "sentence")):
        with pytest.raises(AppError, match=why):
            client.predict(handle_file(clip), wrong, api_name="/watch")
