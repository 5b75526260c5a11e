"""Questions made from captions: one test a kind, what must not become a question, and yes/no without untrue "no"s."""

from __future__ import annotations

import numpy as np
import pytest

from videobert_demo.errors import DataError
from videobert_demo.questions import (
    QUESTION_TYPES,
    Question,
    make_questions,
    make_yes_no,
    question_type_of,
    suggest_questions,
)
from videobert_demo.questions.grammar import ParsedCaption
from videobert_demo.questions.question import MAX_QUESTION_WORDS
from videobert_demo.questions.tagging import lemmas

NUNS = (
    "three nuns are skating on a lake",
    "nuns skate on ice",
    "a nun in a green scarf is skating",
    "people are skating on a frozen lake",
)
BAKERS = (
    "a baker is kneading dough in a kitchen",
    "a man kneads dough",
    "two bakers are baking bread",
    "a woman is decorating a cake",
)


def pairs(*captions: str) -> set[tuple[str, str, str]]:
    return {(question.text, question.answer, question.question_type) for question in make_questions(captions)}


def answers(kind: str, *captions: str) -> list[str]:
    return [question.answer for question in make_questions(captions) if question.question_type == kind]


def test_who() -> None:
    assert ("who is juggling oranges?", "man", "who") in pairs("a man is juggling oranges")
    assert ("who juggles oranges?", "woman", "who") in pairs("An old woman juggles oranges.")
    assert ("who are juggling oranges?", "clown", "who") in pairs("a group of clowns juggling oranges")
    assert ("who is a judge praising?", "dancer", "who") in pairs("a judge is praising a dancer")


def test_what() -> None:
    assert ("what is a man playing?", "trumpet", "what") in pairs("a man is playing the trumpet")
    assert ("what does a monk peel?", "carrot", "what") in pairs("a monk peels carrots")
    assert ("what is a boy pouring milk into?", "bucket", "what") in pairs("a boy pouring milk into a bucket")
    assert ("what is chasing a ball?", "kitten", "what") in pairs("there is a kitten chasing a ball")
    assert ("what is being cut?", "cake", "what") in pairs("a cake is being cut")


def test_doing() -> None:
    assert ("what are three nuns doing?", "skate", "doing") in pairs("there are three nuns skating")
    assert ("what is a boy doing?", "put", "doing") in pairs("a boy is putting shells into a bucket")
    assert ("what are a man and a woman doing?", "waltz", "doing") in pairs("a man and a woman are waltzing")


def test_two_verbs_give_two_answers() -> None:
    assert answers("doing", "a man is whistling and juggling oranges") == ["whistle", "juggle"]
    assert answers("doing", "a man wearing a cape is juggling") == ["juggle"]


def test_where() -> None:
    assert ("where is a man juggling?", "stage", "where") in pairs("a man is juggling on a stage")
    assert ("where does a monk peel carrots?", "kitchen", "where") in pairs("in a kitchen a monk peels carrots")
    assert answers("where", "a man is talking about oranges", "a man is juggling in a hat") == []


def test_how_many() -> None:
    assert ("how many nuns are skating?", "three", "how many") in pairs("three nuns are skating")
    assert ("how many oranges is a man juggling?", "four", "how many") in pairs("a man is juggling 4 oranges")


def test_contradicting_numbers_and_colours_leave_one_answer() -> None:
    captions = ["two nuns are skating", "three nuns are skating", "three nuns on a lake"]
    assert answers("how many", *captions) == ["three"]
    captions = ["the camel is pink", "a purple camel is eating", "a pink camel is eating", "a pink camel"]
    assert answers("colour", *captions) == ["pink"]


def test_colour() -> None:
    assert ("what color is the camel?", "purple", "colour") in pairs("a purple camel eats", "a camel")
    assert ("what color is the nun's scarf?", "gray", "colour") in pairs("a nun in a grey scarf is eating", "a scarf")


def test_no_colour_of_people_or_of_two_colours() -> None:
    assert answers("colour", "a black man is eating", "a man") == []
    assert answers("colour", "a black and white camel is eating", "a camel") == []


def test_what_captions_do_not_say_is_not_asked() -> None:
    for caption in (
        "he is singing a song",  # nobody to name
        "something is moving",
        "a video shows how to knit",
        "a man is trying to sing",
        "a men is singing",
        "two man are singing",
        "britney spears is on tour",
    ):
        assert make_questions([caption, caption]) == [], caption


def test_a_half_understood_caption_gives_only_what_is_sure() -> None:
    assert pairs("a man gives a boy a hat") == {("what is a man doing?", "give", "doing")}
    assert pairs("a man is holding something") == {("what is a man doing?", "hold", "doing")}


def test_a_person_stays_a_person_and_people_are_no_answer() -> None:
    assert answers("who", "a person is juggling") == ["person"]
    assert answers("who", "people are juggling") == []


@pytest.mark.parametrize("captions", [NUNS, BAKERS, ("a woman puts make up on her face in a bedroom",)])
def test_every_question_is_well_formed_and_does_not_hold_its_answer(captions: tuple[str, ...]) -> None:
    questions = make_questions(captions)
    assert len(questions) >= 5
    for question in questions:
        assert question.question_type in QUESTION_TYPES
        assert question.text.endswith("?")
        assert question.text == question.text.lower()
        assert len(question.text.split()) <= MAX_QUESTION_WORDS
        assert question.answer.isalpha()
        asked = question.text.rstrip("?").split()
        assert question.answer not in {lemma for word in asked for lemma in (word, *lemmas(word).values())}


