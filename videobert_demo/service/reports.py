"""Results as plain JSON values, for the command line and the HTTP endpoints alike.

Scores, probabilities, shares and distances have four digits after the point, times in seconds have three.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from videobert_demo.service.results import (
    Alignment,
    Classification,
    Filled,
    Forecast,
    Inspection,
    OwnLabel,
    OwnLabelScore,
    Reel,
)
from videobert_demo.service.segments import Neighbour
from videobert_demo.types import Answer, AnswerResult, Caption, CaptionResult, ClipInfo, Frames, Hit
from videobert_demo.types.visual_words import Guess, VisualWord


def answer_report(frames: Frames, result: AnswerResult, shares: NDArray[np.float64], seconds: float) -> dict[str, Any]:
    """An answer; probabilities are in [0, 1].

    Args:
        shares: (T,), how much of the answer's relevance each frame has.
        seconds: how long it took, from the file to the answer.
    """
    return {
        "question": result.question,
        **({"asked": result.asked} if result.asked else {}),
        "answer": result.text,
        **_english(result),
        "probability": round(result.probability, 4),
        "sure": result.is_sure,
        "can_tell": result.can_tell,
        "absent": result.absent,
        "candidates": [
            {"text": answer.text, "probability": round(answer.probability, 4), **_english(answer)}
            for answer in result.candidates
        ],
        "frames": [
            {"timestamp_seconds": round(float(moment), 3), "share": round(float(share), 4)}
            for moment, share in zip(frames.timestamps_seconds, shares, strict=True)
        ],
        "seconds": round(seconds, 3),
    }


def caption_report(info: ClipInfo, frames: Frames, result: CaptionResult, seconds: float) -> dict[str, Any]:
    """A caption; scores and probabilities are in [0, 1]; without calibration there is no probability.

    Args:
        seconds: how long it took, from the file to the text.
    """
    return {
        "caption": result.text,
        **_english(result),
        "score": round(result.score, 4),
        "probability": _rounded(result.probability),
        "sure": result.is_sure,
        "can_tell": result.can_tell,
        "holds": result.holds,
        **({"holds_english": result.holds_english} if result.holds_english else {}),
        "candidates": [
            {
                "text": caption.text,
                **_english(caption),
                "score": round(caption.score, 4),
                "probability": _rounded(caption.probability),
            }
            for caption in result.candidates
        ],
        "frames": [{"timestamp_seconds": round(float(moment), 3)} for moment in frames.timestamps_seconds],
        "duration_seconds": round(info.duration_seconds, 3),
        "seconds": round(seconds, 3),
    }


def search_report(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Hits, best first, those that may not fit marked; scores are cosine similarities in [-1, 1]."""
    return [
        {
            "title": hit.entry.title,
            "score": round(hit.score, 4),
            "sure": hit.is_sure,
            "start_seconds": round(hit.start_seconds, 3),
            "duration_seconds": round(hit.entry.duration_seconds, 3),
            "duplicates": hit.duplicates,
            "content_hash": hit.entry.content_hash,
        }
        for hit in hits
    ]


def tokens_report(inspection: Inspection, forecast: Forecast) -> dict[str, Any]:
    """The visual words of a clip's segments, their neighbours in the library, and the forecast of the second half."""
    return {
        "levels": inspection.levels,
        "segments": [
            {
                "start_seconds": round(segment.start_seconds, 3),
                "timestamp_seconds": round(segment.moment_seconds, 3),
                **_word(segment.word),
                "distance": round(segment.word.value, 4),
                "neighbours": [_neighbour(one) for one in neighbours],
            }
            for segment, neighbours in zip(inspection.segments, inspection.neighbours, strict=True)
        ],
        "forecast": forecast_report(forecast),
    }


def forecast_report(forecast: Forecast) -> dict[str, Any]:
    """What was expected of a clip's second half, knowing the first, beside what came."""
    return {
        "seen": forecast.seen,
        "segments": [
            {**_word(truth), "expected": _words(expected)}
            for truth, expected in zip(forecast.truth, forecast.expected, strict=True)
        ],
    }


