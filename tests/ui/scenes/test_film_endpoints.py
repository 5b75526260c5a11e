"""HTTP endpoints for what is asked of a whole film, of the running app with the bundled checkpoint."""

from __future__ import annotations

from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from videobert_demo.service.films import summary_report
from videobert_demo.service.moments import moments_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.timeline.exports.cuts import cut_values, cuts_to_csv


def test_moments_of_a_clip_and_of_the_library(app_url: str, service: VideoBertService, examples: Path) -> None:
    client, clip = Client(app_url, verbose=False), examples / "street.mp4"
    expected = moments_report("a car drives", service.moments(clip, "a car drives", count=2))
    assert client.predict(handle_file(clip), "a car drives", 2, api_name="/moments") == expected
    listed = client.predict(handle_file(clip), "a car drives", 2, "csv", api_name="/moments")
    assert listed == cuts_to_csv(service.cut_of(clip, service.moments(clip, "a car drives", count=2)))
    everywhere = client.predict("a man rides a wave", api_name="/library_moments")
    assert len(everywhere["moments"]) == 5
    assert all(one["title"] and one["content_hash"] for one in everywhere["moments"])
    for count, part in ((0, "from 1 to 50"), (1.5, "whole number"), (51, "from 1 to 50")):
        with pytest.raises(AppError, match=part):
            client.predict(handle_file(clip), "a car drives", count, api_name="/moments")


def test_summary_and_cut(app_url: str, service: VideoBertService, examples: Path) -> None:
    client, clip = Client(app_url, verbose=False), examples / "street.mp4"
    assert client.predict(handle_file(clip), 2, api_name="/summary") == summary_report(service.summary(clip, count=2))
    expected = service.cut(clip, "remove the cars")
    assert client.predict(handle_file(clip), "remove the cars", api_name="/cut") == cut_values(expected)
    assert client.predict(handle_file(clip), "remove the cars", "csv", api_name="/cut") == cuts_to_csv(expected)
    with pytest.raises(AppError, match="from 1 to 60"):
        client.predict(handle_file(clip), 61, api_name="/summary")
    with pytest.raises(AppError):
        client.predict(handle_file(clip), "remove the cars", "docx", api_name="/cut")
