"""How far a clip supports a sentence: would people mention its nouns and verbs, and is it right?

    p(word is mentioned | clip)     the mention head, a logistic layer over the clip's vector
    support(sentence | clip)        the geometric mean of p over its nouns and verbs
    p(sentence is right | clip)     logistic in what `caption_evidence` lists

A sentence is right if its verb and its main noun are each in at least two captions that people would write
(questions/content.py). The weights are in the checkpoint's config, fitted by `python -m videobert_demo calibrate`.
Knows words and probabilities; knows no clips and no beams.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.questions.content import content_words

UNKNOWN_PROBABILITY = 0.05
"""Of a word that the head does not know: it is rare."""
_LEAST = 1e-4


def mention_table(words: Sequence[str], probabilities: Tensor) -> list[dict[str, float]]:
    """Probabilities (B, words) of the head as B tables, by lemma."""
    return [dict(zip(words, row, strict=True)) for row in probabilities.tolist()]


def support_of(text: str, mentions: Mapping[str, float]) -> float:
    """The geometric mean of the probabilities of its nouns and verbs, in (0, 1]; without any, that of a rare word."""
    found = content_words(text)
    logs = [_log(mentions, word) for word in (*found.nouns, *found.verbs)]
    return math.exp(sum(logs) / len(logs)) if logs else UNKNOWN_PROBABILITY


def caption_evidence(text: str, score: float, mentions: Mapping[str, float]) -> NDArray[np.float64]:
    """What tells whether a caption is right: logarithms of its support, its verb, its main noun, its score: (4,)."""
    found = content_words(text)
    verb = _log(mentions, found.verb) if found.verb else 0.0  # nothing is claimed
    noun = _log(mentions, found.main_noun) if found.main_noun else math.log(UNKNOWN_PROBABILITY)
    return np.array([math.log(support_of(text, mentions)), verb, noun, math.log(max(score, _LEAST))])


def logistic(offset: float, weights: Sequence[float], values: Sequence[float] | NDArray[np.float64]) -> float:
    """sigmoid(offset + weights . values)."""
    total = offset + sum(weight * value for weight, value in zip(weights, values, strict=True))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def _log(mentions: Mapping[str, float], word: str) -> float:
    return math.log(max(mentions.get(word, UNKNOWN_PROBABILITY), _LEAST))
