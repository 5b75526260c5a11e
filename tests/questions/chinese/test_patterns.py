"""Captions that fit a pattern are put into Chinese by it."""

from __future__ import annotations

import numpy as np
import pytest

from videobert_demo.model.translator import is_chinese
from videobert_demo.questions.chinese.patterns import draw, read_patterns, sentence_in_chinese


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("a man is surfing in the water", "一个男人在水里冲浪"),
        ("a dog is playing with a cat", "一只狗在和一只猫玩"),
        ("two people are wrestling", "两个人在摔跤"),
        ("a woman is cooking in a kitchen", "一个女人在厨房里做饭"),
        ("a person is sitting", "一个人坐着"),
        ("A chef is talking about an elephant.", "一位厨师在谈论一头大象"),
        ("a girl is singing on stage", "一个女孩在舞台上唱歌"),
    ],
)
def test_a_sentence_that_fits_is_put_into_chinese(english: str, chinese: str) -> None:
    assert sentence_in_chinese(english) == chinese


@pytest.mark.parametrize("sentence", ["a zorb is rolling", "the man who sold the world", "", "一只狗"])
def test_another_is_left_to_the_translator(sentence: str) -> None:
    assert sentence_in_chinese(sentence) is None


def test_what_is_drawn_from_a_pattern_is_read_again() -> None:
    random = np.random.default_rng(3)
    for pattern in read_patterns()[0]:
        english, chinese = draw(pattern, random)
        assert english.isascii(), english
        assert is_chinese(chinese), chinese
        assert sentence_in_chinese(english), (english, pattern.english)
