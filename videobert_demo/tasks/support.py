"""How far a clip supports a sentence: would people mention its nouns and verbs, and is it right?

    p(word is mentioned | clip)     the mention head, a logistic layer over the clip's vector
    support(sentence | clip)        the geometric mean of p over its nouns and verbs
    p(sentence is right | clip)     logistic in what `caption_evidence` lists

A sentence is right if its verb and its main noun are each in at least two captions that people would write
(questions/content.py). The weights are in the checkpoint's config, fitted by `python -m videobert_demo calibrate`.
Knows words and probabilities; knows no beams.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.content import content_words

UNKNOWN_PROBABILITY = 0.05
"""The probability of a word that the head does not know, which is a rare one."""
_LEAST = 1e-4


def predict_mentions(loaded: LoadedModel, vectors: Tensor) -> Tensor:
    """Unit vectors (B, projection) of clips -> probabilities (B, words) that people mention each of the head's words.

    Without the head (B, 0).
    """
    if not loaded.model.config.mentioned_words:
        return vectors.new_zeros(len(vectors), 0)
    logits: Tensor = loaded.model.get_submodule("mention_head")(vectors.to(loaded.device, loaded.model.dtype))
    return logits.float().sigmoid()


def mention_table(words: Sequence[str], probabilities: Tensor) -> list[dict[str, float]]:
    """Probabilities (B, words) of the head as B tables, by lemma."""
    return [dict(zip(words, row, strict=True)) for row in probabilities.tolist()]


def support_of(text: str, mentions: Mapping[str, float]) -> float:
    """The geometric mean of the probabilities of its nouns and verbs, in (0, 1]; without any, that of a rare word."""
    found = content_words(text)
    logs = [_log(mentions, word) for word in (*found.nouns, *found.verbs)]
    return math.exp(sum(logs) / len(logs)) if logs else UNKNOWN_PROBABILITY


def caption_evidence(text: str, score: float, mentions: Mapping[str, float]) -> NDArray[np.float64]:
    """What tells whether a caption is right: (4,).

    The log-odds of its nouns and verbs (their mean), of its verb, of its main noun, and the logarithm of its score.
    Without a verb nothing is claimed, and the odds are even.
    """
    found = content_words(text)
    odds = [_log_odds(mentions, word) for word in (*found.nouns, *found.verbs)]
    rare = math.log(UNKNOWN_PROBABILITY / (1 - UNKNOWN_PROBABILITY))
    verb = _log_odds(mentions, found.verb) if found.verb else 0.0
    noun = _log_odds(mentions, found.main_noun) if found.main_noun else rare
    return np.array([sum(odds) / len(odds) if odds else rare, verb, noun, math.log(max(score, _LEAST))])


def logistic(offset: float, weights: Sequence[float], values: Sequence[float] | NDArray[np.float64]) -> float:
    """sigmoid(offset + weights . values)."""
    total = offset + sum(weight * value for weight, value in zip(weights, values, strict=True))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def _log(mentions: Mapping[str, float], word: str) -> float:
    return math.log(max(mentions.get(word, UNKNOWN_PROBABILITY), _LEAST))


def _log_odds(mentions: Mapping[str, float], word: str) -> float:
    probability = min(max(mentions.get(word, UNKNOWN_PROBABILITY), _LEAST), 1 - _LEAST)
    return math.log(probability / (1 - probability))
