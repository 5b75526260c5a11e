"""Hierarchical k-means: fits few and many vectors, all at once and in batches."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from videobert_demo.model.visual_words import VisualCodebook
from videobert_demo.training.kmeans import cluster, cluster_in_batches, fit_codebook


def draw_blobs(centres: int, each: int, channels: int = 6, *, seed: int = 0) -> NDArray[np.float32]:
    """`each` vectors around each of `centres` points that lie far apart."""
    random = np.random.default_rng(seed)
    means = random.normal(size=(centres, 1, channels)) * 20
    return (means + random.normal(size=(centres, each, channels)) * 0.1).reshape(-1, channels).astype(np.float32)


def mixed_blobs(centres: int, each: int) -> NDArray[np.float16]:
    """The same in half precision and mixed order."""
    vectors = draw_blobs(centres, each)
    return vectors[np.random.default_rng(1).permutation(len(vectors))].astype(np.float16)


def test_kmeans_finds_the_blobs() -> None:
    vectors = draw_blobs(5, 20)
    result = cluster(vectors, 5)
    assert result.centroids.shape == (5, 6)
    by_blob = result.assignments.reshape(5, 20)
    assert (by_blob == by_blob[:, :1]).all()
    assert len(set(by_blob[:, 0].tolist())) == 5
    means = vectors.reshape(5, 20, 6).mean(1)
    np.testing.assert_allclose(result.centroids[by_blob[:, 0]], means, atol=1e-4)


def test_kmeans_is_the_same_for_the_same_seed() -> None:
    vectors = np.random.default_rng(3).random((60, 4), dtype=np.float32)
    first, again, other = (cluster(vectors, 7, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.centroids, again.centroids)
    assert not np.array_equal(first.centroids, other.centroids)


def test_no_cluster_is_empty_and_each_vector_is_with_its_nearest() -> None:
    vectors = np.random.default_rng(4).random((200, 3), dtype=np.float32)
    result = cluster(vectors, 16)
    assert np.unique(result.assignments).tolist() == list(range(len(result.centroids)))
    distances = ((vectors[:, None] - result.centroids[None]) ** 2).sum(-1)
    chosen = distances[np.arange(200), result.assignments]
    np.testing.assert_allclose(chosen, distances.min(1), atol=1e-5)


@pytest.mark.parametrize(("vectors", "clusters"), [(1, 1), (2, 2), (10, 8)])
def test_fewer_vectors_than_words_give_fewer_words(vectors: int, clusters: int) -> None:
    drawn = np.random.default_rng(vectors).normal(size=(vectors, 5)).astype(np.float32)
    assert len(cluster(drawn, 8).centroids) == clusters
    codebook = VisualCodebook(8, 3, 5)
    assert fit_codebook(codebook, drawn) == codebook.words == vectors
    assert len(set(codebook(torch.from_numpy(drawn)).tolist())) == vectors


@pytest.mark.parametrize("copies", [1, 2, 10, 300])
def test_equal_vectors_share_one_word(copies: int) -> None:
    drawn = np.repeat(np.random.default_rng(0).normal(size=(3, 1280)) * 2, copies, axis=0).astype(np.float32)
    assert len(cluster(drawn, 8).centroids) == 3
    codebook = VisualCodebook(8, 3, 1280)
    assert fit_codebook(codebook, drawn) == 3
    words = codebook(torch.from_numpy(drawn)).reshape(3, copies)
    assert (words == words[:, :1]).all()


def test_fitting_again_forgets_the_first_fit() -> None:
    codebook = VisualCodebook(4, 2, 6)
    assert fit_codebook(codebook, draw_blobs(12, 3)) > 4
    assert fit_codebook(codebook, draw_blobs(1, 1)) == 1


def test_no_vectors_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match="N >= 1"):
        cluster(np.zeros((0, 4), dtype=np.float32), 2)


def test_batches_find_the_same_blobs_as_all_at_once() -> None:
    vectors = mixed_blobs(5, 60)
    whole, parts = VisualCodebook(5, 1, 6), VisualCodebook(5, 1, 6)
    assert fit_codebook(whole, vectors) == fit_codebook(parts, vectors, at_once=40) == 5
    told = [book(torch.from_numpy(vectors.astype(np.float32))).numpy() for book in (whole, parts)]
    pairs = {(int(first), int(second)) for first, second in zip(*told, strict=True)}
    assert len(pairs) == 5
    for first, second in pairs:
        np.testing.assert_allclose(whole.centroids(0)[first], parts.centroids(0)[second], atol=0.1)


def test_no_more_vectors_are_read_at_a_time_than_allowed() -> None:
    class Counted:
        """Remembers how many rows were read at once."""

        def __init__(self) -> None:
            self.vectors, self.most = mixed_blobs(6, 50), 0

        def __len__(self) -> int:
            return len(self.vectors)

        def __getitem__(self, rows: np.ndarray) -> np.ndarray:
            self.most = max(self.most, len(rows))
            return self.vectors[rows]

    counted = Counted()
    codebook = VisualCodebook(3, 2, 6)
    assert fit_codebook(codebook, counted, at_once=70) >= 6
    assert 0 < counted.most <= 70
    assert measure_error(codebook, counted.vectors) < 0.05


def measure_error(codebook: VisualCodebook, vectors: np.ndarray) -> float:
    """Squared distance to the word's centroid over that to the mean."""
    vectors = vectors.astype(np.float32)
    centroids = codebook.centroids(codebook.levels - 1).numpy()[codebook(torch.from_numpy(vectors)).numpy()]
    return float(((vectors - centroids) ** 2).sum() / ((vectors - vectors.mean(0)) ** 2).sum())


def test_empty_clusters_are_left_out() -> None:
    vectors = np.repeat(mixed_blobs(2, 1), 30, axis=0)
    result = cluster_in_batches(vectors, np.arange(60), 4, at_once=16)
    assert len(result.centroids) == 2
    assert np.unique(result.assignments).tolist() == [0, 1]