def test_support_counts_the_captions_that_have_the_answer() -> None:
    support = {(question.question_type, question.answer): question.support for question in make_questions(NUNS)}
    assert support["doing", "skate"] == 4
    assert support["where", "lake"] == 2
    assert support["how many", "three"] == 1
    assert support["who", "nun"] == 3


@pytest.mark.parametrize(
    "captions",
    [
        [],
        [""],
        ["  "],
        ["dog"],
        ["?!"],
        ["a quiet street at night"],
        ["猫が踊る"],
        ["un señor está bailando"],
        ["🎹 🎺"],
    ],
)
def test_captions_without_a_clause_give_nothing(captions: list[str]) -> None:
    assert make_questions(captions) == []
    assert make_yes_no(captions, BAKERS, np.random.default_rng(0), 4) == []


def test_a_caption_of_500_words() -> None:
    long = "a man is juggling oranges and " * 100
    assert ("who is juggling oranges?", "man", "who") in pairs(long)
    assert make_questions(["orange " * 500]) == []


def test_the_same_captions_give_the_same_questions() -> None:
    assert make_questions(NUNS) == make_questions(list(NUNS))
    twice = [make_yes_no(NUNS, BAKERS, np.random.default_rng(3), 4) for _ in range(2)]
    assert twice[0] == twice[1]
    questions = make_questions(NUNS * 2)
    assert len({(question.text, question.answer) for question in questions}) == len(questions)


def test_yes_and_no_come_equally_often() -> None:
    for count in (2, 4, 6):
        questions = make_yes_no(NUNS, BAKERS, np.random.default_rng(count), count)
        found = [question.answer for question in questions]
        assert len(found) == count
        assert found.count("yes") == found.count("no")
        assert {question.question_type for question in questions} == {"yes/no"}
    assert make_yes_no(NUNS, BAKERS, np.random.default_rng(0), 0) == []


def test_yes_questions_are_true_and_no_questions_are_the_others() -> None:
    questions = make_yes_no(NUNS, BAKERS, np.random.default_rng(0), 6)
    by_answer = {
        answer: {question.text for question in questions if question.answer == answer} for answer in ("yes", "no")
    }
    assert all("skat" in text for text in by_answer["yes"])
    assert all("knead" in text or "bak" in text or "decorat" in text for text in by_answer["no"])


def test_no_is_never_asked_of_what_the_own_captions_could_mean() -> None:
    own = ["a man is frying eggs", "a person is cooking", "someone speaks about food", "a car is parked"]
    for other in (
        "a man is frying eggs",
        "a woman is boiling soup",  # a kind of cooking
        "a man is washing a car",  # there is a car
        "a man is explaining a plan",  # a kind of speaking
        "a man is standing",  # true of most videos
    ):
        assert make_yes_no(own, [other], np.random.default_rng(0), 2) == [], other
    safe = make_yes_no(own, ["a nun is skating"], np.random.default_rng(0), 2)
    assert [question.text for question in safe if question.answer == "no"] == ["is a nun skating?"]


def test_the_same_deed_of_another_sex_is_a_no_only_where_nobody_else_is() -> None:
    own = ["a man is juggling oranges", "a man juggles"]
    asked = make_yes_no(own, ["a woman is juggling oranges"], np.random.default_rng(0), 2)
    assert ("is a woman juggling oranges?", "no") in {(question.text, question.answer) for question in asked}
    assert make_yes_no([*own, "a person juggles"], ["a woman is juggling"], np.random.default_rng(0), 2) == []


def test_questions_check_themselves() -> None:
    with pytest.raises(DataError, match="when"):
        Question("when?", "now", "when")
    with pytest.raises(DataError, match="-1"):
        Question("who?", "man", "who", -1)
    with pytest.raises(DataError, match="-2"):
        make_yes_no(NUNS, BAKERS, np.random.default_rng(0), -2)


def test_the_parts_of_a_clause() -> None:
    (clause,) = ParsedCaption("in a barn two tall monks are stacking red boxes on a cart").clauses
    assert (clause.subject.head, clause.subject.number, clause.plural) == ("monk", "two", True)
    assert (clause.verb, clause.form) == ("stack", "ing")
    assert clause.target is not None
    assert (clause.target.head, clause.target.colour) == ("box", "red")
    assert [(word, phrase.head) for word, phrase in clause.places] == [("on", "cart")]
    assert clause.opening is not None
    assert clause.opening[1].head == "barn"


def test_an_owner_without_apostrophe_is_understood() -> None:
    assert ("what is a nun brushing?", "hair", "what") in pairs("a nun is brushing a girl s hair")


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("what is the man doing?", "doing"),
        ("What color is the car?", "colour"),
        ("how many men are there", "how many"),
        ("is a man singing?", "yes/no"),
        ("where is the dog?", "where"),
        ("who sings?", "who"),
        ("what sings?", "what"),
        ("when does he sing?", None),
        ("how does he sing?", None),
        ("", None),
    ],
)
def test_the_kind_of_a_question(question: str, kind: str | None) -> None:
    assert question_type_of(question) == kind


def test_suggestions_are_of_different_kinds() -> None:
    suggested = suggest_questions(["two nuns are skating on a lake", "a man is playing a guitar"])
    assert len(suggested) == len(set(suggested)) == 4
    assert suggested[0] == "what are two nuns doing?"
    assert any(text.startswith("where") for text in suggested)
    assert "what is a man playing?" in suggest_questions(["a man is playing a guitar"])
    assert len(suggest_questions([])) == 4
