"""Visual words: hierarchical k-means over pooled frame features (VideoBERT, arXiv 1904.01766, section 3.2).

    level 1:        0           1           2          branching = 3
    level 2:    0   1   2   3   4   5   6   7   8      word = path through the tree

Knows vectors and ids only; nothing about clips or the encoder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

MOST_AT_ONCE = 50_000
"""More vectors than this are clustered in batches, so that they need not fit in memory."""
PASSES = 3


class Vectors(Protocol):
    """(N, C) in any precision, in memory or mapped from files, read by rows."""

    def __len__(self) -> int:
        """N."""

    def __getitem__(self, rows: NDArray[np.int64], /) -> NDArray[np.floating[Any]]:
        """(n, C)."""


@dataclass(frozen=True)
class KMeansResult:
    """centroids (k, C) float32 with k <= the number asked for, assignments (N,) int64."""

    centroids: NDArray[np.float32]
    assignments: NDArray[np.int64]


def _squared_distances(vectors: NDArray[np.float32], centroids: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, C), (k, C) -> (N, k)."""
    products = vectors @ centroids.T
    distances = (vectors**2).sum(1)[:, None] - 2 * products + (centroids**2).sum(1)[None]
    clipped: NDArray[np.float32] = np.maximum(distances, 0.0, dtype=np.float32)
    return clipped


def fit_kmeans(vectors: NDArray[np.float32], clusters: int, *, seed: int = 0, iterations: int = 25) -> KMeansResult:
    """Lloyd's k-means with k-means++ seeding (arXiv cs/0409003 is the seeding's survey; Arthur & Vassilvitskii 2007).

    Gives fewer clusters than asked when there are fewer distinct vectors; never an empty one.

    Args:
        vectors: (N, C) with N >= 1.
    """
    if vectors.ndim != 2 or len(vectors) == 0:
        raise ValueError(f"expected (N, C) vectors with N >= 1, got shape {vectors.shape}")
    random = np.random.default_rng(seed)
    chosen = [int(random.integers(len(vectors)))]
    nearest = _squared_distances(vectors, vectors[chosen])[:, 0]
    while len(chosen) < clusters:
        # rounding leaves tiny positive distances between equal vectors; they must not become clusters of their own
        weights = np.where(nearest > 1e-6 * max(1.0, float(nearest.max())), nearest, 0.0).astype(np.float64)
        if weights.sum() == 0:
            break
        chosen.append(int(random.choice(len(vectors), p=weights / weights.sum())))
        nearest = np.minimum(nearest, _squared_distances(vectors, vectors[chosen[-1:]])[:, 0])
    centroids = vectors[chosen].copy()
    assignments = np.full(len(vectors), -1, dtype=np.int64)
    for _ in range(iterations):
        updated = _squared_distances(vectors, centroids).argmin(1)
        if np.array_equal(updated, assignments):
            break
        assignments = updated
        used = np.unique(assignments)
        centroids = np.stack([vectors[assignments == cluster].mean(0) for cluster in used]).astype(np.float32)
        assignments = np.searchsorted(used, assignments)
    assignments = _squared_distances(vectors, centroids).argmin(1)
    return KMeansResult(centroids, assignments)


def fit_kmeans_in_batches(
    vectors: Vectors, rows: NDArray[np.int64], clusters: int, *, seed: int = 0, at_once: int = MOST_AT_ONCE
) -> KMeansResult:
    """Mini-batch k-means (Sculley, WWW 2010): each centroid is the running mean of the vectors that it was nearest to.

    Args:
        vectors: (N, C).
        rows: which of them count; the assignments are theirs.
        at_once: so many are read at a time; the first batch gives the first centroids.
    """
    random = np.random.default_rng(seed)
    first = np.sort(random.choice(rows, min(at_once, len(rows)), replace=False))
    centroids = fit_kmeans(_read(vectors, first), clusters, seed=seed).centroids
    counts = np.zeros(len(centroids))
    for _ in range(PASSES):
        for part in _parts(random.permutation(rows), at_once):
            batch = _read(vectors, np.sort(part))
            nearest = _squared_distances(batch, centroids).argmin(1)
            for cluster in np.unique(nearest):
                members = batch[nearest == cluster]
                counts[cluster] += len(members)
                centroids[cluster] += (members.mean(0) - centroids[cluster]) * (len(members) / counts[cluster])
    parts = [_squared_distances(_read(vectors, part), centroids).argmin(1) for part in _parts(rows, at_once)]
    used, assignments = np.unique(np.concatenate(parts), return_inverse=True)
    return KMeansResult(centroids[used], assignments.astype(np.int64))


