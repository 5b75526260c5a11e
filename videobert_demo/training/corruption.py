"""Corrupts what the model reads, so that it learns to restore it: hidden words and segments, holes, other texts.

Knows token ids and similarities; knows no model and no loss.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from videobert_demo.model.packing import IGNORED

MASKED_SHARE = 0.15
CORRUPTED_SHARE = 0.3
SPAN_MEAN = 3.0
MASKED_SEGMENT_SHARE = 0.3
WHOLLY_MASKED_SHARE = 0.15
"""The share of clips that have all their segments hidden: a reel begins there, with nothing but the sentence."""


def mask_words(
    ids: Tensor, maskable: Tensor, mask_id: int, vocabulary: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """BERT's masking: of 15 % chosen tokens 80 % become [MASK], 10 % a random word, 10 % stay.

    Args:
        ids: (B, n) int64. maskable: (B, n) bool, False for special tokens and padding.

    Returns:
        The corrupted ids (B, n) and the labels (B, n), IGNORED where nothing was chosen.
    """
    chosen = (torch.rand(ids.shape, generator=generator) < MASKED_SHARE) & maskable
    fate = torch.rand(ids.shape, generator=generator)
    random_words = torch.randint(6, vocabulary, ids.shape, generator=generator)
    corrupted = torch.where(chosen & (fate < 0.8), mask_id, ids)
    corrupted = torch.where(chosen & (fate >= 0.9), random_words, corrupted)
    return corrupted, torch.where(chosen, ids, IGNORED)


def draw_hidden_segments(frame_mask: Tensor, generator: torch.Generator) -> Tensor:
    """Which segments of a batch are hidden: some of most clips, all of a few, none of a clip with only one.

    Args:
        frame_mask: (B, T) bool, True where a clip has a segment.

    Returns:
        (B, T) bool.
    """
    several = frame_mask.sum(1, keepdim=True) > 1
    wholly = torch.rand((len(frame_mask), 1), generator=generator) < WHOLLY_MASKED_SHARE
    drawn = torch.rand(frame_mask.shape, generator=generator) < MASKED_SEGMENT_SHARE
    return (drawn | wholly) & frame_mask & several


def corrupt_spans(ids: list[int], mask_id: int, random: np.random.Generator) -> list[int]:
    """BART's text infilling: spans with Poisson(3) lengths, 30 % of the words in all, each replaced by one [MASK].

    A span of length 0 inserts a [MASK].
    """
    budget = max(1, round(CORRUPTED_SHARE * len(ids)))
    result = list(ids)
    while budget > 0:
        length = min(int(random.poisson(SPAN_MEAN)), budget, len(result))
        start = int(random.integers(len(result) - length + 1))
        result[start : start + length] = [mask_id]
        budget -= max(length, 1)
    return result


def mismatch_texts(similarity: Tensor, stride: int) -> tuple[list[int], Tensor]:
    """Gives every second video the text of another one: by turns of the one that is most like it, and of the next.

    Args:
        similarity: (B, B), rows are texts, columns videos.
        stride: only every `stride`-th video counts.

    Returns:
        Whose text each of these n videos gets and, (n,) bool, which keep their own.
    """
    everyone = len(similarity)
    alike = (similarity - 2 * torch.eye(everyone, device=similarity.device)).argmax(0).tolist()  # by video
    chosen = range(0, everyone, stride)
    matched = torch.arange(len(chosen)) % 2 == 0
    others = [alike[row] if number % 4 == 1 else (row + 1) % everyone for number, row in enumerate(chosen)]
    sources = [row if matched[number] else others[number] for number, row in enumerate(chosen)]
    return sources, matched
