"""The commands about what the model itself sees: what they print, with a tiny checkpoint."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from videobert_demo.service import libraries
from videobert_demo.settings import Settings
from videobert_demo.video.probe import probe

SENTENCE = "a man is playing a piano"


@pytest.fixture(autouse=True)
def two_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small library is enough."""
    few = libraries.read_examples()[:2]
    monkeypatch.setattr(libraries, "read_examples", lambda: few)


@pytest.fixture
def ask(run: Run, checkpoint: str) -> Run:
    """Runs a command with the tiny checkpoint."""
    return lambda *arguments: run(*arguments, "--checkpoint", checkpoint)


@pytest.fixture
def report(ask: Run) -> Callable[..., Any]:
    """Runs a command with --json; gives the object that it printed."""

    def read(*arguments: str) -> Any:
        status, out, _ = ask(*arguments, "--json")
        assert status == 0
        assert out.count("\n") == 1
        return json.loads(out)

    return read


def test_tokens(ask: Run, report: Callable[..., Any], clip: str) -> None:
    found = report("tokens", clip)
    assert len(found["segments"]) == 4
    assert all(len(one["neighbours"]) == 2 for one in found["segments"])
    assert found["forecast"]["seen"] == 2
    status, out, _ = ask("tokens", clip)
    assert status == 0
    assert out.count("visual word") == 4


def test_cloze(ask: Run, report: Callable[..., Any], clip: str) -> None:
    found = report("cloze", clip, "a ___ is playing", "--hide-segments", "1, 3")
    assert [blank["place"] for blank in found["blanks"]] == [1]
    assert [one["place"] for one in found["segments"]] == [1, 3]
    status, out, _ = ask("cloze", clip, "a ___ is playing")
    assert status == 0
    assert out.count("without the clip") == 1
    assert "Nothing is hidden" in ask("cloze", clip, SENTENCE)[1]
    status, _, err = ask("cloze", clip, SENTENCE, "--hide-segments", "x")
    assert status == 1
    assert "--hide-segments" in err


def test_align(ask: Run, report: Callable[..., Any], clip: str) -> None:
    found = report("align", clip, SENTENCE)
    assert len(found["moments"]) == 4
    assert found["sentence"] == SENTENCE
    status, out, _ = ask("align", clip, SENTENCE)
    assert status == 0
    assert "(peak)" in out


def test_reel(ask: Run, report: Callable[..., Any], tmp_path: Path) -> None:
    film = tmp_path / "reel.webm"
    found = report("reel", SENTENCE, "--segments", "2", "--out", str(film))
    assert len(found["segments"]) == 2
    assert found["seed"] == 0
    assert probe(film, Settings().limits).duration_seconds == pytest.approx(2.5, abs=0.2)
    status, out, _ = ask("reel", SENTENCE, "--segments", "2")
    assert status == 0
    assert out.count("visual word") == 2
    for wrong in (("--segments", "9"), ("--temperature", "6"), ("--seed", "-1")):
        status, _, err = ask("reel", SENTENCE, *wrong)
        assert status == 1
        assert "Ask for 1 to 4" in err


def test_classify(ask: Run, report: Callable[..., Any], clip: str) -> None:
    found = report("classify", clip, "--labels", "a dog, a cat")
    kinds = {"verbs", "objects", "trained_verbs", "trained_objects", "categories"}
    assert set(found) == kinds | {"frame_labels", "labels", "own_labels", "seconds"}
    assert sum(one["share"] for one in found["labels"]) == pytest.approx(1, abs=1e-3)
    status, out, _ = ask("classify", clip)
    assert status == 0
    assert "in the frames:" in out


def test_a_sentence_that_is_none_is_refused(ask: Run, clip: str) -> None:
    status, out, err = ask("align", clip, " ")
    assert (status, out) == (1, "")
    assert err.startswith("align: There is no sentence yet")
