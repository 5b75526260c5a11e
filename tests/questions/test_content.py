"""The nouns and verbs of captions, and which captions count as right."""

from __future__ import annotations

import pytest

from videobert_demo.questions.content import content_words, count_supporting, is_right

REFERENCES = (
    "a man is playing the guitar on a stage",
    "a man plays guitars",
    "someone is singing",
    "a person is singing a song",
)


@pytest.mark.parametrize(
    ("caption", "nouns", "verbs", "main"),
    [
        ("a man is playing the guitars", ("man", "guitar"), ("play",), "man"),
        ("a group of men are running", ("group", "man"), ("run",), "man"),
        ("two women walk on the street", ("woman", "street"), ("walk",), "woman"),
        ("people are in a kitchen", ("people", "kitchen"), (), "people"),
        ("there is nothing", (), (), None),
        ("}}}", (), (), None),
    ],
)
def test_nouns_and_verbs(caption: str, nouns: tuple[str, ...], verbs: tuple[str, ...], main: str | None) -> None:
    found = content_words(caption)
    assert (found.nouns, found.verbs, found.main_noun) == (nouns, verbs, main)


def test_a_word_supports_its_lemma_in_every_reading() -> None:
    supporting = count_supporting(REFERENCES)
    assert supporting["play"] == supporting["guitar"] == supporting["man"] == 2
    assert supporting["singer"] == 0


@pytest.mark.parametrize(
    ("caption", "right"),
    [
        ("a man is playing a guitar", True),
        ("a man is playing a violin", True),  # neither its verb nor its main noun
        ("a woman is playing a guitar", False),
        ("a man is dancing", False),
        ("a man on a stage", True),
        ("it is", False),
    ],
)
def test_right_is_verb_and_main_noun_in_two_captions(caption: str, right: bool) -> None:
    assert is_right(caption, count_supporting(REFERENCES)) is right


def test_one_caption_is_not_enough() -> None:
    assert not is_right("a person is singing", count_supporting(REFERENCES))
    assert is_right("a person is singing", count_supporting([*REFERENCES, "the person sings"]))
