"""Clips that consist of ImageNet labels only, made for captions that have no frames.

A caption of text-only data says "a cat sits on a bed"; a clip of which the tower would say "tabby, quilt, ..." fits it.
So the model learns what to say of labels that the videos hardly show. The labels of such a clip are those whose words
the captions agree on, among the labels that the tower saw in a training clip with a word in common.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.training.store import FeatureStore

SHARED_SHARE = 0.4
CERTAINTIES = (0.2, 0.95)
MAX_DONOR_SHARE = 0.2  # a word that more of the clips share ("man", "a") chooses no donor

Labels = tuple[NDArray[np.int64], NDArray[np.float32]]


def frequent_words(captions: Sequence[str]) -> list[str]:
    """The words that at least two captions and 40 % of them have, most frequent first."""
    counts = Counter(word for caption in captions for word in set(caption.split()))
    needed = max(min(2, len(captions)), SHARED_SHARE * len(captions))
    return [word for word, count in counts.most_common() if count >= needed]


class LabelClips:
    """Draws the labels for groups of captions.

    Args:
        groups: captions of one video or image each, normalised.
        label_words: per label the words it is known by.
        clips: (captions, labels that the tower saw, their probabilities) of training clips.
    """

    def __init__(
        self,
        groups: Sequence[Sequence[str]],
        label_words: Sequence[Sequence[str]],
        clips: Sequence[tuple[Sequence[str], Labels]],
    ) -> None:
        self._labels_of_word: dict[str, list[int]] = defaultdict(list)
        for label, words in enumerate(label_words):
            for word in words:
                self._labels_of_word[word].append(label)
        self._labels = [labels for _, labels in clips]
        self._donors: dict[str, list[int]] = defaultdict(list)
        for row, (captions, _) in enumerate(clips):
            for word in frequent_words(captions):
                self._donors[word].append(row)
        common = MAX_DONOR_SHARE * len(clips)
        self._donors = {word: rows for word, rows in self._donors.items() if len(rows) <= max(1.0, common)}
        self.groups: list[tuple[tuple[str, ...], list[str], list[str]]] = []
        for captions in groups:
            words = frequent_words(captions)
            named = [word for word in words if word in self._labels_of_word]
            donating = [word for word in words if word in self._donors]
            if named or donating:
                self.groups.append((tuple(captions), named, donating))

    def draw(
        self, count: int, labels_per_clip: int, random: np.random.Generator, groups: list[int] | None = None
    ) -> tuple[list[int], Tensor, Tensor]:
        """`count` label clips, of the groups that are given or of drawn ones.

        Returns:
            Their groups, label ids (count, K) int64 and probabilities (count, K) float32; 0 where there are fewer.
        """
        chosen = groups or [int(group) for group in random.integers(len(self.groups), size=count)]
        ids = torch.zeros(count, labels_per_clip, dtype=torch.long)
        probabilities = torch.zeros(count, labels_per_clip)
        for row, group in enumerate(chosen):
            _, named, donating = self.groups[group]
            found: dict[int, float] = {}
            if donating:
                rarity = np.array([1.0 / math.sqrt(len(self._donors[word])) for word in donating])
                word = donating[int(random.choice(len(donating), p=rarity / rarity.sum()))]
                donor = self._donors[word][int(random.integers(len(self._donors[word])))]
                found.update(zip(*(values.tolist() for values in self._labels[donor]), strict=True))
            for word in named[:2]:
                candidates = self._labels_of_word[word]
                found[candidates[int(random.integers(len(candidates)))]] = float(random.uniform(*CERTAINTIES))
            best = sorted(found.items(), key=lambda entry: -entry[1])[:labels_per_clip]
            for column, (label, probability) in enumerate(best):
                ids[row, column], probabilities[row, column] = label, probability
        return chosen, ids, probabilities


def clips_of_labels(label_ids: Tensor, probabilities: Tensor, store: FeatureStore) -> dict[str, Tensor]:
    """Labels (B, K) as clips without frames, in the shapes of the store's features: what the encoder reads of them."""
    some, count = store.load(0), len(label_ids)
    return {
        "frame_features": torch.zeros(count, 0, *some.pooled.shape[1:]),
        "patch_features": torch.zeros(count, 0, *some.patches.shape[1:]),
        "frame_mask": torch.zeros(count, 0, dtype=torch.bool),
        "label_ids": label_ids,
        "label_probabilities": probabilities,
    }
