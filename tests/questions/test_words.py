"""Verbs, names of objects, and what captions share."""

from __future__ import annotations

import pytest

from videobert_demo.questions.words import agreed_words, is_object_form, is_verb_form


@pytest.mark.parametrize(
    ("word", "verb", "noun"),
    [
        ("sleeping", 1, 0),
        ("dog", 0, 1),
        ("man", 0, 0),
        ("video", 0, 0),
        ("dogs", 0, 0),
        ("the", 0, 0),
        ("his", 0, 0),
        ("white", 0, 0),
    ],
)
def test_forms_are_told_apart(word: str, verb: int, noun: int) -> None:
    assert is_verb_form(word) == bool(verb)
    assert is_object_form(word) == bool(noun)


CAPTIONS = (
    "A man is playing the guitars, on a stage.",
    "the guy plays a guitar in a video",
    "someone played guitar and sings",
    "a man sings",
)


def test_what_three_captions_have_is_shared() -> None:
    assert agreed_words(CAPTIONS, "verb") == {"play"}
    assert agreed_words(CAPTIONS, "object") == {"guitar"}


def test_a_word_counts_once_a_caption() -> None:
    assert agreed_words(["a dog chases a dog and a dog", "a dog", "a cat"], "object") == set()


def test_of_few_captions_all_have_to_have_it() -> None:
    assert agreed_words(["a dog runs", "the dog is running fast"], "verb") == {"run"}
    assert agreed_words(["a dog runs", "the cat is running"], "object") == set()
    assert agreed_words([], "verb") == set()