def cloze_report(filled: Filled) -> dict[str, Any]:
    """What stood at the hidden positions."""
    return {
        "words": list(filled.words),
        "blanks": [
            {
                "place": blank.position,
                "with_clip": _guesses(blank.with_clip),
                "without_clip": _guesses(blank.without_clip),
            }
            for blank in filled.blanks
        ],
        "segments": [{"place": index, "expected": _words(words)} for index, words in filled.segments],
    }


def align_report(alignment: Alignment) -> dict[str, Any]:
    """How likely a sentence belongs to a clip, and to each of its moments."""
    times = alignment.timestamps_seconds
    return {
        "sentence": alignment.sentence,
        "score": round(alignment.probability, 4),
        "peak_seconds": round(float(times[alignment.peak]), 3),
        "moments": [
            {"timestamp_seconds": round(float(moment), 3), "score": round(float(score), 4)}
            for moment, score in zip(times, alignment.moments, strict=True)
        ],
    }


def reel_report(reel: Reel) -> dict[str, Any]:
    """A row of visual words, and the segment that stands for each; there are none where the library is empty."""
    return {
        "sentence": reel.sentence,
        "temperature": reel.temperature,
        "seed": reel.seed,
        "segments": [
            {
                **_word(word),
                "probability": round(word.value, 4),
                "shown_by": _neighbour(reel.shown[index]) if reel.shown else None,
            }
            for index, word in enumerate(reel.words)
        ],
    }


def classify_report(found: Classification) -> dict[str, Any]:
    """What kind of clip it is."""
    return {
        "verbs": _guesses(found.verbs),
        "objects": _guesses(found.objects),
        "trained_verbs": _guesses(found.trained_verbs),
        "trained_objects": _guesses(found.trained_objects),
        "categories": _guesses(found.categories),
        "frame_labels": _guesses(found.labels),
        "labels": [
            {"text": label.text, "share": round(label.share, 4), "alignment": round(label.alignment, 4)}
            for label in found.typed
        ],
        "own_labels": own_scores_report(found.own),
    }


def own_label_report(label: OwnLabel) -> dict[str, Any]:
    """A label that was taught, and how well it tells examples and other moments that it was not shown."""
    fit = label.fit
    return {
        "name": label.name,
        "accuracy": round(fit.accuracy, 4),
        "found": fit.found,
        "examples": fit.examples,
        "taken": fit.taken,
        "others": fit.others,
    }


def own_scores_report(scores: Sequence[OwnLabelScore]) -> list[dict[str, Any]]:
    """How well each label that was taught fits a clip; scores and thresholds are cosine similarities in [-1, 1]."""
    return [
        {
            "name": one.name,
            "fits": one.fits,
            "score": round(one.score, 4),
            "threshold": round(one.threshold, 4),
            "peak_seconds": round(one.peak_seconds, 3),
        }
        for one in scores
    ]


def _english(said: Caption | Answer | CaptionResult | AnswerResult | Guess) -> dict[str, str]:
    """The sentence as the model wrote it, where another one is a translation."""
    return {"english": said.english} if said.english else {}


def _rounded(probability: float | None) -> float | None:
    return None if probability is None else round(probability, 4)


def _guesses(guesses: Sequence[Guess]) -> list[dict[str, Any]]:
    return [{"text": one.text, "probability": round(one.probability, 4), **_english(one)} for one in guesses]


def _words(words: Sequence[VisualWord]) -> list[dict[str, Any]]:
    return [{**_word(word), "probability": round(word.value, 4)} for word in words]


def _word(word: VisualWord) -> dict[str, Any]:
    english = {"english": word.english_name} if word.english else {}
    return {"visual_word": word.word_id, "name": word.name, **english}


def _neighbour(neighbour: Neighbour) -> dict[str, Any]:
    segment = neighbour.segment
    return {
        "title": segment.title,
        "start_seconds": round(segment.start_seconds, 3),
        "timestamp_seconds": round(segment.moment_seconds, 3),
        **_word(segment.word),
        "shared_levels": neighbour.shared_levels,
        "same_word": neighbour.is_same_word,
        "content_hash": segment.content_hash,
    }
