"""Looks up visual words in a hierarchy of centroids (VideoBERT, arXiv 1904.01766, section 3.2).

    level 1:        0           1           2          branching = 3
    level 2:    0   1   2   3   4   5   6   7   8      word = path through the tree

Knows vectors and ids only: nothing about clips or the encoder, nor how the centroids were found (training/kmeans.py).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class VisualCodebook(nn.Module):
    """A hierarchy of centroids, level by level; a child that is not present is never chosen.

    The ids of the words run from 0 to branching ** levels - 1; not all of them need be in use.
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
        """How many words are in use."""
        return int(self.present(self.levels - 1).sum())

    def shared_levels(self, first: int, second: int) -> int:
        """How many levels of the tree two words share: all if they are the same, 0 if they part at the root."""
        for levels in range(self.levels, 0, -1):
            if first == second:
                return levels
            first, second = first // self.branching, second // self.branching
        return 0

    @torch.no_grad()
    def forward(self, vectors: Tensor) -> Tensor:
        """(..., C) float -> ids (...) int64, by walking down the tree. An unfitted codebook gives 0 everywhere."""
        flat = vectors.reshape(-1, vectors.shape[-1]).float()  # (N, C)
        node = torch.zeros(len(flat), dtype=torch.long, device=flat.device)
        for level in range(self.levels):
            children = node[:, None] * self.branching + torch.arange(self.branching, device=flat.device)  # (N, b)
            centroids = self.centroids(level).float()
            # the distance to all nodes of a level is one product; then only a node's own children count
            distances = (centroids**2).sum(1)[None] - 2 * flat @ centroids.T  # (N, nodes), up to a term without effect
            distances = distances.gather(1, children)
            distances = distances.masked_fill(~self.present(level)[children], float("inf"))
            node = children.gather(1, distances.argmin(1, keepdim=True))[:, 0]
        return node.reshape(vectors.shape[:-1])
