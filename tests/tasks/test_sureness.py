"""Probabilities of being right."""

from __future__ import annotations

import math

import pytest

from videobert_demo.tasks.sureness import (
    SURE_LABEL,
    answer_key,
    correct_answers,
    correct_probability,
    head_key,
    log_odds,
    sure_answer_from,
    sure_key,
    sure_label_from,
)
from videobert_demo.types import SURE_PROBABILITY, Answer


def test_log_odds() -> None:
    assert log_odds(0.8) == pytest.approx(math.log(4))
    assert log_odds(0.5) == 0
    assert math.isfinite(log_odds(0.0))
    assert log_odds(1.0) == pytest.approx(-log_odds(0.0))


def test_each_type_of_question_has_its_own_numbers() -> None:
    calibration = {answer_key("who"): [math.log(3), 2.0]}
    answers = (Answer("man", 0.5), Answer("dog", 0.2))
    corrected = correct_answers(calibration, "who", answers)
    assert [one.text for one in corrected] == ["man", "dog"]
    # odds 1 -> 3 * 1, odds 1/4 -> 3 * 1/16
    assert [one.probability for one in corrected] == pytest.approx([3 / 4, 3 / 19])
    assert correct_answers(calibration, "what", answers) == answers


def test_without_numbers_nothing_changes() -> None:
    assert correct_probability({}, head_key("verb"), 0.3) == 0.3
    assert sure_answer_from({}) == SURE_PROBABILITY
    assert sure_label_from({"answer_sure": [0.6]}) == SURE_PROBABILITY
    assert sure_answer_from({"answer_sure": [0.6]}) == 0.6
    by_type = {"answer_sure": [0.6], sure_key("who"): [0.8]}
    assert (sure_answer_from(by_type, "who"), sure_answer_from(by_type, "where")) == (0.8, 0.6)
    assert sure_label_from({head_key("verb"): [0.0, 1.0], "label_sure": [0.9]}) == 0.9
    assert sure_label_from({head_key("verb"): [0.0, 1.0]}) == SURE_LABEL
