"""Captions without words and beside them, over a made-up folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from videobert_demo.evaluation import subtitles
from videobert_demo.evaluation.subtitles import evaluate_subtitles
from videobert_demo.model.loading import LoadedModel
from videobert_demo.types import Caption


def test_a_model_that_repeats_its_words_profits_from_the_right_ones(
    loaded: LoadedModel, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def repeat(_loaded: object, clips: list[object], *, words: list[str] | None) -> list[tuple[Caption, ...]]:
        return [(Caption(one, 1.0),) for one in (words or ["a wall"] * len(clips))]

    monkeypatch.setattr(subtitles, "caption_clips", repeat)
    scores = evaluate_subtitles(loaded, data, progress=False)
    assert scores["own_CIDEr"] == scores["own_words_CIDEr"]
    assert scores["own_CIDEr"] > scores["alone_CIDEr"]
    assert scores["videos"] == 6


def test_the_real_captioner_reads_them(loaded: LoadedModel, data: Path) -> None:
    scores = evaluate_subtitles(loaded, data, videos=3, progress=False)
    assert {"alone_CIDEr", "own_CIDEr", "other_CIDEr"} <= set(scores)
    assert scores["videos"] == 3
