"""`index --approximate` and `--no-approximate`, on a folder of clips that counts as a large library."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.resources.make_clips import encode
from tests.tiny import write_tiny_checkpoint
from videobert_demo.cli.main import main
from videobert_demo.library import graphed


def test_index_builds_and_removes_an_approximate_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("usearch")
    clips, library = tmp_path / "clips", tmp_path / "library"
    clips.mkdir()
    for number in range(3):
        encode(clips / f"{number}.mp4", "libx264", numbers=range(number, number + 8))
    checkpoint = str(write_tiny_checkpoint(tmp_path / "tiny"))
    index = ["index", str(clips), "--library", str(library), "--checkpoint", checkpoint, "--json"]
    assert main([*index, "--approximate"]) == 1
    assert "an approximate index is worth it from 200000 on" in capsys.readouterr().err
    monkeypatch.setattr(graphed, "LEAST_VECTORS", 6)
    assert main([*index, "--approximate"]) == 0
    assert "finds 100.0 % of the best clips" in capsys.readouterr().err
    assert len(list(library.glob("library.graph-*"))) == 1
    assert main([*index, "--no-approximate"]) == 0
    assert list(library.glob("library.graph-*")) == []
    assert "removed" in capsys.readouterr().err
