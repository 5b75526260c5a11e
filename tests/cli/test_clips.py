"""The commands `caption` and `ask`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import videobert_demo
from tests.cli.conftest import Run


def test_caption_prints_a_sentence(run: Run, checkpoint: str, clip: str) -> None:
    status, out, _ = run("caption", clip, "--checkpoint", checkpoint)
    assert status == 0
    service = videobert_demo.load(checkpoint)
    assert out == service.caption(service.open(clip)).text + "\n"


def test_caption_prints_one_object(run: Run, checkpoint: str, clip: str) -> None:
    status, out, _ = run("caption", clip, "--checkpoint", checkpoint, "--json")
    report = json.loads(out)
    assert status == 0
    assert out.count("\n") == 1
    assert set(report) == {"caption", "score", "candidates", "frames", "duration_seconds", "seconds"}
    assert report["candidates"][0] == {"text": report["caption"], "score": report["score"]}
    assert report["frames"] == [{"timestamp_seconds": time} for time in (0.08, 0.28, 0.48, 0.68)]
    assert report["duration_seconds"] == 0.8


def test_ask_answers_a_question(run: Run, checkpoint: str, clip: Path) -> None:
    status, out, _ = run("ask", clip, "What is a man playing", "--checkpoint", checkpoint, "--json")
    assert status == 0
    report = json.loads(out)
    assert report["question"] == "what is a man playing?"
    assert report["answer"] == report["candidates"][0]["text"]
    assert sum(frame["share"] for frame in report["frames"]) == pytest.approx(1, abs=1e-3)
    status, out, _ = run("ask", clip, "what is a man playing?", "--checkpoint", checkpoint)
    assert status == 0
    assert out.startswith(report["answer"])
    status, out, error = run("ask", clip, "他在做什么?", "--checkpoint", checkpoint)
    assert (status, out) == (1, "")
    assert "English" in error
