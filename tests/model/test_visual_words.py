"""Words of a codebook: looked up by walking down the tree, kept by a checkpoint."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from videobert_demo.model.visual_words import VisualCodebook
from videobert_demo.training.kmeans import fit_codebook


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


def test_words_are_those_of_a_walk_down_the_tree() -> None:
    random = np.random.default_rng(5)
    codebook = VisualCodebook(3, 3, 6)
    # blobs of very different sizes: some nodes get fewer than three children
    fit_codebook(codebook, np.concatenate([draw_blobs(2, 1), draw_blobs(4, 9, seed=1), draw_blobs(1, 40, seed=2)]))
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


def test_the_fit_is_kept_by_saving(tmp_path: Path) -> None:
    codebook = VisualCodebook(3, 2, 6)
    fit_codebook(codebook, draw_blobs(7, 5))
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
