"""What the service answers, and where it looked, with a tiny checkpoint."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.service.test_service import checkpoint, folder, loaded, tiny_service
from videobert_demo.attention.explain import METHODS
from videobert_demo.errors import (
    QuestionError,
    WordError,
)
from videobert_demo.model.features import ClipTensors
from videobert_demo.questions.neutral import say_neutrally
from videobert_demo.service.neutral import neutral_answers, neutral_captions
from videobert_demo.service.reports import answer_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.types import Answer, AnswerResult

__all__ = ["checkpoint", "folder", "loaded", "tiny_service"]


def test_a_question_is_answered(tiny_service: VideoBertService, folder: Path) -> None:
    clip = tiny_service.open(folder / "0.mp4")
    result = tiny_service.answer(clip, "WHAT is a man playing")
    assert result.question == "what is a man playing?"
    assert 1 < len(result.candidates) <= 5
    assert result.seconds > 0
    assert tiny_service.answer(clip, "what is a man playing?").candidates == result.candidates
    with pytest.raises(QuestionError, match="no question"):
        tiny_service.answer(clip, " ")


def test_the_frames_share_an_answers_relevance(tiny_service: VideoBertService, folder: Path) -> None:
    clip = tiny_service.open(folder / "0.mp4")
    result = AnswerResult("what is a man playing?", (Answer("piano", 0.5),), 0.0)
    shares = tiny_service.answer_frames(clip, result)
    assert shares.shape == (4,)
    assert shares.sum() == pytest.approx(1)
    assert (shares >= 0).all()
    report = answer_report(clip.frames, result, shares, 0.25)
    assert report["answer"] == "piano"
    assert report["sure"] is True
    assert [frame["timestamp_seconds"] for frame in report["frames"]] == [
        round(float(moment), 3) for moment in clip.frames.timestamps_seconds
    ]
    assert json.loads(json.dumps(report)) == report


def test_yes_and_no_rest_on_opposite_frames(
    tiny_service: VideoBertService, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = tiny_service.open(folder / "0.mp4")
    generator = torch.Generator().manual_seed(0)
    features = torch.randn(opened.tensors.frame_features.shape, generator=generator)  # the clip's own look all alike
    patches = torch.randn(opened.tensors.patch_features.shape, generator=generator)
    clip = replace(opened, tensors=ClipTensors(features, patches))
    monkeypatch.setattr(tiny_service._loaded.model.config, "answer_yes_slope", 50.0)
    yes, no = (
        tiny_service.answer_frames(clip, AnswerResult("is a man playing?", (Answer(text, 0.9),), 0.0))
        for text in ("yes", "no")
    )
    assert yes.sum() == pytest.approx(1)
    assert yes.max() > 1.5 * yes.min()
    np.testing.assert_allclose(yes * no, (yes * no)[0], rtol=1e-4)  # what is e^x for one is e^-x for the other


def test_four_questions_are_suggested(tiny_service: VideoBertService, folder: Path) -> None:
    suggested = tiny_service.suggest_questions(tiny_service.open(folder / "0.mp4"))
    assert len(set(suggested)) == 4
    assert all(question.endswith("?") for question in suggested)


@pytest.mark.parametrize("method", METHODS)
def test_where_it_looked_for_a_word_of_the_caption(tiny_service: VideoBertService, folder: Path, method: str) -> None:
    clip = tiny_service.open(folder / "0.mp4")
    caption = tiny_service.caption(clip).text
    target = tiny_service.caption_target(caption, 0)
    heatmap = tiny_service.attend(clip, target, method)
    assert target.word == caption.split()[0]
    assert heatmap.values.shape == (4, 2, 2)
    assert heatmap.timestamps_seconds.tolist() == clip.frames.timestamps_seconds.tolist()


def test_every_layer_and_head_is_that_of_the_single_question(tiny_service: VideoBertService, folder: Path) -> None:
    clip = tiny_service.open(folder / "0.mp4")
    target = tiny_service.answer_target("what is there", tiny_service.caption(clip).text)
    assert target.question == "what is there"
    maps = tiny_service.attend_by_head(clip, target)
    for layer, heads in enumerate(maps):
        for head, heatmap in enumerate(heads):
            alone = tiny_service.attend(clip, target, "attention", layer, head)
            np.testing.assert_allclose(heatmap.values, alone.values, atol=1e-5)


def test_the_faithfulness_of_a_typed_words_heatmap(tiny_service: VideoBertService, folder: Path) -> None:
    clip = tiny_service.open(folder / "0.mp4")
    target = tiny_service.word_target(" piano ")
    found = tiny_service.faithfulness(clip, target, tiny_service.attend(clip, target))
    assert target.word == "piano"
    assert (found.shares[0], found.shares[-1]) == (0, 1)
    assert found.deletion[0] == pytest.approx(found.insertion[-1])  # the whole clip
    with pytest.raises(WordError, match="type one"):
        tiny_service.word_target("  ")


def test_words_are_neutral_when_asked_and_as_set(tiny_service: VideoBertService, folder: Path) -> None:
    clip = tiny_service.open(folder / "0.mp4")
    plain, neutral = tiny_service.caption(clip), tiny_service.caption(clip, neutral_words=True)
    assert neutral.candidates == neutral_captions(plain.candidates)
    question = "what is a man playing?"
    answers = tiny_service.answer(clip, question).candidates
    assert tiny_service.answer(clip, question, neutral_words=True).candidates == neutral_answers(answers)
    before = tiny_service.settings
    tiny_service.settings = replace(before, neutral_words=True)
    try:
        assert tiny_service.caption(clip).candidates == neutral.candidates
        assert tiny_service.caption(clip, neutral_words=False).candidates == plain.candidates
        scenes = tiny_service.scenes(folder / "0.mp4").scenes
    finally:
        tiny_service.settings = before
    of_words = [say_neutrally(one.caption) for one in tiny_service.scenes(folder / "0.mp4").scenes]
    assert [one.caption for one in scenes] == of_words


def test_what_is_not_seen_is_told(tiny_service: VideoBertService, folder: Path) -> None:
    clip, calibration = tiny_service.open(folder / "0.mp4"), tiny_service._loaded.model.config.calibration
    assert tiny_service.answer(clip, "what color is the dog?").absent == ""
    calibration["absent_vector"] = [2.0]  # above every cosine
    try:
        result = tiny_service.answer(clip, "what color is the dog?")
    finally:
        del calibration["absent_vector"]
    assert (result.absent, result.text) == ("dog", "there is no dog, I think")
    assert len(tiny_service.answer_frames(clip, result)) == len(clip.frames)
