"""Whatever is sent to an endpoint, it answers with a result or a sentence: a part of the run of tests/fuzz/calls.py."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from tests.fuzz.calls import run, sentence_in
from videobert_demo.ui.texts.english import ENGLISH

CALLS = 120


def test_any_call_is_answered_with_a_result_or_a_sentence(app_url: str, examples: Path, not_a_clip: Path) -> None:
    report = run(app_url, [examples / "dog.mp4"], [not_a_clip], CALLS, 16)
    assert report.faults == [], str(report)
    assert report.total == CALLS
    assert report.answered.total() > CALLS // 2, str(report)
    assert report.refused.total() > CALLS // 10, str(report)


@pytest.mark.parametrize(
    ("endpoint", "arguments", "sentence"),
    [
        ("reel", {"sentence": "a dog", "segments": 6, "temperature": float("nan"), "seed": 0}, ENGLISH.api_no_number),
        ("reel", {"sentence": "a dog", "segments": 6, "temperature": "x", "seed": 0}, ENGLISH.api_no_number),
        ("reel", {"sentence": "a dog", "segments": 2.5, "temperature": 1, "seed": 0}, "Ask for 1 to"),
        ("reel", {"sentence": None, "segments": 6, "temperature": 1, "seed": 0}, "There is no sentence yet"),
        ("search", {"sentence": "a dog", "count": "x"}, ENGLISH.api_no_number),
        ("search", {"sentence": None, "count": 3}, "There is nothing to search for yet"),
        ("search", {"sentence": "a dog", "count": 1.5}, "Ask for 1 to"),
        ("answer", {"clip": "dog", "question": None}, "There is no question yet"),
        ("cloze", {"clip": "dog", "sentence": "a dog runs", "hidden_words": [99]}, "There is no word 99"),
        ("cloze", {"clip": "dog", "sentence": "a ___ runs", "hidden_segments": [99]}, "There is no segment 99"),
        ("classify", {"clip": "dog", "labels": ",".join(map(str, range(100_000)))}, "too many labels"),
        ("attend", {"clip": "dog", "word": None, "method": "similarity"}, "There is no word to look for"),
    ],
)
def test_the_calls_that_once_had_no_sentence(
    app_url: str, examples: Path, endpoint: str, arguments: dict[str, object], sentence: str
) -> None:
    with httpx.Client(base_url=app_url, timeout=300) as web:
        if "clip" in arguments:
            files = {"files": ("dog.mp4", (examples / "dog.mp4").read_bytes())}
            (path,) = web.post("/gradio_api/upload", files=files).json()
            arguments = arguments | {"clip": {"path": path, "meta": {"_type": "gradio.FileData"}}}
        headers = {"Content-Type": "application/json"}
        body = json.dumps(arguments)  # which writes NaN, as httpx does not
        accepted = web.post(f"/gradio_api/call/v2/{endpoint}", content=body, headers=headers)
        assert accepted.status_code == 200
        text = web.get(f"/gradio_api/call/{endpoint}/{accepted.json()['event_id']}").text
        assert "event: error" in text
        told = sentence_in(json.loads(text.rsplit("data: ", 1)[1]))
        assert told is not None
        assert sentence.split("” ")[-1] in told


def test_a_tiny_temperature_takes_the_likeliest_words(app_url: str) -> None:
    rows = []
    for temperature in (0, 1e-300):
        with httpx.Client(base_url=app_url, timeout=300) as web:
            answer = web.post("/gradio_api/run/reel", json={"data": ["a dog runs", 4, temperature, 0]})
            rows.append([one["visual_word"] for one in answer.json()["data"][0]["segments"]])
    assert rows[0] == rows[1]
