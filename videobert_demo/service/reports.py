"""Results as plain JSON values, for the command line and the HTTP endpoints alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from videobert_demo.types import AnswerResult, CaptionResult, ClipInfo, Frames, Hit


def answer_report(frames: Frames, result: AnswerResult, shares: NDArray[np.float64], seconds: float) -> dict[str, Any]:
    """An answer as plain JSON values, for the command line and the HTTP endpoint; probabilities are in [0, 1].

    Args:
        shares: (T,), how much of the answer's relevance each frame has.
        seconds: how long it took, from the file to the answer.
    """
    return {
        "question": result.question,
        "answer": result.text,
        "probability": round(result.probability, 4),
        "sure": result.is_sure,
        "candidates": [
            {"text": answer.text, "probability": round(answer.probability, 4)} for answer in result.candidates
        ],
        "frames": [
            {"timestamp_seconds": round(float(moment), 3), "share": round(float(share), 4)}
            for moment, share in zip(frames.timestamps_seconds, shares, strict=True)
        ],
        "seconds": round(seconds, 3),
    }


def caption_report(info: ClipInfo, frames: Frames, result: CaptionResult, seconds: float) -> dict[str, Any]:
    """A caption as plain JSON values, for the command line and the HTTP endpoint; scores are in [0, 1].

    Args:
        seconds: how long it took, from the file to the text.
    """
    return {
        "caption": result.text,
        "score": round(result.score, 4),
        "candidates": [{"text": caption.text, "score": round(caption.score, 4)} for caption in result.candidates],
        "frames": [{"timestamp_seconds": round(float(moment), 3)} for moment in frames.timestamps_seconds],
        "duration_seconds": round(info.duration_seconds, 3),
        "seconds": round(seconds, 3),
    }


def search_report(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Hits as plain JSON values, best first; scores are cosine similarities in [-1, 1]."""
    return [
        {
            "title": hit.entry.title,
            "score": round(hit.score, 4),
            "start_seconds": round(hit.start_seconds, 3),
            "duration_seconds": round(hit.entry.duration_seconds, 3),
            "duplicates": hit.duplicates,
            "content_hash": hit.entry.content_hash,
        }
        for hit in hits
    ]
