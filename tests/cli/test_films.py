"""Commands that ask something of a whole film."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from videobert_demo.types import ClipLimits
from videobert_demo.video.film import read_film


def test_moments_are_printed_for_people_and_as_json(run: Run, checkpoint: str, clip: str) -> None:
    status, out, _ = run("moments", clip, "a number", "--checkpoint", checkpoint)
    assert status == 0
    assert "0.0 to      0.8 s" in out
    status, out, _ = run("moments", clip, "a number", "--checkpoint", checkpoint, "--json")
    report = json.loads(out)
    assert (status, report["text"]) == (0, "a number")
    assert (report["moments"][0]["start_seconds"], report["moments"][0]["end_seconds"]) == (0.0, 0.8)


def test_moments_become_a_reel_and_a_cut_list(run: Run, checkpoint: str, clip: str, tmp_path: Path) -> None:
    arguments = ("moments", clip, "a number", "--checkpoint", checkpoint)
    assert run(*arguments, "--reel", tmp_path / "reel.mp4", "--cut", tmp_path / "cut.csv")[0] == 0
    assert (tmp_path / "cut.csv").read_text(encoding="utf-8") == "0.000000,0.800000,1\n"
    assert read_film(tmp_path / "reel.mp4", ClipLimits()).end_seconds == pytest.approx(0.8, abs=0.05)
    status, _, error = run(*arguments, "--cut", tmp_path / "cut.docx")
    assert (status, ".edl" in error) == (1, True)


def test_a_count_below_one_is_refused(run: Run, clip: str) -> None:
    status, _, error = run("moments", clip, "a number", "--count", "0")
    assert (status, "at least 1" in error) == (1, True)


def test_a_summary_with_its_reel(run: Run, checkpoint: str, clip: str, tmp_path: Path) -> None:
    status, out, _ = run("summary", clip, "--checkpoint", checkpoint, "--reel", tmp_path / "reel.mp4", "--json")
    report = json.loads(out)
    assert (status, [one["index"] for one in report["scenes"]]) == (0, [0])
    assert read_film(tmp_path / "reel.mp4", ClipLimits()).end_seconds == pytest.approx(0.8, abs=0.05)


def test_a_cut_list_and_the_film_that_is_left(run: Run, checkpoint: str, clip: str, tmp_path: Path) -> None:
    arguments = ("cut", clip, "keep a number", "--checkpoint", checkpoint)
    status, out, error = run(*arguments, "--film", tmp_path / "cut.webm")
    cuts = json.loads(out)
    assert status == 0
    assert [part["stays"] for part in cuts["parts"]] == [True]
    assert ("not" in error) == (not cuts["sure"])
    assert read_film(tmp_path / "cut.webm", ClipLimits()).end_seconds == pytest.approx(0.8, abs=0.05)
    assert run(*arguments, "--format", "csv", "--out", tmp_path / "cut.csv")[1] == ""
    assert (tmp_path / "cut.csv").read_text(encoding="utf-8") == "0.000000,0.800000,1\n"


def test_a_folder_that_is_missing_is_told_before_the_work(run: Run, clip: str, tmp_path: Path) -> None:
    for arguments in (("summary", clip, "--reel"), ("cut", clip, "a dog", "--film"), ("moments", clip, "a", "--reel")):
        status, _, error = run(*arguments, tmp_path / "none" / "a.mp4", "--checkpoint", "nowhere")
        assert (status, "folder" in error, "nowhere" in error) == (1, True, False)
