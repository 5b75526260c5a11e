"""Gives visual words human names: the words that captions of their training segments use most, "screen, text".

A word that captions use everywhere names nothing, so a word counts for what it tells of the visual word. With p(l|w)
the share of the captions of w's segments that have the lemma l, and p(l) that of all segments, the names are the lemmas
with the largest p(l|w) log(p(l|w) / p(l)), the terms of the divergence of the two distributions.

It knows features and captions; how names are shown is up to others.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.content import content_words
from videobert_demo.training.store import FeatureStore

NAMES = 3
MIN_AGREEING = 2
"""How many captions of a video must have a lemma; one alone may be a slip."""
MIN_VIDEOS = 3
"""A lemma names a visual word only if at least this many of the word's videos have it."""
_SHOWN_VIEWS = 2


def name_words(loaded: LoadedModel, store: FeatureStore) -> int:
    """Puts the names of the visual words that videos of the split train have into the model's config.

    Returns:
        How many visual words have a name now.
    """
    words, told = [], []
    for row, video in enumerate(store.videos):
        if video.split == "train":
            words.append(_words_of(loaded, store, row))
            told.append(caption_shares(video.captions))
    names = choose_names(words, told)
    loaded.model.config.visual_word_names = {str(word): list(found) for word, found in sorted(names.items())}
    return len(names)


def caption_shares(captions: Sequence[str]) -> dict[str, float]:
    """For each noun and verb that captions of one video agree on, the share of them that has it."""
    counts: Counter[str] = Counter()
    for caption in captions:
        found = content_words(caption)
        counts.update({*found.nouns, *found.verbs})
    return {lemma: count / len(captions) for lemma, count in counts.items() if count >= MIN_AGREEING}


def choose_names(
    words: Sequence[Sequence[int]], told: Sequence[dict[str, float]], *, count: int = NAMES
) -> dict[int, tuple[str, ...]]:
    """The names of visual words, the most telling first.

    Args:
        words: for each video the visual word of each of its segments.
        told: for each video what `caption_shares` gives.
        count: how many names a visual word has at most.
    """
    everywhere: defaultdict[str, float] = defaultdict(float)
    segments: Counter[int] = Counter()
    within: defaultdict[int, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    videos: Counter[tuple[int, str]] = Counter()
    for row, shares in zip(words, told, strict=True):
        for word, times in Counter(row).items():
            segments[word] += times
            for lemma, share in shares.items():
                everywhere[lemma] += share * times
                within[word][lemma] += share * times
                videos[word, lemma] += 1
    total = segments.total()
    names = {}
    for word, lemmas in within.items():
        scores = {}
        for lemma, mass in lemmas.items():
            here, there = mass / segments[word], everywhere[lemma] / total
            if videos[word, lemma] >= MIN_VIDEOS and here > there:
                scores[lemma] = here * math.log(here / there)
        best = sorted(scores, key=lambda lemma: (-scores[lemma], lemma))[:count]
        if best:
            names[word] = tuple(best)
    return names


def _words_of(loaded: LoadedModel, store: FeatureStore, row: int) -> list[int]:
    """The visual words of a video's segments, read as a clip is read when it is shown: with its mirror image."""
    views = [store.load(row, view).pooled for view in range(min(_SHOWN_VIEWS, store.views))]
    pooled: Any = np.mean([view.astype(np.float32) for view in views], axis=0)
    with torch.inference_mode():
        found: list[int] = loaded.model.encoder.codebook(torch.from_numpy(pooled).to(loaded.device)).tolist()
    return found
