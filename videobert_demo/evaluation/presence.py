"""How likely a clip shows what a word names: fitted to what people say of held-out videos, and measured.

A word is there if MIN_CAPTIONS of a video's captions have it, and not there if none has; what fewer say is left out.
Nobody lists what is not there, and people leave things out, so the figures are a lower bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.evaluation.inputs import StoredFeatures, read_and_encode
from videobert_demo.evaluation.retrieval import embed_all
from videobert_demo.evaluation.sureness import fit_weights
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.content import MIN_AGREEING, content_words, count_supporting
from videobert_demo.questions.tagging import lemmas
from videobert_demo.tasks.absence import thing_asked
from videobert_demo.tasks.embed import embed_queries
from videobert_demo.tasks.presence import COMMON, NUMBERS, presence_evidence, tells_presence, weigh_presence

MIN_CAPTIONS = 5
LET_THROUGH = 0.1
"""How many words that nobody says of a video may be told as likely there."""
PER_BATCH = 32


def calibrate_presence(
    loaded: LoadedModel, data: Path, *, split: str = "val", stored: StoredFeatures | None = None, progress: bool = True
) -> dict[str, list[float]]:
    """Offset and weights of tasks/presence.py, with one half where LET_THROUGH of what nobody says gets more.

    Words that are there and words that are not weigh the same, word by word.

    Returns:
        What the checkpoint's `calibration` takes; nothing where no word is in enough captions.

    Raises:
        DataError: the folder is not in a known format.
        ClipError: a whole clip cannot be read.
    """
    videos, clips = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    words = concrete_words(videos)
    there, missing = _truth(videos, words)
    if not there.any() or not missing.any():
        return {}
    vectors = embed_all(loaded, words, embed_queries).numpy()
    common = vectors.mean(0).round(4)
    evidence = _evidence(loaded, clips, words, vectors - common)
    found = {COMMON: [round(float(one), 4) for one in common]}
    is_known = np.isfinite(evidence[..., -1])
    for knows, key in NUMBERS.items():
        used = (there | missing) & (is_known | (not knows))
        if not (used & there).any() or not (used & missing).any():
            continue
        weights = _weights(there & used, missing & used)
        values = (evidence if knows else evidence[..., :-1])[used]
        numbers = fit_weights(values, there[used], case_weights=weights[used])
        logits = numbers[0] + values @ np.array(numbers[1:])
        # from this value on what nobody says passes, so that is where both are equally likely
        limit = _weighted_quantile(logits[missing[used]], weights[used][missing[used]], 1 - LET_THROUGH)
        found[key] = [round(one, 4) for one in (numbers[0] - limit, *numbers[1:])]
    return found


def evaluate_presence(
    loaded: LoadedModel, data: Path, *, split: str = "test", stored: StoredFeatures | None = None, progress: bool = True
) -> dict[str, float]:
    """How often a word is told rightly as likely there (at least one half) or not.

    Returns:
        In percent: "there_told" of what MIN_CAPTIONS captions say, "missing_told" (taken for likely) of what nobody
        says; and "words", "there", how many. Nothing without numbers.

    Raises:
        DataError, ClipError: as `calibrate_presence`.
    """
    videos, clips = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    words = concrete_words(videos)
    there, missing = _truth(videos, words)
    calibration = loaded.model.config.calibration
    if not tells_presence(loaded) or not there.any():
        return {}
    directions = embed_all(loaded, words, embed_queries).numpy() - np.array(calibration[COMMON], np.float32)
    likely = weigh_presence(calibration, _evidence(loaded, clips, words, directions)) >= 0.5
    weights = _weights(there, missing)
    shares = {
        "there_told": np.average(likely[there], weights=weights[there]),
        "missing_told": np.average(likely[missing], weights=weights[missing]),
    }
    counts: dict[str, float] = {"words": int(there.any(0).sum()), "there": int(there.sum())}
    return {name: round(100 * float(share), 1) for name, share in shares.items()} | counts


def concrete_words(videos: Sequence[CaptionedVideo]) -> list[str]:
    """The nouns for things that may be asked for, and the plain verbs, that MIN_AGREEING captions of a video have."""
    counts: Counter[str] = Counter()
    for video in videos:
        said = Counter(
            word for one in video.captions for word in {*content_words(one).nouns, *content_words(one).verbs}
        )
        counts.update(word for word, count in said.items() if count >= MIN_AGREEING)
    return sorted(word for word in counts if word.isalpha() and len(word) > 1 and _is_concrete(word))


def _is_concrete(word: str) -> bool:
    known = lemmas(word)
    return thing_asked(f"where is the {word}?") == word or ("VERB" in known and "NOUN" not in known)


def _truth(videos: Sequence[CaptionedVideo], words: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which words are there and which are missing: (videos, words) each."""
    supporting = [count_supporting(video.captions) for video in videos]
    counts = np.array([[one[word] for word in words] for one in supporting]).reshape(len(videos), len(words))
    return counts >= MIN_CAPTIONS, counts == 0


def _weights(there: NDArray[np.bool_], missing: NDArray[np.bool_]) -> NDArray[np.float64]:
    """One for each word that is there; as much together for the videos without the same word: (videos, words)."""
    share = there.sum(0) / np.maximum(missing.sum(0), 1)
    return np.asarray(there + missing * share, np.float64)


def _evidence(
    loaded: LoadedModel, clips: Sequence[ClipTensors], words: Sequence[str], directions: NDArray[np.float32]
) -> NDArray[np.float64]:
    """(videos, words, 6), PER_BATCH videos at a time."""
    starts = range(0, len(clips), PER_BATCH)
    return np.concatenate(
        [presence_evidence(loaded, clips[start : start + PER_BATCH], words, directions) for start in starts]
    )


def _weighted_quantile(values: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    """The value below which `share` of the weight lies."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][min(int(np.searchsorted(reached, share)), len(values) - 1)])
