"""The HTTP endpoint `/subtitles`, of the running app with the bundled checkpoint."""

from __future__ import annotations

from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from tests.video.test_subtitles import SRT
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.subtitles import subtitles_report


def test_it_says_what_python_says(app_url: str, service: VideoBertService, examples: Path) -> None:
    client, clip = Client(app_url, verbose=False), examples / "dog.mp4"
    found = client.predict(handle_file(clip), SRT, api_name="/subtitles")
    said = service.subtitles_of_text(SRT, "srt")
    opened = service.open(clip)
    beside = service.caption_with_words(opened, said.words_between(0.0, opened.info.duration_seconds))
    captions = {
        "caption": service.caption(opened).candidates[0].text,
        "caption_beside": beside.candidates[0].text,
    }
    assert found == subtitles_report(said) | captions
    word = said.cues[-1].text.split()[0]
    sought = client.predict(handle_file(clip), SRT, "srt", word, api_name="/subtitles")
    assert (sought["cues"], sought["count"]) == (subtitles_report(said, said.find(word))["cues"], len(said.cues))
    for content, why in (("", "no subtitles"), ("nothing timed", "subtitles")):
        with pytest.raises(AppError, match=why):
            client.predict(handle_file(clip), content, api_name="/subtitles")
