"""HTTP endpoints for what happens in a film, of the running app with the bundled checkpoint."""

from __future__ import annotations

from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from videobert_demo.service.happenings import events_report, passages_report, slots_report
from videobert_demo.service.service import VideoBertService


def test_they_say_what_python_says(app_url: str, service: VideoBertService, examples: Path) -> None:
    client, clip = Client(app_url, verbose=False), examples / "street.mp4"
    events = client.predict(handle_file(clip), "a car", api_name="/events")
    assert events == events_report("a car", service.events(clip, "a car"))
    slots = client.predict(handle_file(clip), 2, 1.0, "a new car", api_name="/slots")
    assert slots == slots_report(service.slots(clip, count=2, min_gap_seconds=1.0, text="a new car"))
    shown = handle_file(examples / "race.mp4")
    slots = client.predict(handle_file(clip), 2, 1.0, "", shown, api_name="/slots")
    suited = service.slots(clip, count=2, min_gap_seconds=1.0, clip=examples / "race.mp4")
    assert slots == slots_report(suited)
    assert suited[0].fit is not None
    with pytest.raises(AppError, match="not both"):
        client.predict(handle_file(clip), 2, 1.0, "a new car", shown, api_name="/slots")
    passages = client.predict(handle_file(clip), handle_file(clip), api_name="/compare")
    assert passages == passages_report(service.compare(clip, clip))
    assert passages["passages"][0]["offset_seconds"] == 0.0
    with pytest.raises(AppError, match="from 0 to"):
        client.predict(handle_file(clip), 2, -1.0, api_name="/slots")
