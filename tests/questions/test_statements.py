"""Questions and answers as statements."""

from __future__ import annotations

import itertools

import pytest

from videobert_demo.questions import as_statement, as_statements, make_questions
from videobert_demo.questions.statements import statement_of_person


@pytest.mark.parametrize(
    ("question", "answer", "statement"),
    [
        ("who is playing a piano?", "man", "a man is playing a piano"),
        ("who plays a piano?", "woman", "a woman plays a piano"),
        ("who are talking on a stage?", "girl", "girls are talking on a stage"),
        ("who talk on a stage?", "man", "two men talk on a stage"),
        ("what is being driven?", "car", "a car is being driven"),
        ("what are bumping?", "car", "two cars are bumping"),
        ("what is a man holding?", "apple", "a man is holding an apple"),
        ("what is a man holding up?", "fish", "a man is holding up a fish"),
        ("what is a man playing on a stage?", "guitar", "a man is playing a guitar on a stage"),
        ("what are men playing?", "soccer", "men are playing soccer"),
        ("what is a dog looking at?", "ball", "a dog is looking at a ball"),
        ("what does a person feed?", "fish", "a person feeds a fish"),
        ("what does a woman talk on?", "phone", "a woman talks on a phone"),
        ("what do two men kick?", "ball", "two men kick a ball"),
        ("who is a crowd cheering to?", "man", "a crowd is cheering to a man"),
        ("what is a girl doing?", "sing", "a girl is singing"),
        ("what are a boy and a girl doing?", "run", "a boy and a girl are running"),
        ("where is a girl sitting?", "couch", "a girl is sitting on a couch"),
        ("where does a chef cook rice?", "kitchen", "a chef cooks rice in a kitchen"),
        ("where are children being taught?", "school", "children are being taught in a school"),
        ("where is a man?", "water", "a man is in the water"),
        ("how many men are running?", "two", "two men are running"),
        ("what color is the car?", "red", "a red car"),
        ("what color are the cars?", "red", "the cars are red"),
        ("why is a man running?", "fear", "why is a man running fear"),
        ("what?", "dog", "what dog"),
    ],
)
def test_question_and_answer_are_one_sentence(question: str, answer: str, statement: str) -> None:
    found = as_statements(question, answer)
    assert statement in found
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("question", "answer", "statement"),
    [
        ("what is the animal doing?", "barking", "the animal is barking"),
        ("what is the animal doing?", "bark", "the animal is barking"),
        ("what is the animal doing?", "plays with a ball", "the animal is playing with a ball"),
        ("what is the man doing?", "a backflip", "the man is doing a backflip"),
        ("who is running?", "dog", "a dog is running"),
        ("who is running?", "the two dogs", "the two dogs are running"),
        ("who are running?", "two dogs", "two dogs are running"),
        ("what is a man holding?", "a red ball", "a man is holding a red ball"),
        ("what is a man holding?", "balls", "a man is holding balls"),
        ("what is a man playing on a stage?", "his guitar", "a man is playing his guitar on a stage"),
        ("where is the dog?", "under the table", "the dog is under the table"),
        ("where is the dog?", "the kitchen", "the dog is in the kitchen"),
        ("where is the dog?", "snow", "the dog is in the snow"),
        ("what color is the dog?", "white", "the dog is white"),
        ("how many dogs are running?", "two", "two dogs are running"),
    ],
)
def test_an_answer_of_a_person_may_be_longer(question: str, answer: str, statement: str) -> None:
    assert statement_of_person(question, answer) == statement


def test_what_was_asked_of_a_caption_is_the_caption_again() -> None:
    caption = "a man is playing a guitar on a stage"
    asked = [one for one in make_questions([caption]) if one.question_type != "doing"]
    assert {one.answer for one in asked} == {"man", "guitar", "stage"}
    again = [caption in as_statements(one.text, one.answer) for one in asked if one.question_type != "where"]
    assert again == [True] * len(again)
    assert len(again) >= 2


def test_whatever_is_asked_gives_a_sentence() -> None:
    words = ("what", "who", "where", "how", "many", "color", "is", "do", "does", "doing", "a", "man", "plays", "on")
    for count in (1, 2, 3, 4):
        for asked in itertools.product(words, repeat=count):
            found = as_statements(" ".join(asked) + "?", "dog")
            assert found
            assert all(text.strip() for text in found)


def test_what_it_is_asks_whether_there_is_one() -> None:
    assert as_statement("is it a dog?") == "there is a dog"
    assert as_statement("is that an old car?") == "there is an old car"
    assert as_statement("are they running?") == "they running"
    assert as_statement("is it raining?") == "it raining"
    assert as_statement("is a man playing a piano?") == "a man playing a piano"
