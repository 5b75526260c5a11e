"""Short queries as the sentences that captions are made of."""

from __future__ import annotations

import pytest

from videobert_demo.questions.short_queries import phrase_query


@pytest.mark.parametrize("typed", ["dog", "a dog", "The dog!", " DOG "])
def test_a_thing(typed: str) -> None:
    assert phrase_query(typed) == ("a dog", "there is a dog", "a video of a dog")


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        ("red car", "a red car", "there is a red car"),
        ("an orange", "an orange", "there is an orange"),
        ("dogs", "dogs", "there are dogs"),
        ("two dogs", "two dogs", "there are two dogs"),
        ("people riding horses", "people riding horses", "there are people riding horses"),
        ("zxqv", "a zxqv", "there is a zxqv"),
    ],
)
def test_phrases_of_things(typed: str, first: str, second: str) -> None:
    assert phrase_query(typed)[:2] == (first, second)


@pytest.mark.parametrize(("typed", "doing"), [("singing", "singing"), ("riding horses", "riding horses")])
def test_what_is_done(typed: str, doing: str) -> None:
    assert phrase_query(typed) == tuple(f"a {who} is {doing}" for who in ("person", "man", "woman"))


def test_a_word_that_is_both_gets_both() -> None:
    assert phrase_query("dance") == (
        *("a dance", "there is a dance", "a video of a dance"),
        *("a person is dancing", "a man is dancing", "a woman is dancing"),
    )


@pytest.mark.parametrize("typed", ["", "?!", "a dog runs on the grass", "dogs are running", "who is it"])
def test_sentences_stay_as_they_are(typed: str) -> None:
    assert phrase_query(typed) == ()
