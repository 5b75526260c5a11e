"""Words for people that do not say whether someone is a man or a woman."""

from __future__ import annotations

import pytest

from videobert_demo.questions.neutral import say_neutrally


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two men are talking", "two people are talking"),
        ("a woman is cooking", "a person is cooking"),
        ("an old man is walking his dog", "an old person is walking their dog"),
        ("a young boy and a girl are playing", "a young child and a child are playing"),
        ("a boy and a girl are playing", "two children are playing"),
        ("a man and a woman are dancing", "two people are dancing"),
        ("a man and woman are dancing", "two people are dancing"),
        ("the man and the woman are dancing", "the two people are dancing"),
        ("men and women are dancing", "people are dancing"),
        ("girls and boys are singing", "children are singing"),
        ("a group of girls", "a group of children"),
        ("an actress is putting on her coat", "an actor is putting on their coat"),
        ("a man is talking to her", "a person is talking to them"),
        ("a man watches her dancing", "a person watches them dancing"),
        ("a girl brushes her long hair herself", "a child brushes their long hair themselves"),
        ("she plays while he is singing", "they play while they are singing"),
        ("he quickly runs and she has a hat", "they quickly run and they have a hat"),
        ("he played", "they played"),
        ("the man's car is red", "the person's car is red"),
        ("men's shoes", "people's shoes"),
        ("a female athlete is running", "an athlete is running"),
        ("an elderly male sits", "an elderly person sits"),
        ("a policeman stops a car", "a police officer stops a car"),
        ("two firemen and some waitresses", "two firefighters and some waiters"),
        ("a mother is feeding a baby girl", "a parent is feeding a baby"),
        ("a man", "a person"),
        ("Women", "People"),
        ("A woman, a dog.", "A person, a dog."),
        ("guys", "people"),
        ("her", "them"),
    ],
)
def test_people_are_people(text: str, expected: str) -> None:
    assert say_neutrally(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a dog is running in the woods",
        "spider man is fighting",
        "a boy band is performing",
        "a person is managing the manual of a salad",
        "she-wolf mankind human",
        "people are singing to a child",
        "yes",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert say_neutrally(text) == text


@pytest.mark.parametrize("text", ["two men and her sister", "a girl sees herself", "he is a man"])
def test_twice_is_as_once(text: str) -> None:
    once = say_neutrally(text)
    assert say_neutrally(once) == once
