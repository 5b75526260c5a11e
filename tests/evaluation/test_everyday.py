"""What labelled stills show, kind by kind; the tiny model is random, so that only the counting is tested."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from tests.tiny import random_clips, write_tiny_checkpoint
from tests.training.everyday_data import write_everyday
from videobert_demo.cli.main import main
from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.everyday import LabelledClip
from videobert_demo.evaluation import everyday
from videobert_demo.evaluation.everyday import evaluate_everyday, is_named, stems_of
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.types import Caption


def clip(
    label: str, *captions: str, kind: str = "sport", verb: str | None = None, thing: str | None = None
) -> LabelledClip:
    return LabelledClip(CaptionedVideo(f"{label}/10.avif", "val", None, ("x",), captions), kind, label, verb, thing)


CLIPS = [
    clip("singing", "a man is singing", kind="action", verb="sing"),
    clip("sleeping", "a girl is sleeping", kind="action", verb="sleep"),
    clip("piano", "a piano", kind="instrument", thing="piano"),
]


@pytest.fixture
def tensors() -> list[ClipTensors]:
    """Features of three stills."""
    video = random_clips([1, 1, 1])
    return [ClipTensors(*pair) for pair in zip(video["frame_features"], video["patch_features"], strict=True)]


def test_a_telling_verb_a_thing_or_the_rarest_nouns_name_a_class() -> None:
    found = stems_of(
        [
            clip("surfing", "a person is surfing on a wave", verb="surf"),
            clip("table tennis", "people are playing table tennis", verb="play", thing="table tennis"),
            clip("axe throwing", "a person is throwing an axe at a target", verb="throw"),
            clip("javelin", "an athlete is throwing a javelin", verb="throw"),
            clip("cycling", "a person is riding a bicycle", kind="action", verb="ride", thing="bicycle"),
        ]
    )
    assert found["sport", "surfing"] == ("surf",)
    assert found["sport", "table tennis"] == ("tenni",)
    assert found["sport", "axe throwing"] == ("axe", "target")
    assert found["sport", "javelin"] == ("javelin",)
    assert {"bicycl", "bike"} <= set(found["action", "cycling"])


@pytest.mark.parametrize(
    ("caption", "named"),
    [("A man rides his bicycles.", True), ("someone is biking", True), ("a motorcycle on a road", False), ("", False)],
)
def test_a_word_has_to_begin_with_the_stem(caption: str, named: bool) -> None:
    assert is_named(caption, ("bicycl", "biking")) == named


def test_the_vectors_are_counted_within_the_kind(
    loaded: LoadedModel, tensors: list[ClipTensors], monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = {"a man is singing": [1.0, 0.0], "a girl is sleeping": [0.0, 1.0], "a piano": [0.9, 0.1]}
    shown = iter(
        [[[0.8, 0.2], [0.7, 0.3]], [[0.0, 1.0]]]
    )  # the second action looks like the first; the piano like none

    def embed_sentences(_: LoadedModel, texts: Sequence[str]) -> torch.Tensor:
        return torch.tensor([vectors[text] for text in texts])

    monkeypatch.setattr(everyday, "embed_sentences", embed_sentences)
    monkeypatch.setattr(everyday, "embed_clips", lambda *_: torch.tensor(next(shown)))
    scores = evaluate_everyday(loaded, CLIPS, tensors, progress=False).scores
    assert (scores["action_top1"], scores["action_top5"], scores["instrument_top1"]) == (50.0, 100.0, 100.0)
    assert (scores["action_clips"], scores["instrument_clips"]) == (2, 1)
    assert not any(name.startswith(("sport", "place")) or "head" in name for name in scores)


def test_captions_and_answers_are_counted(
    loaded: LoadedModel, tensors: list[ClipTensors], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ["a man sings", "a woman sings", "a piano"]
    monkeypatch.setattr(everyday, "caption_clips", lambda *_: [(Caption(text, 0.5),) for text in said])

    def answer(_: LoadedModel, __: object, questions: Sequence[str], **___: object) -> list[tuple[Caption, ...]]:
        return [(Caption("piano" if "instrument" in text else "sing", 0.5),) for text in questions]

    monkeypatch.setattr(everyday, "answer_questions", answer)
    report = evaluate_everyday(loaded, CLIPS, tensors, progress=False)
    assert (report.scores["action_named"], report.scores["instrument_named"]) == (50.0, 100.0)
    assert (report.scores["action_answered"], report.scores["instrument_answered"]) == (50.0, 100.0)
    assert report.captions["sleeping/10.avif"] == "a woman sings"


def test_the_command_reads_stored_features(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_everyday(tmp_path)
    checkpoint = str(write_tiny_checkpoint(tmp_path / "tiny"))
    options = ["--data", str(tmp_path / "everyday"), "--checkpoint", checkpoint, "--json"]
    stored = ["--features", str(tmp_path / "features" / "everyday")]
    assert main(["evaluate", "everyday", *options, *stored]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert scores["action_clips"] == 1  # number 10 is held out, by default those are asked
    assert main(["evaluate", "everyday", *options, *stored, "--split", "test"]) == 1
    assert "no stills of the split 'test'" in capsys.readouterr().err
