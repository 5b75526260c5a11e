"""Figures that can be checked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from videobert_demo.evaluation.metrics import score_captions, score_ranking, score_retrieval, split_words

REFERENCES = {
    "1": ("a man is playing a piano", "a man plays the piano"),
    "2": ("the dog runs on the grass",),
    "3": ("a woman is cooking in a kitchen",),
}


def test_words_are_lower_case_letters_digits_and_apostrophes() -> None:
    assert split_words("  A man's 2 Dogs, running-fast!\n") == "a man's 2 dogs running fast"


def test_the_references_themselves_are_perfect() -> None:
    scores = score_captions({video: texts[0].upper() + "!" for video, texts in REFERENCES.items()}, REFERENCES)
    assert list(scores) == ["CIDEr", "BLEU-4", "ROUGE-L", "videos"]
    assert (scores["BLEU-4"], scores["ROUGE-L"], scores["videos"]) == (100.0, 100.0, 3)
    # every 1- to 4-gram of a caption with one reference agrees with it: 10 each, and video 1 has a second reference
    assert 700 < scores["CIDEr"] < 1000
    single = {video: texts[:1] for video, texts in REFERENCES.items()}
    assert score_captions({video: texts[0] for video, texts in single.items()}, single)["CIDEr"] == 1000.0


def test_nothing_in_common_is_nothing() -> None:
    scores = score_captions(dict.fromkeys(REFERENCES, "one two three four five"), REFERENCES)
    assert scores["CIDEr"] == 0.0
    assert scores["ROUGE-L"] == 0.0
    assert scores["BLEU-4"] < 0.01


def test_figures_of_a_half_right_caption() -> None:
    written, references = {"1": "a b c d e f", "2": "x y z w"}, {"1": ["a b c d q r"], "2": ["x y z w"]}
    scores = score_captions(written, references)
    # n-grams that agree, over both captions: 8 of 10, 6 of 8, 4 of 6, 2 of 4
    assert scores["BLEU-4"] == pytest.approx(100 * (8 / 10 * 6 / 8 * 4 / 6 * 2 / 4) ** 0.25, abs=0.01)
    # the longest common subsequence: 4 of 6 words both ways, and 4 of 4
    assert scores["ROUGE-L"] == pytest.approx(100 * (4 / 6 + 1) / 2, abs=0.01)
    # each n-gram is in one of two videos, so all weigh the same: the cosine is (4, 3, 2, 1) of (6, 5, 4, 3), and 1
    first = (4 / 6 + 3 / 5 + 2 / 4 + 1 / 3) / 4
    assert scores["CIDEr"] == pytest.approx(100 * 10 * (first + 1) / 2, abs=0.01)


def test_a_short_caption_pays_for_its_brevity() -> None:
    scores = score_captions({"1": "a b c d"}, {"1": ["a b c d e f g h"]})
    assert scores["BLEU-4"] == pytest.approx(100 * math.exp(1 - 8 / 4), abs=0.01)


def test_recall_and_median_rank() -> None:
    similarity = np.full((4, 4), 0.1, dtype=np.float32)
    np.fill_diagonal(similarity, 0.5)
    similarity[1, 0] = 0.6  # one video is found before the right one
    similarity[2, [0, 1, 3]] = 0.9  # three are
    scores = score_retrieval(similarity)
    assert scores == {"R@1": 50.0, "R@5": 100.0, "R@10": 100.0, "MedR": 1.5, "videos": 4}


def test_recall_at_each_depth() -> None:
    similarity = np.zeros((20, 20), dtype=np.float32)
    for query in range(20):  # the right video of query n is at rank n + 1
        order = [video for video in range(20) if video != query]
        order.insert(query, query)
        similarity[query, order] = np.linspace(1, 0, 20)
    assert score_retrieval(similarity) == {"R@1": 5.0, "R@5": 25.0, "R@10": 50.0, "MedR": 10.5, "videos": 20}


def test_a_model_that_finds_everything_alike_finds_nothing() -> None:
    assert score_retrieval(np.ones((12, 12), dtype=np.float32)) == {
        "R@1": 0.0,
        "R@5": 0.0,
        "R@10": 0.0,
        "MedR": 12.0,
        "videos": 12,
    }


def test_several_queries_may_want_one_video() -> None:
    similarity = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.4]], dtype=np.float32)
    scores = score_retrieval(similarity, [0, 0, 1])
    assert (scores["R@1"], scores["R@5"], scores["videos"]) == (66.67, 100.0, 2)


@pytest.mark.parametrize("wanted", [None, [0]])
def test_every_query_wants_a_video(wanted: list[int] | None) -> None:
    with pytest.raises(ValueError, match="a row for each"):
        score_retrieval(np.zeros((2, 3), dtype=np.float32), wanted)


def test_average_precision_of_a_ranking() -> None:
    similarity = np.array([[0.9, 0.8, 0.7, 0.1], [0.1, 0.2, 0.3, 0.4]], dtype=np.float32)
    fits = np.array([[True, False, True, False], [True, False, False, False]])
    assert score_ranking(similarity, fits).tolist() == pytest.approx([(1 + 2 / 3) / 2, 1 / 4])
    with pytest.raises(ValueError, match="every query"):
        score_ranking(similarity, np.zeros_like(fits))
