"""Guided decoding: the words for things that the frame tower is sure of become likelier, until one of them is written.

    score(word) = log p(word | sentence so far) + weight * sum of the probabilities of the labels that the word names

The sum is at most 1. A label that the sentence names already adds nothing more. The captions of training name few kinds
of animals and things; the tower learned a thousand. After constrained beam search with object tags, arXiv 1612.00576.
Knows labels and words; knows no clips.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from transformers import LogitsProcessor

from videobert_demo.model.tokenizers import Tokenizer, word_ids

MIN_PROBABILITY = 0.1
"""A word that its labels make less likely than this is not raised."""


def names_of_labels(tokenizer: Tokenizer, label_words: Sequence[str], labels: int, vocabulary: int) -> Tensor:
    """Which decoder words name which label: (labels, vocabulary) bool.

    Args:
        label_words: for each of the first labels its words, separated by spaces; a word of several pieces is left out.
        labels: how many labels there are; the others have no words.
        vocabulary: how many words the decoder has: the first ids of the tokenizer.
    """
    names = torch.zeros(labels, vocabulary, dtype=torch.bool)
    for label, words in enumerate(label_words):
        ids = word_ids(tokenizer, words.split())
        names[label, [word for word in ids if word < vocabulary and word != tokenizer.unk_token_id]] = True
    return names


class LabelGuidance(LogitsProcessor):
    """Adds to next-word scores what the labels of each clip are worth.

    Args:
        names: (B, K, vocabulary) bool, the words that name each clip's K labels.
        probabilities: (B, K) of the labels, 0 for one that is absent.
        weight: how much a certain label adds to the log-probability of its words.
    """

    def __init__(self, names: Tensor, probabilities: Tensor, weight: float) -> None:
        self._names, self._probabilities, self._weight = names, probabilities, weight
        self._raised = names.to(probabilities.dtype)

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Raises the words of labels that are not named yet.

        Args:
            input_ids: (N, m) so far, N a multiple of B, the beams of a clip next to each other.
            scores: (N, vocabulary) of the next word.
        """
        clips, labels, vocabulary = self._names.shape
        written = input_ids.reshape(clips, 1, -1).expand(-1, labels, -1)  # (B, K, N / B m)
        is_named = self._names.gather(2, written).unflatten(2, (-1, input_ids.shape[1])).any(-1)  # (B, K, N / B)
        open_labels = self._probabilities[:, :, None].masked_fill(is_named, 0.0)
        worth = (open_labels.transpose(1, 2) @ self._raised).clamp(max=1.0)  # (B, N / B, vocabulary)
        bonus = self._weight * worth.masked_fill(worth < MIN_PROBABILITY, 0.0).view(-1, vocabulary)
        return scores + bonus.to(scores.dtype)