def _parts(rows: NDArray[np.int64], size: int) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _read(vectors: Vectors, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.asarray(vectors[rows], dtype=np.float32)


class VisualCodebook(nn.Module):
    """A fitted hierarchy: per level the centroids of all nodes; absent children are marked and never chosen.

    `words` counts the leaves in use; ids run from 0 to branching ** levels - 1, not all of them in use.
    """

    def __init__(self, branching: int, levels: int, channels: int) -> None:
        super().__init__()
        self.branching = branching
        self.levels = levels
        for level in range(levels):
            nodes = branching ** (level + 1)
            self.register_buffer(f"centroids_{level}", torch.zeros(nodes, channels))
            self.register_buffer(f"present_{level}", torch.zeros(nodes, dtype=torch.bool))

    def centroids(self, level: int) -> Tensor:
        """(branching ** (level + 1), C)."""
        return self.get_buffer(f"centroids_{level}")

    def present(self, level: int) -> Tensor:
        """(branching ** (level + 1),) bool."""
        return self.get_buffer(f"present_{level}")

    @property
    def size(self) -> int:
        """How many words there can be."""
        return int(self.branching**self.levels)

    @property
    def words(self) -> int:
        """How many words there are."""
        return int(self.present(self.levels - 1).sum())

    def shared_levels(self, first: int, second: int) -> int:
        """How many levels of the tree two words share: all if they are the same, 0 if they part at the root."""
        for levels in range(self.levels, 0, -1):
            if first == second:
                return levels
            first, second = first // self.branching, second // self.branching
        return 0

    @torch.no_grad()
    def fit(self, vectors: Vectors, *, seed: int = 0, at_once: int = MOST_AT_ONCE) -> int:
        """Fits all levels to (N, C) vectors; returns the number of words in use (fewer than `size` for few vectors).

        A node of more than `at_once` vectors is split by mini-batches, so no more are in memory at a time.
        """
        groups = {0: np.arange(len(vectors), dtype=np.int64)}
        for level in range(self.levels):
            self.centroids(level).zero_()
            self.present(level).zero_()
            children: dict[int, NDArray[np.int64]] = {}
            for node, rows in groups.items():
                if len(rows) > at_once:
                    result = fit_kmeans_in_batches(vectors, rows, self.branching, seed=seed + node, at_once=at_once)
                else:
                    result = fit_kmeans(_read(vectors, rows), self.branching, seed=seed + node)
                for child, centroid in enumerate(result.centroids):
                    index = node * self.branching + child
                    self.centroids(level)[index] = torch.from_numpy(centroid)
                    self.present(level)[index] = True
                    members = rows[result.assignments == child]
                    if len(members):
                        children[index] = members
            groups = children
        return self.words

    @torch.no_grad()
    def forward(self, vectors: Tensor) -> Tensor:
        """(..., C) float -> ids (...) int64, by walking down the tree. An unfitted codebook gives 0 everywhere."""
        flat = vectors.reshape(-1, vectors.shape[-1]).float()  # (N, C)
        node = torch.zeros(len(flat), dtype=torch.long, device=flat.device)
        for level in range(self.levels):
            children = node[:, None] * self.branching + torch.arange(self.branching, device=flat.device)  # (N, b)
            centroids = self.centroids(level).float()
            # the distance to all nodes of a level is one product; then only the own children count
            distances = (centroids**2).sum(1)[None] - 2 * flat @ centroids.T  # (N, nodes), up to a term without effect
            distances = distances.gather(1, children)
            distances = distances.masked_fill(~self.present(level)[children], float("inf"))
            node = children.gather(1, distances.argmin(1, keepdim=True))[:, 0]
        return node.reshape(vectors.shape[:-1])
