"""The commands about what the model itself sees: what they print, with a tiny checkpoint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.resources.make_clips import encode
from tests.tiny import write_tiny_checkpoint
from videobert_demo.cli.main import main
from videobert_demo.service import libraries
from videobert_demo.settings import Settings
from videobert_demo.video.probe import probe

SENTENCE = "a man is playing a piano"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny"))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(encode(tmp_path_factory.mktemp("clips") / "clip.mp4", "libx264", numbers=range(20)))


@pytest.fixture(autouse=True)
def two_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small library is enough."""
    few = libraries.read_examples()[:2]
    monkeypatch.setattr(libraries, "read_examples", lambda: few)


def run(capsys: pytest.CaptureFixture[str], checkpoint: str, *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main([*arguments, "--checkpoint", checkpoint])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def report(capsys: pytest.CaptureFixture[str], checkpoint: str, *arguments: str) -> Any:
    status, out, _ = run(capsys, checkpoint, *arguments, "--json")
    assert status == 0
    assert out.count("\n") == 1
    return json.loads(out)


def test_tokens(capsys: pytest.CaptureFixture[str], checkpoint: str, clip: str) -> None:
    found = report(capsys, checkpoint, "tokens", clip)
    assert len(found["segments"]) == 4
    assert all(len(one["neighbours"]) == 2 for one in found["segments"])
    assert found["forecast"]["seen"] == 2
    status, out, _ = run(capsys, checkpoint, "tokens", clip)
    assert status == 0
    assert out.count("visual word") == 4


def test_cloze(capsys: pytest.CaptureFixture[str], checkpoint: str, clip: str) -> None:
    found = report(capsys, checkpoint, "cloze", clip, "a ___ is playing", "--hide-segments", "1, 3")
    assert [blank["place"] for blank in found["blanks"]] == [1]
    assert [one["place"] for one in found["segments"]] == [1, 3]
    status, out, _ = run(capsys, checkpoint, "cloze", clip, "a ___ is playing")
    assert status == 0
    assert out.count("without the clip") == 1
    assert "Nothing is hidden" in run(capsys, checkpoint, "cloze", clip, SENTENCE)[1]
    status, _, err = run(capsys, checkpoint, "cloze", clip, SENTENCE, "--hide-segments", "x")
    assert status == 1
    assert "--hide-segments" in err


def test_align(capsys: pytest.CaptureFixture[str], checkpoint: str, clip: str) -> None:
    found = report(capsys, checkpoint, "align", clip, SENTENCE)
    assert len(found["moments"]) == 4
    assert found["sentence"] == SENTENCE
    status, out, _ = run(capsys, checkpoint, "align", clip, SENTENCE)
    assert status == 0
    assert "(peak)" in out


def test_reel(capsys: pytest.CaptureFixture[str], checkpoint: str, tmp_path: Path) -> None:
    film = tmp_path / "reel.webm"
    found = report(capsys, checkpoint, "reel", SENTENCE, "--segments", "2", "--out", str(film))
    assert len(found["segments"]) == 2
    assert found["seed"] == 0
    assert probe(film, Settings().limits).duration_seconds == pytest.approx(2.5, abs=0.2)
    status, out, _ = run(capsys, checkpoint, "reel", SENTENCE, "--segments", "2")
    assert status == 0
    assert out.count("visual word") == 2
    for wrong in (("--segments", "9"), ("--temperature", "6"), ("--seed", "-1")):
        status, _, err = run(capsys, checkpoint, "reel", SENTENCE, *wrong)
        assert status == 1
        assert "Ask for 1 to 4" in err


def test_classify(capsys: pytest.CaptureFixture[str], checkpoint: str, clip: str) -> None:
    found = report(capsys, checkpoint, "classify", clip, "--labels", "a dog, a cat")
    kinds = {"verbs", "objects", "trained_verbs", "trained_objects", "categories"}
    assert set(found) == kinds | {"frame_labels", "labels", "seconds"}
    assert sum(one["share"] for one in found["labels"]) == pytest.approx(1, abs=1e-3)
    status, out, _ = run(capsys, checkpoint, "classify", clip)
    assert status == 0
    assert "in the frames:" in out


def test_a_sentence_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], checkpoint: str, clip: str) -> None:
    status, out, err = run(capsys, checkpoint, "align", clip, " ")
    assert (status, out) == (1, "")
    assert err.startswith("align: There is no sentence yet")
