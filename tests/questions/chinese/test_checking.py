"""Whether a translation says all that its English says."""

from __future__ import annotations

import pytest

from videobert_demo.questions.chinese.checking import words_not_said


@pytest.mark.parametrize(
    ("english", "chinese", "missing"),
    [
        ("a dog is running on the grass", "一只狗在草地上跑", []),
        ("a man is playing tennis", "一个男人在弹奏网球", ["playing"]),
        ("a woman is singing and dancing", "一个女人在唱歌", ["dancing"]),
        ("two dogs are running", "一只狗在跑", ["two"]),
        ("a glorp is running", "一个东西在跑", ["glorp"]),
    ],
)
def test_words_that_are_left_out_are_found(english: str, chinese: str, missing: list[str]) -> None:
    assert words_not_said(english, chinese) == missing
