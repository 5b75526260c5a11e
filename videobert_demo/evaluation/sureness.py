"""Probabilities of being right: fitted on held-out cases, and measured. Knows numbers only.

The expected calibration error is that of Guo et al., arXiv 1706.04599, equation 3, over bins of equal size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from videobert_demo.evaluation.metrics import accuracy_percent
from videobert_demo.tasks.sureness import log_odds

WANTED_RIGHT = 0.75
"""How many of the sure cases are to be right."""
_Z = 1.645
"""Of a one-sided bound that holds in 95 % of all samples."""
SURE_AT_LEAST, SURE_AT_MOST = 0.6, 0.95
"""Nothing less likely is sure, however often the likelier ones are right; nothing at all is, beyond the second."""
BINS = 10
_NEWTON_STEPS = 50
_MIN_SURE = 10
_MIN_CORRECTED = 50


def fit_weights(
    values: NDArray[np.float64],
    is_right: NDArray[np.bool_],
    ridge: float = 1.0,
    case_weights: NDArray[np.float64] | None = None,
) -> list[float]:
    """Fits p(right) = sigmoid(offset + weights . values) by Newton's method, with a ridge on the scaled weights.

    Args:
        values: (n, k). is_right: (n,).
        case_weights: how much each case counts, (n,); None if all count alike.

    Returns:
        The offset and k weights.

    Raises:
        ValueError: all cases are right, or none.
    """
    if is_right.all() or not is_right.any():
        raise ValueError("right and wrong cases are needed")
    mean, spread = values.mean(0), np.where(values.std(0) > 0, values.std(0), 1.0)
    inputs = np.concatenate([np.ones((len(values), 1)), (values - mean) / spread], axis=1)  # (n, 1 + k)
    counted = np.ones(len(values)) if case_weights is None else case_weights
    penalty = ridge * np.diag([0.0, *np.ones(values.shape[1])])
    weights = np.zeros(inputs.shape[1])
    for _ in range(_NEWTON_STEPS):
        probabilities = 1 / (1 + np.exp(-(inputs @ weights).clip(-50, 50)))
        gradient = inputs.T @ (counted * (is_right - probabilities)) - penalty @ weights
        curvature = (inputs * (counted * probabilities * (1 - probabilities))[:, None]).T @ inputs + penalty
        weights = weights + np.linalg.solve(curvature + 1e-9 * np.eye(len(weights)), gradient)
    scaled = weights[1:] / spread
    return [float(weights[0] - scaled @ mean), *scaled.tolist()]


def fit_correction(probabilities: Sequence[float], is_right: Sequence[bool]) -> list[float]:
    """Offset and slope that make probabilities those of being right (tasks/sureness.py); none if the order turns.

    Args:
        probabilities: of n cases. is_right: of the same.
    """
    right = np.array(is_right, dtype=bool)
    if len(right) < _MIN_CORRECTED or right.all() or not right.any():
        return []
    offset, slope = fit_weights(np.array([[log_odds(one)] for one in probabilities]), right)
    return [round(offset, 4), round(slope, 4)] if slope > 0 else []


def apply_weights(numbers: Sequence[float], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probabilities (n,) by an offset and weights, of values (n, k)."""
    return np.asarray(1 / (1 + np.exp(-(numbers[0] + values @ np.array(numbers[1:])).clip(-50, 50))))


def choose_sure_from(probabilities: NDArray[np.float64], is_right: NDArray[np.bool_]) -> float:
    """The least probability from which on WANTED_RIGHT are right for certain; SURE_AT_MOST where there is none.

    "For certain" is the lower bound of Wilson (1927, J. Am. Stat. Assoc. 22) at 95 %: a share that held-out cases only
    just reach is missed on others in half of all samples. Captions, answers and labels are measured by this one rule.

    Args:
        probabilities: of n held-out cases that they were not fitted to, or of so many that it does not matter.
        is_right: of the same.
    """
    for threshold in np.arange(SURE_AT_LEAST, SURE_AT_MOST, 0.01):
        sure = probabilities >= threshold
        if sure.sum() < _MIN_SURE:
            break
        if lower_bound(int(is_right[sure].sum()), int(sure.sum())) >= WANTED_RIGHT:
            return round(float(threshold), 2)
    return SURE_AT_MOST


def lower_bound(right: int, count: int, z: float = _Z) -> float:
    """The least share of right cases that `right` of `count` leave room for, after Wilson; `count` is at least 1."""
    share, squared = right / count, z * z / count
    spread = z * math.sqrt(share * (1 - share) / count + squared / count / 4)
    return (share + squared / 2 - spread) / (1 + squared)


def measure_sureness(
    probabilities: Sequence[float], is_right: Sequence[bool], is_sure: Sequence[bool]
) -> dict[str, Any]:
    """How far probabilities can be believed.

    Returns:
        "ece", the expected calibration error in [0, 1]; "reliability", the curve: of each tenth of the range [mean
        probability in percent, percent that are right, how many cases]; in percent, "sure_share" of the cases, and
        "sure_right" of those that are sure.
    """
    sure, right = np.array(is_sure, dtype=bool), np.array(is_right, dtype=bool)
    said = np.array(probabilities)
    return {
        "ece": round(calibration_error(said, right), 4),
        "reliability": [[round(100 * p, 1), round(100 * share, 1), n] for p, share, n in reliability(said, right)],
        "sure_share": accuracy_percent(sure),
        "sure_right": accuracy_percent(right[sure]),
    }


def reliability(probabilities: NDArray[np.float64], is_right: NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    """For each tenth of the range that has cases: mean probability, share that is right, how many cases."""
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    return [
        (float(probabilities[bins == one].mean()), float(is_right[bins == one].mean()), int((bins == one).sum()))
        for one in range(BINS)
        if (bins == one).any()
    ]


def calibration_error(probabilities: NDArray[np.float64], is_right: NDArray[np.bool_]) -> float:
    """The mean over all cases of how far their bin's mean probability is from the share that is right there."""
    total = sum(count * abs(probability - right) for probability, right, count in reliability(probabilities, is_right))
    return total / len(probabilities) if len(probabilities) else 0.0
