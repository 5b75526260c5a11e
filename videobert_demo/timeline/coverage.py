"""Chooses the few scenes that together cover a clip best: facility location, by the greedy method.

A set S of scenes covers the clip as well as each of its scenes i is like the nearest chosen one, weighed by how long i
plays:

    coverage(S) = sum_i seconds_i max_{j in S} similarity(i, j) / sum_i seconds_i

Greedily adding the scene that raises it most comes within 1 - 1/e of the best set (Nemhauser, Wolsey and Fisher 1978,
doi 10.1007/BF01588971). Knows vectors and lengths; knows nothing about pictures or sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Covering:
    """What was chosen.

    Attributes:
        indices: Those of the chosen, the most telling first.
        coverage: How well the first, the first two, ... cover everything, in [0, 1].
    """

    indices: tuple[int, ...]
    coverage: tuple[float, ...]


def cover(vectors: NDArray[np.float32], seconds: NDArray[np.float64], count: int) -> Covering:
    """Chooses scenes.

    Args:
        vectors: float32 (N, D) of length 1, N >= 1.
        seconds: float64 (N,), positive: how long each plays.
        count: How many are wanted, >= 1; there are fewer if there are not as many, or if the rest adds nothing.
    """
    if vectors.ndim != 2 or not len(vectors) or seconds.shape != (len(vectors),) or not (seconds > 0).all():
        raise ValueError(f"expected vectors (N, D) and positive seconds (N,), got {vectors.shape} and {seconds}")
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    similar = np.clip((vectors @ vectors.T).astype(np.float64), 0.0, 1.0)  # (N, N)
    weights = seconds / seconds.sum()
    covered = np.zeros(len(vectors))
    indices, coverage = list[int](), list[float]()
    while len(indices) < min(count, len(vectors)):
        gains = weights @ np.maximum(similar - covered[:, None], 0.0)  # (N,)
        best = int(np.argmax(gains))
        if indices and gains[best] < 1e-6:
            break
        indices.append(best)
        covered = np.maximum(covered, similar[:, best])
        coverage.append(min(1.0, float(weights @ covered)))
    return Covering(tuple(indices), tuple(coverage))
