"""Hierarchical k-means: fits few and many vectors, assigns by walking down the tree, is kept by a checkpoint."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from videobert_demo.model.visual_words import VisualCodebook, fit_kmeans


def draw_blobs(centres: int, each: int, channels: int = 6, *, seed: int = 0) -> NDArray[np.float32]:
    """`each` vectors around each of `centres` points that lie far apart."""
    random = np.random.default_rng(seed)
    means = random.normal(size=(centres, 1, channels)) * 20
    return (means + random.normal(size=(centres, each, channels)) * 0.1).reshape(-1, channels).astype(np.float32)


def walk(codebook: VisualCodebook, vector: NDArray[np.float32]) -> int:
    """The word of a vector, by comparing it with each child that is there, level by level."""
    node = 0
    for level in range(codebook.levels):
        best, best_distance = -1, np.inf
        for child in range(node * codebook.branching, (node + 1) * codebook.branching):
            if codebook.present(level)[child]:
                distance = float(((codebook.centroids(level)[child].numpy() - vector) ** 2).sum())
                if distance < best_distance:
                    best, best_distance = child, distance
        node = best
    return node


def test_kmeans_finds_the_blobs() -> None:
    vectors = draw_blobs(5, 20)
    result = fit_kmeans(vectors, 5)
    assert result.centroids.shape == (5, 6)
    by_blob = result.assignments.reshape(5, 20)
    assert (by_blob == by_blob[:, :1]).all()
    assert len(set(by_blob[:, 0].tolist())) == 5
    means = vectors.reshape(5, 20, 6).mean(1)
    np.testing.assert_allclose(result.centroids[by_blob[:, 0]], means, atol=1e-4)


def test_kmeans_is_the_same_for_the_same_seed() -> None:
    vectors = np.random.default_rng(3).random((60, 4), dtype=np.float32)
    first, again, other = (fit_kmeans(vectors, 7, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.centroids, again.centroids)
    assert not np.array_equal(first.centroids, other.centroids)


def test_no_cluster_is_empty_and_each_vector_is_with_its_nearest() -> None:
    vectors = np.random.default_rng(4).random((200, 3), dtype=np.float32)
    result = fit_kmeans(vectors, 16)
    assert np.unique(result.assignments).tolist() == list(range(len(result.centroids)))
    distances = ((vectors[:, None] - result.centroids[None]) ** 2).sum(-1)
    chosen = distances[np.arange(200), result.assignments]
    np.testing.assert_allclose(chosen, distances.min(1), atol=1e-5)


@pytest.mark.parametrize(("vectors", "clusters"), [(1, 1), (2, 2), (10, 8)])
def test_fewer_vectors_than_words_give_fewer_words(vectors: int, clusters: int) -> None:
    drawn = np.random.default_rng(vectors).normal(size=(vectors, 5)).astype(np.float32)
    assert len(fit_kmeans(drawn, 8).centroids) == clusters
    codebook = VisualCodebook(8, 3, 5)
    assert codebook.fit(drawn) == codebook.words == vectors
    assert len(set(codebook(torch.from_numpy(drawn)).tolist())) == vectors


@pytest.mark.parametrize("copies", [1, 2, 10, 300])
def test_equal_vectors_share_one_word(copies: int) -> None:
    drawn = np.repeat(np.random.default_rng(0).normal(size=(3, 1280)) * 2, copies, axis=0).astype(np.float32)
    assert len(fit_kmeans(drawn, 8).centroids) == 3
    codebook = VisualCodebook(8, 3, 1280)
    assert codebook.fit(drawn) == 3
    words = codebook(torch.from_numpy(drawn)).reshape(3, copies)
    assert (words == words[:, :1]).all()


def test_words_are_those_of_a_walk_down_the_tree() -> None:
    random = np.random.default_rng(5)
    codebook = VisualCodebook(3, 3, 6)
    # blobs of very different sizes: some nodes get fewer than three children
    codebook.fit(np.concatenate([draw_blobs(2, 1), draw_blobs(4, 9, seed=1), draw_blobs(1, 40, seed=2)]))
    assert 0 < codebook.words < codebook.size == 27
    vectors = (random.normal(size=(2, 50, 6)) * 20).astype(np.float32)
    words = codebook(torch.from_numpy(vectors))
    assert words.shape == (2, 50)
    assert words.dtype == torch.int64
    assert words.flatten().tolist() == [walk(codebook, vector) for vector in vectors.reshape(-1, 6)]
    assert codebook.present(2)[words].all()
    assert len(words.unique()) > 3


def test_an_unfitted_codebook_says_so_and_gives_one_word() -> None:
    codebook = VisualCodebook(3, 2, 6)
    assert codebook.words == 0
    assert codebook(torch.rand(4, 6)).tolist() == [0, 0, 0, 0]


def test_fitting_again_forgets_the_first_fit() -> None:
    codebook = VisualCodebook(4, 2, 6)
    assert codebook.fit(draw_blobs(12, 3)) > 4
    assert codebook.fit(draw_blobs(1, 1)) == 1


def test_no_vectors_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match="N >= 1"):
        fit_kmeans(np.zeros((0, 4), dtype=np.float32), 2)


def test_the_fit_is_kept_by_saving(tmp_path: Path) -> None:
    codebook = VisualCodebook(3, 2, 6)
    codebook.fit(draw_blobs(7, 5))
    save_file(codebook.state_dict(), tmp_path / "codebook.safetensors")
    other = VisualCodebook(3, 2, 6)
    other.load_state_dict(load_file(tmp_path / "codebook.safetensors"))
    vectors = torch.rand(30, 6) * 40 - 20
    assert other.words == codebook.words
    assert torch.equal(other(vectors), codebook(vectors))


def test_words_share_the_levels_of_their_common_path() -> None:
    codebook = VisualCodebook(3, 3, 4)
    assert codebook.shared_levels(26, 26) == 3
    assert codebook.shared_levels(24, 26) == 2  # 2 2 0 and 2 2 2
    assert codebook.shared_levels(18, 26) == 1
    assert codebook.shared_levels(0, 26) == 0
