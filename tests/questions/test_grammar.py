"""What captions say: who does what to which thing, where."""

from __future__ import annotations

import pytest

from videobert_demo.questions.grammar import Clause, ParsedCaption


def only_clause(caption: str) -> Clause:
    (clause,) = ParsedCaption(caption).clauses
    return clause


def test_a_clause_has_all_its_parts() -> None:
    clause = only_clause("In a kitchen a woman is cutting a red onion with a knife.")
    assert clause.subject_text == "a woman"
    assert (clause.verb, clause.form, clause.verb_text) == ("cut", "ing", "cutting")
    assert clause.target is not None
    assert (clause.target.head, clause.target.colour, clause.target.without_colour) == ("onion", "red", "onion")
    assert [(word, phrase.text) for word, phrase in clause.places] == [("with", "a knife")]
    assert clause.opening is not None
    assert (clause.opening[0], clause.opening[1].head) == ("in", "kitchen")
    assert clause.whole
    assert not clause.plural


@pytest.mark.parametrize(
    ("caption", "subject", "plural", "verb", "form"),
    [
        ("a man and a woman are dancing on a stage", "a man and a woman", True, "dance", "ing"),
        ("two dogs play in the snow", "two dogs", True, "play", "present"),
        ("a ball is being thrown", "a ball", False, "throw", "passive"),
        ("there is a man walking", "a man", False, "walk", "ing"),
        ("a group of people is dancing", "a group of people", True, "dance", "ing"),
        ("a dog is on the sofa", "a dog", False, "be", "present"),
        ("guy sings", "a guy", False, "sing", "present"),  # one person is named with an article
    ],
)
def test_subjects_and_verbs(caption: str, subject: str, plural: bool, verb: str, form: str) -> None:
    clause = only_clause(caption)
    assert (clause.subject_text, clause.plural, clause.verb, clause.form) == (subject, plural, verb, form)


def test_one_subject_does_two_things() -> None:
    first, second = ParsedCaption("a man is cooking and talking").clauses
    assert (first.verb, second.verb) == ("cook", "talk")
    assert first.subject == second.subject


def test_a_particle_belongs_to_the_verb() -> None:
    clause = only_clause("the man picks up a box")
    assert (clause.verb, clause.particle) == ("pick", "up")
    assert clause.target is not None
    assert clause.target.text == "a box"


@pytest.mark.parametrize("caption", ["a man is trying to sing", "a man gives a woman a massage"])
def test_what_is_not_understood_leaves_the_clause_incomplete(caption: str) -> None:
    clause = only_clause(caption)
    assert not clause.whole
    assert clause.target is None


@pytest.mark.parametrize("caption", ["", "a cat", "dancing", "a two dogs are running", "a man cook food"])
def test_what_is_no_sentence_has_no_clause(caption: str) -> None:
    assert ParsedCaption(caption).clauses == []


def test_phrases_know_their_number_and_the_word_before_them() -> None:
    caption = ParsedCaption("2 small white dogs and several cats chase a girl's ball")
    dogs, cats, ball = caption.phrases
    assert (dogs[0], dogs[1].text, dogs[1].head, dogs[1].number) == ("", "two small white dogs", "dog", "two")
    assert (dogs[1].plural, dogs[1].colour) == (True, "white")
    assert (dogs[1].without_number, dogs[1].without_colour) == ("small white dogs", "dogs")
    assert (cats[0], cats[1].head, cats[1].number, cats[1].plural) == ("and", "cat", "", True)
    assert (ball[0], ball[1].head, ball[1].plural) == ("chase", "ball", False)


def test_names_are_told_from_words() -> None:
    named, known = ParsedCaption("xyzzy sings a song").phrases
    assert named[1].is_named
    assert not known[1].is_named


def test_lemmas_hold_every_reading() -> None:
    assert ParsedCaption("the dogs are running").lemmas >= {"dog", "dogs", "run", "running"}
