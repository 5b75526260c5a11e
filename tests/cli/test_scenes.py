"""The command `scenes`."""

from __future__ import annotations

import json
import signal
from functools import partial
from pathlib import Path

import av
import pytest

from tests.cli.conftest import Run
from videobert_demo.cli import scenes as scenes_module
from videobert_demo.cli.scenes import _interrupts_counted
from videobert_demo.timeline.exports.formats import FORMATS
from videobert_demo.timeline.exports.json import from_json


def test_json_goes_to_standard_output(run: Run, checkpoint: str, clip: str) -> None:
    status, out, error = run("scenes", clip, "--checkpoint", checkpoint)
    assert (status, error) == (0, "")
    report = json.loads(out)
    assert report["duration_seconds"] == pytest.approx(0.8)
    assert report["frame_rate"] == [25, 1]
    (scene,) = report["scenes"]
    assert (scene["start_seconds"], scene["end_seconds"]) == (0, pytest.approx(0.8))
    assert set(scene) >= {"caption", "probability", "is_sure", "category"}
    assert [chapter["start_seconds"] for chapter in report["chapters"]] == [0]


@pytest.mark.slow
def test_every_format_is_what_the_timeline_gives(run: Run, checkpoint: str, clip: str, tmp_path: Path) -> None:
    timeline = from_json(run("scenes", clip, "--checkpoint", checkpoint)[1])
    for name in ("srt", "vtt", "csv", "ffmetadata", "edl", "fcpxml", "otio"):
        out = tmp_path / f"file{FORMATS[name].suffix}"
        status, printed, _ = run("scenes", clip, "--checkpoint", checkpoint, "--format", name, "--out", out)
        assert (status, printed) == (0, "")
        assert out.read_bytes().decode() == FORMATS[name].write(timeline)


def test_what_a_format_cannot_hold_is_refused_with_the_reason(run: Run, checkpoint: str, clip: str) -> None:
    status, out, error = run("scenes", clip, "--checkpoint", checkpoint, "--format", "youtube")
    assert (status, out) == (1, "")
    assert "at least 3 chapters" in error


def test_a_folder_that_is_missing_is_told_before_the_work(run: Run, clip: str, tmp_path: Path) -> None:
    status, _, error = run("scenes", clip, "--checkpoint", "nowhere", "--out", tmp_path / "none" / "a.json")
    assert status == 1
    assert "folder" in error
    assert "nowhere" not in error


def test_the_first_interrupt_cancels_and_the_second_raises(request: pytest.FixtureRequest) -> None:
    # a test run in the background of a shell is told to ignore Ctrl-C
    request.addfinalizer(
        partial(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))
    )
    before = signal.getsignal(signal.SIGINT)
    with _interrupts_counted() as is_cancelled:
        assert not is_cancelled()
        signal.raise_signal(signal.SIGINT)
        assert is_cancelled()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_what_was_interrupted_is_written(run: Run, checkpoint: str, clip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    monkeypatch.setattr(scenes_module, "_interrupts_counted", lambda: nullcontext(lambda: True))
    status, out, error = run("scenes", clip, "--checkpoint", checkpoint)
    assert status == 130
    assert json.loads(out)["is_complete"] is False
    assert "interrupted at" in error


def test_a_copy_of_the_film_has_the_chapters(run: Run, checkpoint: str, clip: str, tmp_path: Path) -> None:
    status, out, _ = run("scenes", clip, "--checkpoint", checkpoint, "--film", tmp_path / "copy.mkv")
    assert status == 0
    with av.open(str(tmp_path / "copy.mkv")) as film:
        assert [one["metadata"]["title"] for one in film.chapters()] == [
            chapter["title"] for chapter in json.loads(out)["chapters"]
        ]
    status, _, error = run("scenes", clip, "--checkpoint", checkpoint, "--film", tmp_path / "copy.txt")
    assert status == 1
    assert ".mkv" in error
