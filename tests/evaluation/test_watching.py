"""What a watch list finds in held-out videos, and the fit, over a made-up folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.evaluation import watching
from videobert_demo.evaluation.watching import are_named, as_sentence, calibrate_watching, evaluate_watching
from videobert_demo.model.loading import LoadedModel
from videobert_demo.service import watch_lists
from videobert_demo.service.watch_lists import read_watch_list


def test_every_event_of_the_preset_has_words_that_name_it() -> None:
    assert {event.name for event in read_watch_list(watching.PRESET)} == set(watching.NAMED_BY)


def test_two_captions_name_a_thing_by_any_of_its_words() -> None:
    def video(*captions: str) -> CaptionedVideo:
        return CaptionedVideo("x", "test", None, ("x.jpg",), captions)

    videos = [
        video("two men fight", "a man punches another"),
        video("two men fight", "a dog"),
        video("fights", "fighting"),
    ]
    assert are_named(videos, ("fight", "punch")).tolist() == [True, False, True]


def test_words_become_sentences() -> None:
    assert (as_sentence("gun"), as_sentence("singing")) == ("there is a gun", "a person is singing")


def test_figures_of_alarms(loaded: LoadedModel, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = np.arange(6) < 3
    monkeypatch.setattr(watch_lists, "is_installed", lambda: False)
    monkeypatch.setattr(watching, "are_named", lambda *_: named)
    monkeypatch.setattr(watching, "clip_likeness", lambda *_: np.arange(6.0)[:, None].repeat(7, 1))
    monkeypatch.setattr(watching, "watch_probabilities", lambda *_: (np.arange(6.0)[:, None].repeat(7, 1) >= 2) * 0.9)
    scores = evaluate_watching(loaded, data, progress=False)
    figures = {key: scores[f"fight_{key}"] for key in ("named", "alarms", "precision", "recall")}
    assert figures == {"named": 3, "alarms": 4, "precision": 25.0, "recall": 33.3}


def test_the_fit_follows_the_likeness(loaded: LoadedModel, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "MIN_VIDEOS", 1)
    monkeypatch.setattr(watching, "MAX_SHARE", 1.0)
    monkeypatch.setattr(watching, "MIN_AGREEING", 1)
    found = calibrate_watching(loaded, data, split="test", progress=False)
    assert set(found) <= {"watch_sentence", "watch_word"}
    assert all(slope > 0 for _, slope in found.values())


def test_a_clip_is_as_like_as_its_likest_frame(loaded: LoadedModel) -> None:
    frames = torch.nn.functional.normalize(torch.randn(3, loaded.model.config.projection_size), dim=1)
    direction = frames[1:2].numpy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watching, "embed_segments", lambda *_: [frames])
        (likeness,) = watching.clip_likeness(loaded, [], direction)
    assert likeness[0] == pytest.approx(1.0, abs=0.2)
