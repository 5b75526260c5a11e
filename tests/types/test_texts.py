from __future__ import annotations

import math
from typing import Any

import pytest

from videobert_demo.types import SURE_PROBABILITY, Answer, AnswerResult, Caption, CaptionResult


@pytest.mark.parametrize(
    ("text", "score"), [("", 0.5), ("  ", 0.5), ("a dog", -0.1), ("a dog", 1.1), ("a dog", math.nan)]
)
def test_caption_rejects(text: str, score: float) -> None:
    with pytest.raises(ValueError, match=r"words|score"):
        Caption(text, score)


def test_caption_result_is_its_first_candidate() -> None:
    result = CaptionResult((Caption("a dog runs", 0.5), Caption("a dog", 0.4)), seconds=0.1)
    assert (result.text, result.score) == ("a dog runs", 0.5)


@pytest.mark.parametrize(
    ("candidates", "seconds"),
    [
        ((), 0.1),
        ([Caption("a", 0.5)], 0.1),
        ((Caption("a", 0.5),), -1.0),
        ((Caption("a", 0.5), Caption("b", 0.6)), 0.1),
    ],
)
def test_caption_result_rejects(candidates: Any, seconds: float) -> None:
    with pytest.raises(ValueError, match=r"candidates|seconds"):
        CaptionResult(candidates, seconds)


def test_an_answer_has_words_and_a_probability() -> None:
    assert Answer("dog", 0.5).text == "dog"
    for text, probability in (("", 0.5), ("  ", 0.5), ("dog", -0.1), ("dog", 1.1), ("dog", float("nan"))):
        with pytest.raises(ValueError, match=r"answer must have words|probability"):
            Answer(text, probability)


def test_answers_come_in_order_of_probability() -> None:
    sure = AnswerResult("who?", (Answer("man", SURE_PROBABILITY), Answer("dog", 0.1)), 0.2)
    assert (sure.text, sure.probability, sure.is_sure) == ("man", SURE_PROBABILITY, True)
    assert not AnswerResult("who?", (Answer("man", SURE_PROBABILITY - 0.01),), 0.2).is_sure
    for question, candidates, seconds in (
        (" ", (Answer("man", 0.5),), 0.1),
        ("who?", (), 0.1),
        ("who?", (Answer("man", 0.1), Answer("dog", 0.2)), 0.1),
        ("who?", (Answer("man", 0.5),), -1.0),
        ("who?", (Answer("man", 0.5),), float("inf")),
    ):
        with pytest.raises(ValueError, match=r"question|candidates|seconds"):
            AnswerResult(question, candidates, seconds)
