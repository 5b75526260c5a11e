"""A map of the visual words: each a point, so that words of segments that look alike lie together.

    centroids (K, C) -> the two directions in which they differ most (principal components) -> points in [0, 1] x [0, 1]

It knows centroids and names. It does not know model, clip or page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videobert_demo.types.visual_words import VisualWord

_NAMES = 2


@dataclass(frozen=True, slots=True)
class Landmark:
    """What the visual words of one branch of the tree are about.

    Attributes:
        name: A few words.
        x, y: The middle of its visual words, in [0, 1]; y counts downwards.
    """

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, eq=False)
class CodebookMap:
    """All visual words that are in use.

    Attributes:
        words: K of them.
        points: (K, 2) float64 in [0, 1]: x, and y downwards.
        landmarks: Of the tree's first branches those whose visual words have names.
    """

    words: tuple[VisualWord, ...]
    points: NDArray[np.float64]
    landmarks: tuple[Landmark, ...]

    def point_of(self, word_id: int) -> tuple[float, float] | None:
        """Where a visual word lies; None if it is not in use."""
        for word, (x, y) in zip(self.words, self.points.tolist(), strict=True):
            if word.word_id == word_id:
                return x, y
        return None


def draw_map(words: Sequence[VisualWord], centroids: NDArray[np.float32], branch_size: int) -> CodebookMap:
    """Lays out the words.

    Args:
        words: K of them.
        centroids: (codebook size, C) float32, by the words' ids.
        branch_size: How many ids there are below one of the tree's first branches.
    """
    points = project(centroids[[word.word_id for word in words]]) if words else np.zeros((0, 2))
    return CodebookMap(tuple(words), points, tuple(_landmarks(words, points, branch_size)))


def project(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """(K, C) -> (K, 2) in [0, 1]: the first two principal components, each from its least value to its largest."""
    centred = vectors.astype(np.float64) - vectors.mean(0, dtype=np.float64)
    scores = centred @ centred.T  # (K, K), whose eigenvectors are the components' scores: K is less than C
    values, axes = np.linalg.eigh(scores)
    points = np.full((len(vectors), 2), 0.5)
    for column, index in enumerate(np.argsort(values)[::-1][:2]):
        axis = axes[:, index] * np.sign(axes[np.abs(axes[:, index]).argmax(), index])  # otherwise the sign is arbitrary
        spread = float(np.ptp(axis))
        points[:, column] = (axis - axis.min()) / spread if spread > 0 else 0.5
    return points


def _landmarks(words: Sequence[VisualWord], points: NDArray[np.float64], branch_size: int) -> list[Landmark]:
    """For each branch the names that are frequent among its words, and rarer among those of other branches."""
    branches = [word.word_id // branch_size for word in words]
    everywhere = Counter(name for word in words for name in word.names)
    found = []
    for branch in sorted(set(branches)):
        rows = [row for row, one in enumerate(branches) if one == branch]
        here = Counter(name for row in rows for name in words[row].names)
        best = sorted(here, key=lambda name: (-here[name] * here[name] / everywhere[name], name))[:_NAMES]
        if best:
            x, y = np.median(points[rows], axis=0).tolist()
            found.append(Landmark(", ".join(best), x, y))
    return found
