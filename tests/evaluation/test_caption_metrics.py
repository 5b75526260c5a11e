"""Metrics are chosen by name, and what needs Java says so where there is none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from videobert_demo.errors import SettingsError
from videobert_demo.evaluation import caption_metrics
from videobert_demo.evaluation.caption_metrics import OF_JAVA, compute_metric, read_metrics
from videobert_demo.evaluation.metrics import score_captions

TEXTS = {word: [f"a {word} runs on the grass", f"the {word} is running"] for word in ("dog", "cat", "cow")}
WRITTEN = {video: texts[0] for video, texts in TEXTS.items()}


def test_metrics_are_read_in_order_whatever_their_letters() -> None:
    assert read_metrics("rouge-l, CIDEr,CIDEr") == ("ROUGE-L", "CIDEr")
    assert list(score_captions(WRITTEN, TEXTS, ("ROUGE-L", "CIDEr"))) == ["ROUGE-L", "CIDEr", "videos"]
    for text in ("CIDER2", "", ","):
        with pytest.raises(SettingsError, match="known are CIDEr, BLEU-4, ROUGE-L, METEOR, SPICE"):
            read_metrics(text)


@pytest.mark.parametrize("name", OF_JAVA)
def test_without_java_a_sentence_says_so(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match=f"{name} needs Java"):
        read_metrics(f"CIDEr,{name}")


def test_a_java_program_that_ends_early_is_no_crash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match="METEOR does not run"):
        compute_metric("METEOR", TEXTS, {video: [text] for video, text in WRITTEN.items()})


def test_spice_without_its_models_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "java").write_text("#!/bin/sh\n")
    (tmp_path / "java").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(caption_metrics, "_has_spice_models", lambda: False)
    with pytest.raises(SettingsError, match="SPICE needs the models of Stanford CoreNLP"):
        read_metrics("SPICE")


@pytest.mark.slow
@pytest.mark.exhaustive  # starting the Java program takes as long as ten other tests
@pytest.mark.skipif(shutil.which("java") is None, reason="METEOR is a Java program")
def test_meteor_of_what_people_wrote_is_higher_than_of_something_else() -> None:
    assert score_captions(WRITTEN, TEXTS, ("METEOR",))["METEOR"] > 90
    others = dict.fromkeys(WRITTEN, "someone plays a guitar")
    assert score_captions(others, TEXTS, ("METEOR",))["METEOR"] < 20
