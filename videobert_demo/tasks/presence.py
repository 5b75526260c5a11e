"""Does a clip show what a word names? One probability, for words that are looked for and things that are not there.

    clip(word), mean(word), best(word)   cosines of the clip's vector, and of its frames' (their mean and the largest),
                                         with the word's vector less what the vectors of all words have in common
    label(word)                          the log-probability of the tower's labels that the word names, if there are any
    mention(word)                        the log-odds that people mention it, where the head knows it

    p(shown) = sigmoid(offset + weights . evidence), with other numbers where the head knows the word

An animal's clip is like the names of all animals: without what words have in common, and without labels, a white dog
would be an elephant. Numbers are in the checkpoint's `calibration`, fitted by evaluation/presence.py. Knows words and
vectors; knows no sentences.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.lexicon import GENERAL, PEOPLE
from videobert_demo.questions.tagging import lemmas
from videobert_demo.tasks.embed import embed_clips, embed_queries, embed_segments
from videobert_demo.tasks.support import logistic, predict_mentions

COMMON = "presence_common"
"""What the mean vector of words is called in the calibration."""
NUMBERS = {True: "presence_mentioned", False: "presence_other"}
"""What offset and weights are called, for words that the mention head knows and for others."""
_LEAST = 1e-4


def tells_presence(loaded: LoadedModel) -> bool:
    """Whether the checkpoint has numbers for it."""
    return all(loaded.model.config.calibration.get(key) for key in (COMMON, NUMBERS[False]))


@torch.inference_mode()
def presence_evidence(
    loaded: LoadedModel, clips: Sequence[ClipTensors], words: Sequence[str], directions: NDArray[np.float32]
) -> NDArray[np.float64]:
    """What speaks for each of W words in each of B clips: (B, W, 6), in the order of the module's drawing.

    The fifth value is 1 where the word names a label, else it and the fourth are 0. The sixth is NaN for a word that
    the mention head does not know.

    Args:
        words: one to three words each, lower case.
        directions: their vectors less what all words have in common, (W, projection).
    """
    vectors = embed_clips(loaded, clips)
    entire = vectors.numpy() @ directions.T
    frames = [segments.numpy() @ directions.T for segments in embed_segments(loaded, clips)]  # (T, W) each
    mean, best = (np.stack([reduce(one, axis=0) for one in frames]) for reduce in (np.mean, np.max))
    labels, is_label = _label_evidence(loaded, clips, words)
    mentions = predict_mentions(loaded, vectors).numpy()
    index_of = {word: index for index, word in enumerate(loaded.model.config.mentioned_words)}
    odds = np.full(entire.shape, np.nan)
    for column, word in enumerate(words):
        index = next((index_of[one] for one in _forms(word) if one in index_of), None)
        if index is not None:
            likely = mentions[:, index].clip(_LEAST, 1 - _LEAST)
            odds[:, column] = np.log(likely / (1 - likely))
    return np.stack([entire, mean, best, labels, np.broadcast_to(is_label, entire.shape), odds], axis=-1)


def presence(loaded: LoadedModel, clips: Sequence[ClipTensors], words: Sequence[str]) -> NDArray[np.float64]:
    """How likely each of B clips shows what each of W words names: (B, W), in [0, 1].

    Raises:
        KeyError: the checkpoint has no numbers for it; see `tells_presence`.
    """
    calibration = loaded.model.config.calibration
    directions = embed_queries(loaded, words).numpy() - np.array(calibration[COMMON], np.float32)
    return weigh_presence(calibration, presence_evidence(loaded, clips, words, directions))


def weigh_presence(calibration: Mapping[str, Sequence[float]], evidence: NDArray[np.float64]) -> NDArray[np.float64]:
    """Evidence (B, W, 6) -> probabilities (B, W)."""
    found = np.empty(evidence.shape[:2])
    for place in np.ndindex(*found.shape):
        values = evidence[place]
        numbers = calibration.get(NUMBERS[True], ()) if math.isfinite(values[-1]) else ()
        used = values if numbers else values[:-1]
        numbers = numbers or calibration[NUMBERS[False]]
        found[place] = logistic(numbers[0], numbers[1:], used)
    return found


def _label_evidence(
    loaded: LoadedModel, clips: Sequence[ClipTensors], words: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log-probabilities (B, W), 0 for a word that names no label, and which words name one, (W,), 1 or 0."""
    tower = loaded.model.encoder.frame_tower
    values, known = np.zeros((len(clips), len(words))), np.zeros(len(words))
    if tower.classifier is None:
        return values, known
    dtype, device = loaded.model.dtype, loaded.device
    likeliest = [
        tower.classifier(clip.frame_features.to(device, dtype)).float().softmax(-1).amax(0).cpu().numpy()
        for clip in clips
    ]
    probabilities = np.stack(likeliest)  # (B, labels), each that in the frame where it is highest
    groups = _labels_by_word(loaded)
    for column, word in enumerate(words):
        ids = next((groups[one] for one in _forms(word) if one in groups), [])
        if ids:
            values[:, column] = np.log(probabilities[:, ids].sum(1).clip(_LEAST, 1.0))
            known[column] = 1.0
    return values, known


def _labels_by_word(loaded: LoadedModel) -> dict[str, list[int]]:
    """The ids of the labels that a word names: "dog" all breeds, "elephant" both kinds."""
    config, found = loaded.model.config, dict[str, set[int]]()
    for number, name in (config.id2label or {}).items():
        label = int(number)
        names = [one.strip().lower() for one in str(name).split(",")]
        said = config.label_words[label].split()[:1] if label < len(config.label_words) else []
        for word in {*names, *(one.split()[-1] for one in names if one), *said} - PEOPLE - GENERAL:
            found.setdefault(word, set()).add(label)
    return {word: sorted(ids) for word, ids in found.items()}


def _forms(word: str) -> tuple[str, ...]:
    """The word as it is, and its lemmas."""
    return tuple(dict.fromkeys((word, *lemmas(word).values())))
