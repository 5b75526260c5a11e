"""Questions about pictures whose label is known."""

from __future__ import annotations

import pytest

from videobert_demo.questions import ask_of_label
from videobert_demo.questions.labels import name_of_sport


def texts(*asked: object) -> list[tuple[str, str]]:
    return [(question.text, question.answer) for question in ask_of_label(*asked)]  # type: ignore[arg-type]


def test_the_plainest_question_about_an_action_comes_first() -> None:
    found = texts("action", "cycling", ["a person is riding a bicycle"], "ride", "bicycle")
    assert found[0] == ("what is the person doing?", "ride")
    assert ("what is a person riding?", "bicycle") in found


@pytest.mark.parametrize(
    ("caption", "verb", "question"),
    [
        ("people are dancing", "dance", "what are the people doing?"),
        ("a group of girls is cheerleading", "cheer", "what are the girls doing?"),
        ("a person is texting on a phone", "text", "what is the person doing?"),
    ],
)
def test_who_does_it_stands_in_the_question(caption: str, verb: str, question: str) -> None:
    assert texts("action", "x", [caption], verb, None)[0] == (question, verb)


def test_a_verb_that_says_nothing_is_not_asked_for() -> None:
    found = texts("sport", "judo", ["two people are doing judo"], "do", None)
    assert found[0] == ("what sport is this?", "judo")
    assert all(answer != "do" for _, answer in found)


@pytest.mark.parametrize(
    ("label", "thing", "name"),
    [
        ("archery", None, "archery"),
        ("table tennis", "table tennis", "tennis"),
        ("figure skating men", None, "skating"),
        ("tug of war", None, "war"),
    ],
)
def test_a_sport_has_one_word(label: str, thing: str | None, name: str) -> None:
    assert name_of_sport(label, thing) == name


def test_things_and_places_are_asked_for() -> None:
    assert texts("instrument", "steel drum", ["a steel drum"], None, "steel drum") == [
        ("what instrument is this?", "drum"),
        ("what is this?", "drum"),
    ]
    assert texts("place", "forest", ["there are trees in a forest"], None, "forest") == [("where is this?", "forest")]
