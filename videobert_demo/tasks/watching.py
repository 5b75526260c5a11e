"""How likely a picture shows what a sentence describes: its likeness, as a probability.

    p(people would say so) = sigmoid(offset + slope * likeness)

Offset and slope are in the checkpoint's `calibration`, as "watch_sentence" and "watch_word", fitted to things that few
videos show (evaluation/watching.py). Without them the numbers for yes and no count, which were fitted to questions of
which half are true, and are carried over to a thing that one clip in `_RARE` shows. Knows numbers; knows no clips.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.short_queries import phrase_query

_RARE = 50
WATCH_KEYS = {False: "watch_sentence", True: "watch_word"}
"""What the numbers are called, for sentences and for one to three words."""


def watch_probabilities(
    loaded: LoadedModel, sentences: list[str], likeness: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Likeness (..., K) with K sentences, in [-1, 1] -> probabilities (..., K)."""
    numbers = np.array([_numbers(loaded, bool(phrase_query(sentence))) for sentence in sentences])  # (K, 2)
    logits = np.clip(numbers[:, 0] + numbers[:, 1] * likeness, -50, 50)
    return np.asarray(1 / (1 + np.exp(-logits)), np.float64)


def likeness_of(loaded: LoadedModel, probability: float) -> float:
    """From which likeness on, in [-1, 1], one to three words fit with this probability."""
    offset, slope = _numbers(loaded, is_word=True)
    return min(1.0, max(-1.0, (math.log(probability / (1 - probability)) - offset) / slope))


def _numbers(loaded: LoadedModel, is_word: bool) -> tuple[float, float]:
    """Offset and slope."""
    config = loaded.model.config
    known = config.calibration.get(WATCH_KEYS[is_word])
    if known:
        return float(known[0]), float(known[1])
    slope = config.answer_yes_slope or 15.0
    return -slope * config.answer_yes_middle - math.log(_RARE - 1), slope
