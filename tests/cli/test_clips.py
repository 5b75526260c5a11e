"""The commands `caption` and `ask`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import videobert_demo
from tests.cli.conftest import Run

SAID = {"caption", "score", "probability", "sure", "can_tell", "holds", "candidates", "duration_seconds", "seconds"}


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
    assert set(report) == {*SAID, "frames"}
    assert report["candidates"][0] == {"text": report["caption"], "score": report["score"], "probability": None}
    assert (report["sure"], report["can_tell"], report["holds"]) == (True, True, "")  # nothing is calibrated
    assert report["frames"] == [{"timestamp_seconds": time} for time in (0.08, 0.28, 0.48, 0.68)]
    assert report["duration_seconds"] == 0.8


def test_caption_of_a_folder_goes_on_where_it_stopped(run: Run, checkpoint: str, clip: str, tmp_path: Path) -> None:
    folder, out = tmp_path / "clips", tmp_path / "captions.jsonl"
    folder.mkdir()
    (folder / "a.mp4").write_bytes(Path(clip).read_bytes())
    (folder / "b.mp4").write_text("no clip")
    status, printed, progress = run("caption", folder, "--out", out, "--checkpoint", checkpoint)
    assert (status, printed) == (1, f"1 captioned, 1 failed: {out}\n")
    assert "2/2" in progress
    first, second = (json.loads(line) for line in out.read_text().splitlines())
    assert set(first) == {"file", "content_hash", *SAID}
    assert set(second) == {"file", "error"}
    (folder / "b.mp4").unlink()
    status, printed, _ = run("caption", folder, "--out", out, "--checkpoint", checkpoint)
    assert (status, printed) == (0, f"1 captioned, 0 failed: {out}\n")
    assert json.loads(out.read_text().splitlines()[0]) == first


def test_captions_of_several_files_are_printed(run: Run, checkpoint: str, clip: str, not_a_clip: Path) -> None:
    status, out, error = run("caption", clip, not_a_clip, "--checkpoint", checkpoint, "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (status, error) == (1, "")
    assert [row["file"] for row in rows] == [clip, str(not_a_clip)]
    status, out, _ = run("caption", clip, not_a_clip, "--checkpoint", checkpoint)
    assert (status, out) == (1, f"{clip}: {rows[0]['caption']}\n{not_a_clip}: {rows[1]['error']}\n")


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


def test_a_folder_without_clips_is_told(run: Run, tmp_path: Path) -> None:
    status, out, error = run("caption", str(tmp_path))
    assert (status, out) == (1, "")
    assert error.startswith(f"caption: There is no clip in {tmp_path}; ")
