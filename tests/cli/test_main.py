"""The command line as a whole: with which status it ends, and what it says of itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import videobert_demo
from tests.cli.conftest import Run
from videobert_demo.cli.main import build_parser, main

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["caption", "nothing.mp4", "--checkpoint", "CHECKPOINT"], "nothing.mp4"),
        (["caption", "CLIP", "--checkpoint", "no-such-folder"], "no-such-folder"),
        (["evaluate", "captioning", "--data", "no-such-data", "--checkpoint", "CHECKPOINT"], "no-such-data"),
        (["train", "no.yaml", "--data", ".", "--features", ".", "--out", "x"], "no.yaml"),
        (["export", "CHECKPOINT", "--out", "CLIP"], "cannot be used"),
    ],
)
def test_a_refusal_is_a_sentence_on_standard_error(
    run: Run, checkpoint: str, clip: str, arguments: list[str], message: str
) -> None:
    meant = {"CHECKPOINT": checkpoint, "CLIP": clip}
    status, out, err = run(*(meant.get(argument, argument) for argument in arguments))
    assert (status, out) == (1, "")
    (line,) = [line for line in err.splitlines() if line.startswith(f"{arguments[0]}: ")]
    assert message in line
    assert "Traceback" not in err


def test_a_reader_who_has_read_enough_is_no_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_arguments: object, **_options: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(videobert_demo, "load", load)
    assert run("caption", "x.mp4") == (0, "", "")


def test_an_interruption_ends_quietly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(videobert_demo, "load", load)
    assert run("caption", "x.mp4") == (130, "", "caption: interrupted\n")


def test_every_command_has_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    asking = ("caption", "ask", "index", "search", "tokens", "cloze", "align", "reel", "classify")
    building = ("features", "codebook", "train", "export", "heads", "calibrate", "evaluate")
    for command in ("serve", *asking, *building):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert command in capsys.readouterr().out


def test_wrong_usage_is_told_with_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["fly"], ["caption"], ["evaluate", "taste", "--data", "x"]):
        with pytest.raises(SystemExit) as ended:
            build_parser().parse_args(arguments)
        assert ended.value.code == 2
        assert "usage: python -m videobert_demo" in capsys.readouterr().err


def test_the_version_is_the_packages() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "videobert_demo", "--version"], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout == f"{videobert_demo.__version__}\n"


def test_a_name_that_is_no_unicode_is_printed(run: Run, checkpoint: str, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9.mp4")
    odd.write_text("no clip")
    status, said, _ = run("caption", tmp_path, "--checkpoint", checkpoint)
    assert status == 1
    assert "caf\\udce9.mp4: " in said
