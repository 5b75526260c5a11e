"""Visual words, guesses and scores: what they refuse, and how a word is called."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from videobert_demo.types import Blank, Guess, LabelScore, VisualWord


def test_a_word_is_called_by_two_of_its_names() -> None:
    assert VisualWord(3, 0.5, ("screen", "text", "game")).name == "screen, text"
    assert VisualWord(3, 0.5).name == ""


def test_a_read_words_distance_may_exceed_one() -> None:
    assert VisualWord(0, 1.7).value == 1.7


@pytest.mark.parametrize(
    "make",
    [
        lambda: VisualWord(-1, 0.5),
        lambda: Guess("dog", 1.01),
        lambda: Guess("dog", -0.01),
        lambda: Guess("dog", float("nan")),
        lambda: Blank(-1, (), ()),
        lambda: LabelScore("dog", 2.0, 0.5),
        lambda: LabelScore("dog", 0.5, -1.0),
    ],
)
def test_impossible_values_are_refused(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="must"):
        make()


def test_rounding_is_forgiven() -> None:
    assert Guess("dog", 1.0000001).text == "dog"
