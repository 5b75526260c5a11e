"""The command `watch`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def watch_list(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text("name,sentence,threshold\nnumber,a number,0.000001\nnever,a dog,0.999999\n", encoding="utf-8")
    return path


def test_alarms_for_people_and_programs(run: Run, checkpoint: str, clip: str, watch_list: Path, tmp_path: Path) -> None:
    status, out, _ = run("watch", watch_list, clip, "--checkpoint", checkpoint)
    assert (status, out.count("\n"), "number" in out, "never" in out) == (0, 1, True, False)
    status, out, _ = run(
        "watch", watch_list, Path(clip).parent, "--checkpoint", checkpoint, "--json", "--pictures", tmp_path / "p"
    )
    (alarm,) = map(json.loads, out.splitlines())
    assert (alarm["file"], alarm["name"], alarm["start_seconds"]) == (clip, "number", 0.0)
    assert Path(alarm["picture_file"]).read_bytes()[:2] == b"\xff\xd8"


def test_a_webhook_that_the_owner_has_not_named_is_refused_before_anything_is_read(
    run: Run, clip: str, watch_list: Path, checkpoint: str
) -> None:
    status, out, error = run("watch", watch_list, clip, "--checkpoint", checkpoint, "--webhook", "http://localhost:9/x")
    assert (status, out) == (1, "")
    assert "VIDEOBERT_WEBHOOK_HOSTS" in error


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    run: Run, checkpoint: str, clip: str, watch_list: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no clip")
    status, out, error = run("watch", watch_list, broken, clip, "--checkpoint", checkpoint)
    assert (status, "number" in out, "broken.mp4" in error) == (1, True, True)


def test_a_list_that_cannot_be_used(run: Run, clip: str) -> None:
    status, _, error = run("watch", "moderations", clip)
    assert (status, "moderation." in error) == (1, True)
