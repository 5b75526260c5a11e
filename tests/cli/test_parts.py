"""The commands `init` and `info`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.published import save_bart, save_bert, save_published
from videobert_demo.cli.main import main
from videobert_demo.cli.parts import parse_grid


def test_init_builds_a_checkpoint_and_info_tells_its_parts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_published("videomae", tmp_path / "vision")
    save_bert(tmp_path / "text")
    save_bart(tmp_path / "decoder")
    given = [f"--{name}={tmp_path / name}" for name in ("vision", "text", "decoder", "out")]
    assert main(["init", *given, "--max-frames=2", "--patch-grid=3x2", "--streams=2", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["vision"], report["text"], report["decoder"]) == ("videomae", "bert 2x32", "bart 2x48")
    assert (report["frames_per_segment"], report["max_segments"], report["grid"]) == (4, 2, [3, 2])
    assert report["parameters"]["all"] > sum(report["parameters"][part] for part in ("vision", "text", "decoder"))
    assert report["bytes"] >= 4 * report["parameters"]["all"]
    assert "attention between the streams" in report["untrained"]
    assert report["visual_words_are_random"]
    assert main(["info", str(tmp_path / "out"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {**told, "checkpoint": report["checkpoint"]} == report
    assert told["is_untrained"]
    assert main(["info", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    assert "at most 2 segments of 4 frame(s), 64 x 64" in printed
    assert "new and untrained: heads" in printed
    under = ["init", *given[:3], f"--out={tmp_path / 'out' / 'config.json' / 'more'}"]
    for wrong, sentence in ((["init", *given], "is not empty"), (under, "is a file, or lies under one")):
        assert main(wrong) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert sentence in line


def test_a_grid_is_a_number_or_rows_and_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [parse_grid(text) for text in ("4", "3x5", "3X5")] == [4, (3, 5), (3, 5)]
    for wrong in ("0", "3x", "2x3x4", "four", "-1"):
        with pytest.raises(SystemExit):
            main(
                ["init", "--vision=a", "--text=b", "--decoder=c", f"--out={tmp_path / 'out'}", f"--patch-grid={wrong}"]
            )
        assert "rows x columns such as 3x5" in capsys.readouterr().err
