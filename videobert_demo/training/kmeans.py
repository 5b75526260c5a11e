"""Fits a codebook of visual words: hierarchical k-means (VideoBERT, arXiv 1904.01766, section 3.2) by scikit-learn.

    level 1:    all vectors -> k clusters
    level 2:    each cluster's vectors -> k clusters of its own            .. and so on down to the last level

Knows vectors and clusters; looking a word up, which the app does too, is in model/visual_words.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.cluster import KMeans, MiniBatchKMeans
from threadpoolctl import threadpool_limits

from videobert_demo.model.visual_words import VisualCodebook

MAX_VECTORS_AT_ONCE = 50_000
"""More vectors than this are clustered in batches, so that they need not fit in memory."""
PASSES = 3
_ROWS_COUNTED = 1024


class Vectors(Protocol):
    """(N, C) in any precision, in memory or mapped from files, read by rows."""

    def __len__(self) -> int:
        """The number N."""

    def __getitem__(self, rows: NDArray[np.int64], /) -> NDArray[np.floating[Any]]:
        """(n, C)."""


@dataclass(frozen=True)
class Clusters:
    """At most k clusters of N vectors, none of them empty.

    Attributes:
        centroids: (k, C) float32.
        assignments: (N,) int64, the cluster of each vector.
    """

    centroids: NDArray[np.float32]
    assignments: NDArray[np.int64]


@torch.no_grad()
def fit_codebook(
    codebook: VisualCodebook, vectors: Vectors, *, seed: int = 0, at_once: int = MAX_VECTORS_AT_ONCE
) -> int:
    """Fits all levels of a codebook, in place.

    Args:
        vectors: (N, C), N >= 1.
        at_once: how many vectors may be in memory at a time; a node with more is split in batches.

    Returns:
        How many words are in use: fewer than `codebook.size` where there are few vectors.
    """
    groups = {0: np.arange(len(vectors), dtype=np.int64)}
    for level in range(codebook.levels):
        codebook.centroids(level).zero_()
        codebook.present(level).zero_()
        children: dict[int, NDArray[np.int64]] = {}
        for node, rows in groups.items():
            if len(rows) > at_once:
                found = cluster_in_batches(vectors, rows, codebook.branching, seed=seed + node, at_once=at_once)
            else:
                found = cluster(_read(vectors, rows), codebook.branching, seed=seed + node)
            for child, centroid in enumerate(found.centroids):
                index = node * codebook.branching + child
                codebook.centroids(level)[index] = torch.from_numpy(centroid)
                codebook.present(level)[index] = True
                children[index] = rows[found.assignments == child]
        groups = children
    return codebook.words


def cluster(vectors: NDArray[np.float32], clusters: int, *, seed: int = 0) -> Clusters:
    """Lloyd's k-means with k-means++ seeding; the same on any number of cores.

    Args:
        vectors: (N, C), N >= 1.
        clusters: how many are wanted; fewer come back when there are fewer different vectors.
    """
    if vectors.ndim != 2 or len(vectors) == 0:
        raise ValueError(f"expected (N, C) vectors with N >= 1, got shape {vectors.shape}")
    wanted = _count_different(vectors, clusters)
    with threadpool_limits(limits=1, user_api="openmp"):  # several threads would add up in any order
        fitted = KMeans(wanted, n_init=1, random_state=seed).fit(vectors)
    return _without_empty(fitted.cluster_centers_, fitted.labels_)


def cluster_in_batches(
    vectors: Vectors, rows: NDArray[np.int64], clusters: int, *, seed: int = 0, at_once: int = MAX_VECTORS_AT_ONCE
) -> Clusters:
    """Mini-batch k-means (Sculley, WWW 2010), started from `cluster` of the first batch.

    Args:
        vectors: (N, C).
        rows: which of them count; the assignments are theirs.
        at_once: how many are read at a time.
    """
    random = np.random.default_rng(seed)
    first = np.sort(random.choice(rows, min(at_once, len(rows)), replace=False))
    start = cluster(_read(vectors, first), clusters, seed=seed).centroids
    fitted = MiniBatchKMeans(len(start), init=start, n_init=1, reassignment_ratio=0.0, random_state=seed)
    with threadpool_limits(limits=1, user_api="openmp"):
        for _ in range(PASSES):
            for part in _parts(random.permutation(rows), at_once):
                fitted.partial_fit(_read(vectors, np.sort(part)))
        labels = [fitted.predict(_read(vectors, part)) for part in _parts(rows, at_once)]
    return _without_empty(fitted.cluster_centers_, np.concatenate(labels))


def _count_different(vectors: NDArray[np.float32], most: int) -> int:
    """How many different vectors there are, counted up to `most`."""
    found = vectors[:0]
    for start in range(0, len(vectors), _ROWS_COUNTED):
        found = np.unique(np.concatenate([found, vectors[start : start + _ROWS_COUNTED]]), axis=0)
        if len(found) >= most:
            return most
    return len(found)


def _without_empty(centroids: NDArray[np.floating[Any]], labels: NDArray[np.integer[Any]]) -> Clusters:
    used, assignments = np.unique(labels, return_inverse=True)
    return Clusters(centroids[used].astype(np.float32), assignments.astype(np.int64))


def _parts(rows: NDArray[np.int64], size: int) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _read(vectors: Vectors, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.asarray(vectors[rows], dtype=np.float32)
