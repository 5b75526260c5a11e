"""Subtitles: what is said when, and where something is said."""

from __future__ import annotations

import pytest

from videobert_demo.types import Cue, Subtitles

SAID = Subtitles(
    (Cue(0.0, 2.0, "Hello, dog!"), Cue(2.0, 3.0, "Hello, dog!"), Cue(5.0, 6.0, "It's a CAT"), Cue(7.0, 8.0, "好狗！")),
    "file",
)


def test_what_is_said_in_a_stretch() -> None:
    assert SAID.words_between(0.0, 60.0) == "Hello, dog! It's a CAT 好狗！"
    assert SAID.words_between(2.5, 5.0) == "Hello, dog!"
    assert SAID.words_between(3.0, 5.0) == ""


@pytest.mark.parametrize(
    ("text", "count"), [("DOG", 2), ("dog hello", 2), ("it's", 1), ("do", 0), ("", 0), ("!", 0), ("好 狗", 1)]
)
def test_a_search_wants_all_words(text: str, count: int) -> None:
    assert len(SAID.find(text)) == count


@pytest.mark.parametrize("values", [(1.0, 1.0, "a"), (-1.0, 1.0, "a"), (0.0, float("inf"), "a"), (0.0, 1.0, " ")])
def test_a_cue_has_words_and_a_time(values: tuple[float, float, str]) -> None:
    with pytest.raises(ValueError, match="cue"):
        Cue(*values)
