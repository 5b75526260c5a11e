"""What the page's address says, and what of it is believed."""

from __future__ import annotations

from typing import Any

import pytest

from videobert_demo.ui.page.address import MAX_ASKED, Address, Asked, read_address


def test_an_address_is_read_whole() -> None:
    sent = {
        "tab": "ask",
        "example": "dog",
        "q": "what is it?",
        "word": "dog",
        "s": "a dog",
        "asked": [{"question": "who?", "answer": "a dog", "probability": 0.5}],
    }
    assert read_address(sent) == Address("ask", "dog", "what is it?", "dog", "a dog", (Asked("who?", "a dog", 0.5),))


@pytest.mark.parametrize("sent", [None, "tab=ask", 3, [], {}, {"tab": None, "q": 5, "asked": "who?"}])
def test_what_is_not_as_it_should_be_is_not_there(sent: Any) -> None:
    assert read_address(sent) == Address()


def test_a_text_of_any_length_is_not_taken() -> None:
    assert read_address({"q": "a" * 2001, "s": "a" * 2000}) == Address(sentence="a" * 2000)


@pytest.mark.parametrize(
    "row",
    [
        None,
        {},
        {"question": "", "answer": "dog", "probability": 0.5},
        {"question": "who?", "answer": "dog"},
        {"question": "who?", "answer": ["dog"], "probability": 0.5},
        {"question": "who?", "answer": "dog", "probability": True},
        {"question": "who?", "answer": "dog", "probability": 1.01},
        {"question": "who?", "answer": "dog", "probability": float("nan")},
    ],
)
def test_a_row_that_is_no_answered_question_is_left_out(row: Any) -> None:
    good = {"question": "what?", "answer": "cat", "probability": 1}
    assert read_address({"asked": [row, good]}).asked == (Asked("what?", "cat", 1.0),)


def test_no_more_questions_come_back_than_are_kept() -> None:
    rows = [{"question": f"{number}?", "answer": "yes", "probability": 0.5} for number in range(MAX_ASKED + 5)]
    assert len(read_address({"asked": rows}).asked) == MAX_ASKED
