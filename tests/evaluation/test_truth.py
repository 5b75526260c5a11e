"""What people's captions support of what was written."""

from __future__ import annotations

from videobert_demo.evaluation.truth import score_truth

REFERENCES = {
    "a": ["a man is singing", "a man sings a song", "a woman is singing"],
    "b": ["a woman is cooking", "a lady cooks rice", "a chef"],
    "c": ["a dog runs", "the dog is running on grass"],
}


def test_every_word_is_looked_for_in_the_videos_own_captions() -> None:
    written = {"a": "a man is singing a song", "b": "a man is cooking rice", "c": "a dog plays with a ball"}
    scores = score_truth(written, REFERENCES)
    assert scores["unsupported"] == round(100 * 3 / 9, 2)  # man of b; play, ball of c
    assert scores["right"] == round(100 / 3, 2)


def test_gender_words_are_wrong_where_most_captions_say_the_other() -> None:
    written = {"a": "a man is singing", "b": "a boy is cooking", "c": "a girl runs"}
    scores = score_truth(written, REFERENCES)
    assert scores["gender_wrong_man"] == 50.0
    assert scores["gender_wrong_woman"] == 0.0  # nobody says that it is a man
    assert scores["gender_wrong"] == round(100 / 3, 2)


def test_captions_without_words_for_men_or_women_tell_nothing() -> None:
    scores = score_truth({"c": "a dog runs"}, REFERENCES)
    assert scores == {
        "unsupported": 0.0,
        "right": 100.0,
        "gender_wrong": 0.0,
        "gender_wrong_man": 0.0,
        "gender_wrong_woman": 0.0,
    }
