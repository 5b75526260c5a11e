"""Embeddings to start the translator from: a Chinese token lies where the English tokens lie that translate it.

    pairs --IBM model 1--> p(dog | 狗) = 0.9 ...  -->  vector of 狗 = 0.9 vector of "dog" + ...

With embeddings that the source and the target share, translating a word is then nearly copying it, which one linear
map can learn for all words at once. IBM model 1 is Brown et al. (J93-2003, section 4.1). Knows ids; knows no text.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

ROUNDS = 6
OWN_SHARE = 0.4
"""How much of its own random vector a token keeps, so that two words that say the same can still be told apart."""


def align_tokens(sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]], size: int) -> NDArray[np.float64]:
    """How often each source token stands for each target token, by IBM model 1.

    Args:
        sources, targets: the tokens of N pairs. size: of the vocabulary that both share.

    Returns:
        (K, 3): source token, target token, and the expected count, for each of the K pairs of tokens that meet.
    """
    keys, groups = [], []
    first = 0
    for source, target in zip(sources, targets, strict=True):
        heads, tails = np.array(source, np.int64), np.array(target, np.int64)
        keys.append((heads[:, None] * size + tails).ravel())  # (S T,)
        groups.append(np.tile(np.arange(first, first + len(tails)), len(heads)))
        first += len(tails)
    found, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    group = np.concatenate(groups)
    heads = found // size
    table: NDArray[np.float64] = np.ones(len(found))
    counts: NDArray[np.float64] = table
    for _ in range(ROUNDS):
        likely = table[inverse]
        counts = np.bincount(inverse, likely / np.bincount(group, likely, first)[group], len(found)).astype(np.float64)
        table = counts / np.bincount(heads, counts, size)[heads]
    return np.stack([heads, found % size, counts], axis=1).astype(np.float64)


@torch.no_grad()
def place_translations(embeddings: Tensor, aligned: NDArray[np.float64]) -> None:
    """Moves each target token's vector to the mean of its sources', as long as it was.

    Args:
        embeddings: (size, width), changed in place. aligned: what `align_tokens` returns.
    """
    heads, tails = (torch.from_numpy(aligned[:, column].astype(np.int64)) for column in (0, 1))
    shares = torch.from_numpy(aligned[:, 2]).to(embeddings.dtype)
    apart = heads != tails  # a number or a mark stands for itself
    heads, tails, shares = heads[apart], tails[apart], shares[apart]
    mean = torch.zeros_like(embeddings).index_add_(0, tails, embeddings[heads] * shares[:, None])  # (size, width)
    placed = torch.zeros(len(embeddings), dtype=torch.bool).index_fill_(0, tails, value=True)
    length = embeddings.norm(dim=1, keepdim=True)
    mixed = torch.nn.functional.normalize(mean, dim=1) * length + OWN_SHARE * embeddings
    moved = torch.nn.functional.normalize(mixed, dim=1) * length
    embeddings[placed] = moved[placed]
