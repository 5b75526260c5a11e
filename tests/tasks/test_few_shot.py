"""A label from a few vectors: its direction, its threshold, and what is told with each example left out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from videobert_demo.tasks.few_shot import MAX_TAKEN, fit_label

WIDTH = 32


def around(centre: int, count: int, spread: float, seed: int) -> NDArray[np.float32]:
    """Unit vectors near an axis."""
    noise = np.random.default_rng(seed).standard_normal((count, WIDTH)) * spread
    vectors = np.eye(WIDTH)[centre] + noise
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def test_what_is_alike_is_found_and_what_is_not_is_not() -> None:
    fit = fit_label(around(0, 5, 0.1, seed=1), around(1, 60, 0.1, seed=2))
    assert np.linalg.norm(fit.direction) == pytest.approx(1, abs=1e-5)
    assert (around(0, 200, 0.1, seed=3) @ fit.direction >= fit.threshold).mean() > 0.98
    assert (around(1, 200, 0.1, seed=4) @ fit.direction >= fit.threshold).mean() < 0.02
    assert (fit.found, fit.examples, fit.taken, fit.others, fit.accuracy) == (5, 5, 0, 60, 1.0)


@pytest.mark.parametrize("spread", [0.3, 0.5, 2.0])
def test_left_out_scores_are_those_of_fits_without_the_vector(spread: float) -> None:
    """Each closed form against a fit that is made anew without the vector."""
    examples, others = around(0, 4, spread, seed=5), around(1, 40, spread, seed=6)
    smoothing = 2.0
    covariance = np.cov(others.T.astype(np.float64))
    smooth = np.eye(WIDTH) * (smoothing * np.trace(covariance) / WIDTH + 1e-6)
    shrunk = covariance + smooth
    scores = []
    for index, one in enumerate(examples):
        difference = np.delete(examples, index, 0).mean(0) - others.mean(0)
        direction = np.linalg.solve(shrunk, difference)
        scores.append(one @ direction / np.linalg.norm(direction))
    negatives = []
    for index, one in enumerate(others):
        rest = np.delete(others, index, 0).astype(np.float64)
        direction = np.linalg.solve(np.cov(rest.T) * 38 / 39 + smooth, examples.mean(0) - rest.mean(0))
        negatives.append(one @ direction / np.linalg.norm(direction))
    fit = fit_label(examples, others, smoothing=smoothing)
    assert fit.taken == int((np.array(negatives) >= fit.threshold).sum())
    right = ((np.array(scores) >= fit.threshold).mean() + (np.array(negatives) < fit.threshold).mean()) / 2
    places = np.sort(np.concatenate([scores, negatives]))
    best = max(
        ((np.array(scores) >= place).mean() + (np.array(negatives) < place).mean()) / 2
        for place in places + 1e-9
        if (np.array(negatives) >= place).mean() <= MAX_TAKEN
    )
    assert right == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("spread", [0.2, 0.6])
@pytest.mark.parametrize("count", [7, 70, 300])
def test_of_others_at_most_a_tenth_is_taken_also_of_those_that_were_not_shown(spread: float, count: int) -> None:
    fits = [fit_label(around(0, 5, spread, seed), around(1, count, spread, 50 + seed)) for seed in range(20)]
    assert max(fit.taken / fit.others for fit in fits) <= MAX_TAKEN
    unseen = around(1, 2000, spread, seed=1000)
    assert np.mean([(unseen @ fit.direction >= fit.threshold).mean() for fit in fits]) < MAX_TAKEN + 0.03


def test_of_mere_noise_nothing_good_is_told() -> None:
    """Examples that have nothing in common: a threshold that suits them must not make them look learned."""
    told = [fit_label(around(0, 6, 5.0, seed=seed), around(0, 80, 5.0, seed=100 + seed)).accuracy for seed in range(30)]
    assert 0.35 < np.mean(told) < 0.65


@pytest.mark.parametrize(("examples", "others"), [(2, 10), (3, 1), (0, 0)])
def test_too_few_are_refused(examples: int, others: int) -> None:
    with pytest.raises(ValueError, match="3 examples and 2 others"):
        fit_label(around(0, examples, 0.1, 1), around(1, others, 0.1, 2))
