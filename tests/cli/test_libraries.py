"""The commands `index` and `search`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_a_folder_is_indexed_and_searched(run: Run, checkpoint: str, clip: str, tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    shutil.copy(clip, folder / "a ride.mp4")
    (folder / "notes.mp4").write_text("no clip")
    options = ["--library", tmp_path / "library", "--checkpoint", checkpoint]
    status, out, _ = run("index", folder, *options, "--json")
    report = json.loads(out)
    assert status == 0
    assert (report["added"], report["known"], len(report["unreadable"])) == (1, 0, 1)
    status, out, _ = run("index", folder, *options)
    assert "known 1" in out
    assert "notes.mp4" in out
    status, out, _ = run("search", "a man is playing a piano", *options, "--json")
    assert status == 0
    assert [hit["title"] for hit in json.loads(out)] == ["a ride"]
    status, out, _ = run("search", "a man is playing a piano", *options)
    assert "a ride" in out.splitlines()[-1]


def test_search_says_what_it_needs(run: Run, checkpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIDEOBERT_LIBRARY_URI", raising=False)
    status, _, error = run("search", "a man", "--checkpoint", checkpoint)
    assert status == 1
    assert "--library" in error
    status, _, error = run("search", "a man", "--checkpoint", checkpoint, "--library", tmp_path / "typo")
    assert status == 1
    assert "no library in typo" in error
    assert not (tmp_path / "typo").exists()
    (tmp_path / "films").mkdir()
    run("index", tmp_path / "films", "--checkpoint", checkpoint, "--library", tmp_path / "library")
    status, _, error = run("search", " ", "--checkpoint", checkpoint, "--library", tmp_path / "library")
    assert status == 1
    assert "nothing to search for" in error
