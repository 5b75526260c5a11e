"""What the model itself sees, as plain JSON values, for the command line and the HTTP endpoints alike.

Probabilities, shares and distances are numbers of four digits after the point, moments are seconds of three.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from videobert_demo.service.visual_words import Filled, Forecast, Kinds, Neighbour, Segment
from videobert_demo.tasks.cloze import Guess
from videobert_demo.tasks.visual_words import VisualWord
from videobert_demo.types import Frames


def tokens_report(
    segments: Sequence[Segment], neighbours: Sequence[Sequence[Neighbour]], foretold: Forecast, levels: int
) -> dict[str, Any]:
    """The visual words of a clip's segments, their like in the library, and the forecast of the second half.

    Args:
        neighbours: of each segment.
        levels: of the codebook's tree.
    """
    return {
        "levels": levels,
        "segments": [
            {
                "start_seconds": round(segment.start_seconds, 3),
                "timestamp_seconds": round(segment.moment_seconds, 3),
                "visual_word": segment.word.word_id,
                "distance": round(segment.word.value, 4),
                "neighbours": [_neighbour(one) for one in near],
            }
            for segment, near in zip(segments, neighbours, strict=True)
        ],
        "forecast": {
            "seen": foretold.seen,
            "segments": [
                {"visual_word": truth.word_id, "expected": _words(expected)}
                for truth, expected in zip(foretold.truth, foretold.expected, strict=True)
            ],
        },
    }


def cloze_report(filled: Filled) -> dict[str, Any]:
    """What stood at the hidden places."""
    return {
        "words": list(filled.words),
        "blanks": [
            {"place": blank.place, "with_clip": _guesses(blank.with_clip), "without_clip": _guesses(blank.without_clip)}
            for blank in filled.blanks
        ],
        "segments": [{"place": place, "expected": _words(words)} for place, words in filled.segments],
    }


def align_report(sentence: str, frames: Frames, whole: float, moments: NDArray[np.float64]) -> dict[str, Any]:
    """How likely a sentence belongs to a clip, and to each of its moments, (T,)."""
    times = frames.timestamps_seconds
    return {
        "sentence": sentence,
        "score": round(whole, 4),
        "peak_seconds": round(float(times[int(np.argmax(moments))]), 3),
        "moments": [
            {"timestamp_seconds": round(float(moment), 3), "score": round(float(score), 4)}
            for moment, score in zip(times, moments, strict=True)
        ],
    }


def reel_report(
    sentence: str, words: Sequence[VisualWord], shown: Sequence[Neighbour], *, temperature: float, seed: int
) -> dict[str, Any]:
    """A row of visual words, and the segment that stands for each; there are none where the library is empty."""
    return {
        "sentence": sentence,
        "temperature": temperature,
        "seed": seed,
        "segments": [
            {
                "visual_word": word.word_id,
                "probability": round(word.value, 4),
                "shown_by": _neighbour(shown[place]) if shown else None,
            }
            for place, word in enumerate(words)
        ],
    }


def classify_report(kinds: Kinds) -> dict[str, Any]:
    """What kind of clip it is."""
    return {
        "verbs": _guesses(kinds.verbs),
        "objects": _guesses(kinds.objects),
        "trained_verbs": _guesses(kinds.trained_verbs),
        "trained_objects": _guesses(kinds.trained_objects),
        "categories": _guesses(kinds.categories),
        "frame_labels": _guesses(kinds.labels),
        "labels": [
            {"text": label.text, "share": round(label.share, 4), "alignment": round(label.alignment, 4)}
            for label in kinds.typed
        ],
    }


def _guesses(guesses: Sequence[Guess]) -> list[dict[str, Any]]:
    return [{"text": guess.text, "probability": round(guess.probability, 4)} for guess in guesses]


def _words(words: Sequence[VisualWord]) -> list[dict[str, Any]]:
    return [{"visual_word": word.word_id, "probability": round(word.value, 4)} for word in words]


def _neighbour(neighbour: Neighbour) -> dict[str, Any]:
    segment = neighbour.segment
    return {
        "title": segment.title,
        "start_seconds": round(segment.start_seconds, 3),
        "timestamp_seconds": round(segment.moment_seconds, 3),
        "visual_word": segment.word.word_id,
        "shared_levels": neighbour.shared_levels,
        "same_word": neighbour.is_same_word,
        "content_hash": segment.content_hash,
    }
