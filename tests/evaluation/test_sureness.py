"""Probabilities of being right: fitted and measured."""

from __future__ import annotations

import numpy as np
import pytest

from videobert_demo.evaluation.sureness import (
    SURE_AT_LEAST,
    SURE_AT_MOST,
    apply_weights,
    calibration_error,
    choose_sure_from,
    fit_correction,
    fit_weights,
    lower_bound,
    measure_sureness,
    reliability,
)


def test_weights_are_found_again() -> None:
    random = np.random.default_rng(0)
    values = random.normal(3, 2, (20_000, 2))
    truth = [-1.0, 0.8, -0.5]
    is_right = random.random(20_000) < apply_weights(truth, values)
    assert fit_weights(values, is_right) == pytest.approx(truth, abs=0.08)
    assert calibration_error(apply_weights(fit_weights(values, is_right), values), is_right) < 0.02


def test_cases_that_are_all_right_tell_nothing() -> None:
    with pytest.raises(ValueError, match="right and wrong"):
        fit_weights(np.zeros((3, 1)), np.ones(3, bool))


def test_the_error_is_how_far_bins_are_off() -> None:
    probabilities, is_right = np.array([0.25, 0.25, 0.95, 0.95]), np.array([False, True, True, True])
    assert reliability(probabilities, is_right) == [(0.25, 0.5, 2), (pytest.approx(0.95), 1.0, 2)]
    assert calibration_error(probabilities, is_right) == pytest.approx((2 * 0.25 + 2 * 0.05) / 4)
    assert calibration_error(np.array([1.0]), np.array([True])) == 0.0


def test_sure_cases_are_right_often_enough() -> None:
    probabilities = np.linspace(0, 1, 1001)
    is_right = np.random.default_rng(0).random(1001) < probabilities
    threshold = choose_sure_from(probabilities, is_right)
    assert is_right[probabilities >= threshold].mean() > 0.75
    assert SURE_AT_LEAST <= threshold < 0.7
    assert choose_sure_from(np.full(50, 0.4), np.zeros(50, bool)) == SURE_AT_MOST


def test_what_few_cases_just_reach_is_not_sure() -> None:
    assert lower_bound(28, 32) == pytest.approx(0.7489, abs=1e-3)  # 87.5 %, and still not 75 % for certain
    assert lower_bound(280, 320) > 0.84
    few, many = np.full(32, 0.7), np.full(320, 0.7)
    assert choose_sure_from(few, np.arange(32) < 28) == SURE_AT_MOST
    assert choose_sure_from(many, np.arange(320) < 280) == SURE_AT_LEAST


def test_the_figures() -> None:
    found = measure_sureness([0.9, 0.8, 0.2], [True, False, False], [True, True, False])
    assert (found["sure_share"], found["sure_right"]) == (66.67, 50.0)
    assert found["ece"] == pytest.approx((0.1 + 0.8 + 0.2) / 3, abs=1e-4)
    assert found["reliability"] == [[20.0, 0.0, 1], [80.0, 0.0, 1], [90.0, 100.0, 1]]


def test_a_correction_never_turns_answers_round() -> None:
    wrong_way = fit_correction([0.9] * 50 + [0.1] * 50, [False] * 50 + [True] * 50)
    assert wrong_way == []
    assert fit_correction([0.9] * 5, [True] * 5) == []
    assert fit_correction([0.9] * 60, [True] * 60) == []
