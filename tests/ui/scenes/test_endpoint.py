"""The HTTP endpoint `/scenes` of the running app, with the bundled checkpoint and a real clip."""

from __future__ import annotations

from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from videobert_demo.service.service import VideoBertService
from videobert_demo.timeline.exports.json import as_values
from videobert_demo.timeline.exports.srt import to_srt


def test_the_endpoint_says_what_python_says(app_url: str, service: VideoBertService, examples: Path) -> None:
    client, clip = Client(app_url, verbose=False), examples / "street.mp4"
    expected = service.scenes(clip)
    assert len(expected.scenes) == 4
    assert client.predict(handle_file(clip), api_name="/scenes") == as_values(expected)
    assert client.predict(handle_file(clip), "srt", api_name="/scenes") == to_srt(expected)


@pytest.mark.parametrize(("format", "part"), [("youtube", "at least 10 seconds"), ("docx", "")])
def test_what_cannot_be_given_is_refused(app_url: str, examples: Path, format: str, part: str) -> None:
    with pytest.raises(AppError, match=part):
        Client(app_url, verbose=False).predict(handle_file(examples / "street.mp4"), format, api_name="/scenes")
