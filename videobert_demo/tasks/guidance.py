"""Guided decoding: words for things that the frame tower is sure of become likelier, until one of them is written.

    score(word) = log p(word | sentence so far) + weight * probability of the labels that the word names

A label whose word stands in the sentence already adds nothing more. The captions of training name few kinds of animals
and things; the tower learned a thousand. After constrained beam search with object tags, arXiv 1612.00576.
Knows labels and words; knows no clips.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from transformers import BertTokenizer, LogitsProcessor

LEAST_PROBABILITY = 0.1
"""Labels that make a word less likely than this say nothing."""


def names_of_labels(tokenizer: BertTokenizer, label_words: Sequence[str], labels: int, vocabulary: int) -> Tensor:
    """Which decoder words name which label: (labels, vocabulary) bool.

    Args:
        label_words: the words of the first labels, apart by spaces; those that are several word pieces name nothing.
        vocabulary: words of the decoder, the first ids of the tokenizer.
    """
    names = torch.zeros(labels, vocabulary, dtype=torch.bool)
    for label, words in enumerate(label_words):
        ids: list[int] = tokenizer.convert_tokens_to_ids(words.split())  # type: ignore[assignment]
        names[label, [word for word in ids if word < vocabulary and word != tokenizer.unk_token_id]] = True
    return names


class LabelGuidance(LogitsProcessor):
    """Adds to next-word scores what the labels of each clip are worth.

    Args:
        names: (N, K, vocabulary) bool, the words of each sentence's K labels.
        probabilities: (N, K), 0 for a label that is absent.
        weight: how much a certain label adds to the log-probability of its words.
    """

    def __init__(self, names: Tensor, probabilities: Tensor, weight: float) -> None:
        self._names, self._probabilities, self._weight = names, probabilities, weight

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Ids so far (N, m) and next-word scores (N, vocabulary) -> the scores with named things raised."""
        labels = self._names.shape[1]
        said = self._names.gather(2, input_ids[:, None, :].expand(-1, labels, -1)).any(-1)  # (N, K)
        open_labels = self._probabilities.masked_fill(said, 0.0).to(scores.dtype)
        worth = (open_labels[:, None, :] @ self._names.to(scores.dtype))[:, 0].clamp(max=1.0)  # (N, vocabulary)
        return scores + self._weight * worth.masked_fill(worth < LEAST_PROBABILITY, 0.0)
