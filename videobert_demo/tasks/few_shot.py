"""A label that a person teaches with a few examples, on frozen vectors: a direction and a threshold.

    direction = normalise(A^-1 (mean of the examples - mean of the others)),   A = covariance of the others + smoothing

This is linear discriminant analysis with a covariance that is shrunk towards a multiple of the identity (Friedman 1989,
Regularized discriminant analysis, eq. 18), whose scores with one vector left out have a closed form. What is reported
of a label is therefore how it does on vectors that it was not shown, and the threshold can keep a promise: at most a
tenth of what does not have the label is taken for it. The direction is a vector like that of a sentence, so whatever
finds a sentence finds a label. Knows arrays; knows no model, no library.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MIN_EXAMPLES = 3
SMOOTHING = 5.0
"""What is added to the covariance's diagonal, as a multiple of its mean. See `evaluate labels`."""
MAX_TAKEN = 0.1
"""The largest share of vectors without the label that may be taken for it. See `evaluate labels`."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelFit:
    """What was learned of a label, and how well it told each example and each other vector that it was not shown.

    Attributes:
        direction: float32 (D,), unit length; a vector's score is its dot product with it.
        threshold: from this score on the label fits, in [-1, 1].
        found: how many examples the other examples find.
        examples: how many there are.
        taken: how many of the other vectors are taken for one.
        others: how many other vectors there are.
    """

    direction: NDArray[np.float32]
    threshold: float
    found: int
    examples: int
    taken: int
    others: int

    @property
    def accuracy(self) -> float:
        """Mean of the share of examples that are found and of others that are not, each left out, in [0, 1]."""
        return (self.found / self.examples + 1 - self.taken / self.others) / 2


def fit_label(examples: NDArray[np.float32], others: NDArray[np.float32], *, smoothing: float = SMOOTHING) -> LabelFit:
    """Learns a label.

    Args:
        examples: (N, D), unit vectors of what has the label, N >= MIN_EXAMPLES.
        others: (M, D), unit vectors of what does not, M >= 2.
        smoothing: the larger, the nearer is the direction to the difference of the means.

    Raises:
        ValueError: there are too few vectors.
    """
    if len(examples) < MIN_EXAMPLES or len(others) < 2:
        raise ValueError(f"a label needs {MIN_EXAMPLES} examples and 2 others, got {len(examples)} and {len(others)}")
    shown, rest = examples.astype(np.float64), others.astype(np.float64)
    shrunk = np.cov(rest.T)
    shrunk.flat[:: len(shrunk) + 1] += smoothing * np.trace(shrunk) / len(shrunk) + 1e-6
    turned = np.linalg.solve(shrunk, np.concatenate([shown, rest]).T).T  # (N + M, D), A^-1 times each vector
    turned_shown, turned_rest = turned[: len(shown)], turned[len(shown) :]
    mean_shown, mean_rest = turned_shown.mean(0), turned_rest.mean(0)
    found = _examples_left_out(shown, turned_shown, mean_rest)
    taken = _others_left_out(rest, turned_rest, mean_shown)
    threshold = _best_threshold(found, taken)
    return LabelFit(
        np.asarray(_unit(mean_shown - mean_rest), np.float32),
        threshold,
        # With an example left out the threshold is another one, too.
        sum(bool(score >= _best_threshold(np.delete(found, at), taken)) for at, score in enumerate(found)),
        len(found),
        int((taken >= threshold).sum()),
        len(taken),
    )


def _examples_left_out(
    examples: NDArray[np.float64], turned: NDArray[np.float64], mean_others: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Score (N,) of each example by the direction that is learned without it. All vectors but `examples` are turned."""
    directions = (turned.sum(0) - turned) / (len(examples) - 1) - mean_others
    return np.asarray((examples * _unit(directions)).sum(1))


def _others_left_out(
    others: NDArray[np.float64], turned: NDArray[np.float64], mean_examples: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Score (M,) of each other vector by the direction that is learned without it, in mean and covariance.

    Without x_j, at a distance d from the mean, the covariance is A - k d d^T but for a factor, with k = M / (M-1)^2.
    Its inverse follows from A^-1 (Sherman and Morrison 1950): to A^-1 v comes  k A^-1 d (d.A^-1 v) / (1 - k d.A^-1 d).
    """
    count = len(others)
    directions = mean_examples - (turned.sum(0) - turned) / (count - 1)
    distances, turned_distances = others - others.mean(0), turned - turned.mean(0)
    share = count / (count - 1) ** 2
    own = share * (distances * directions).sum(1) / (1 - share * (distances * turned_distances).sum(1))
    return np.asarray((others * _unit(directions + own[:, None] * turned_distances)).sum(1))


def _best_threshold(found: NDArray[np.float64], taken: NDArray[np.float64]) -> float:
    """The middle between the two scores that separate examples from others best; the middle one of several such.

    A threshold counts only if at most `MAX_TAKEN` of the vectors without the label lie above it.
    """
    scores = np.unique(np.concatenate([found, taken]))
    thresholds = np.append((scores[1:] + scores[:-1]) / 2, scores[-1] + 1e-6)  # the last is above all
    wrong = (taken[:, None] >= thresholds).mean(0)
    right = np.where(wrong <= MAX_TAKEN, (found[:, None] >= thresholds).mean(0) - wrong, -np.inf)
    best = np.flatnonzero(right >= right.max() - 1e-9)
    return float((thresholds[best[0]] + thresholds[best[-1]]) / 2)


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each vector along the last axis with length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))
