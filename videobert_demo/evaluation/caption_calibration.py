"""Fits how support counts in the ranking of captions, and how likely a caption is right, on held-out videos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from videobert_demo.data.msrvtt import read_videos
from videobert_demo.evaluation.inputs import StoredFeatures, encode_videos
from videobert_demo.evaluation.metrics import score_captions
from videobert_demo.evaluation.sureness import apply_weights, choose_sure_from, fit_weights
from videobert_demo.evaluation.truth import score_truth
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.content import count_supporting, is_right
from videobert_demo.tasks.caption import BEAMS, caption_clips
from videobert_demo.tasks.embed import embed_clips
from videobert_demo.tasks.support import caption_evidence, mention_table, predict_mentions, support_of
from videobert_demo.types import Caption

WEIGHTS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
MAX_CIDER_LOSS = 0.7
"""What ranking by support may cost on held-out videos."""
VIDEOS_PER_BATCH = 16
FOLDS = 5


@torch.inference_mode()
def calibrate_captions(
    loaded: LoadedModel,
    data: Path,
    *,
    split: str = "val",
    stored: StoredFeatures | None = None,
    progress: bool = True,
) -> dict[str, Any]:
    """Chooses the weight of support, and fits the probability that the caption that is ranked first is right.

    Returns:
        "caption_mention_weight", and "calibration" with "caption" (what tasks/support.py takes) and "caption_sure" (the
        probability from which on a caption is sure). Nothing without a mention head.

    Raises:
        DataError: `data` is not a folder with videos.jsonl and frames.tar.
    """
    config = loaded.model.config
    if not config.mentioned_words:
        return {}
    videos = read_videos(data, split)
    clips = list(encode_videos(loaded, data, videos, whole=False, stored=stored, progress=progress))
    kept = config.caption_mention_weight, config.calibration
    config.caption_mention_weight, config.calibration = 0.0, {}  # so that captions come with the decoder's scores
    try:
        written: list[tuple[Caption, ...]] = []
        mentions: list[dict[str, float]] = []
        for start in range(0, len(clips), VIDEOS_PER_BATCH):
            part = clips[start : start + VIDEOS_PER_BATCH]
            written += caption_clips(loaded, part, candidates=BEAMS)
            mentions += mention_table(config.mentioned_words, predict_mentions(loaded, embed_clips(loaded, part)))
    finally:
        config.caption_mention_weight, config.calibration = kept
    references = {video.video_id: video.captions for video in videos}
    weight = choose_weight(written, mentions, references)
    supporting = [count_supporting(video.captions) for video in videos]
    candidates = [
        JudgedCaptions(
            np.stack([caption_evidence(one.text, one.score, table) for one in captions]),
            np.array([is_right(one.text, counts) for one in captions]),
            captions.index(_best(captions, table, weight)),
        )
        for captions, table, counts in zip(written, mentions, supporting, strict=True)
    ]
    numbers, sure_from = fit_captions(candidates)
    return {"caption_mention_weight": weight, "calibration": {"caption": numbers, "caption_sure": [sure_from]}}


@dataclass(frozen=True)
class JudgedCaptions:
    """The candidates of one video: their evidence (n, 4), whether they are right (n,), and which one is shown."""

    evidence: NDArray[np.float64]
    is_right: NDArray[np.bool_]
    shown: int


def fit_captions(candidates: Sequence[JudgedCaptions]) -> tuple[list[float], float]:
    """What tasks/support.py takes, and the probability from which on a caption is sure.

    All candidates tell what counts; only those that are shown tell how much, in videos that what counts was not fitted
    to: each of FOLDS parts is judged by what the others teach.
    """
    totals = np.zeros(len(candidates))
    for fold in range(min(FOLDS, len(candidates))):
        others = [one for number, one in enumerate(candidates) if number % FOLDS != fold] or list(candidates)
        numbers = _fit_candidates(others)
        for number in range(fold, len(candidates), FOLDS):
            one = candidates[number]
            totals[number] = numbers[0] + float(one.evidence[one.shown] @ np.array(numbers[1:]))
    right = np.array([one.is_right[one.shown] for one in candidates])
    offset, slope = fit_weights(totals[:, None], right)
    sure_from = choose_sure_from(apply_weights([offset, slope], totals[:, None]), right)
    everything = _fit_candidates(candidates)
    numbers = [offset + slope * everything[0], *(slope * one for one in everything[1:])]
    return [round(number, 4) for number in numbers], sure_from


def _fit_candidates(candidates: Sequence[JudgedCaptions]) -> list[float]:
    return fit_weights(
        np.concatenate([one.evidence for one in candidates]), np.concatenate([one.is_right for one in candidates])
    )


def choose_weight(
    written: Sequence[Sequence[Caption]],
    mentions: Sequence[Mapping[str, float]],
    references: Mapping[str, Sequence[str]],
) -> float:
    """The weight of WEIGHTS that leaves the fewest words unsupported, and costs at most MAX_CIDER_LOSS.

    Args:
        written: captions of each video with the decoder's scores. mentions: each video's table.
        references: people's captions by video, in the same order.
    """
    scores = {}
    for weight in WEIGHTS:
        best = [_best(captions, table, weight).text for captions, table in zip(written, mentions, strict=True)]
        chosen = dict(zip(references, best, strict=True))
        scores[weight] = score_captions(chosen, references)["CIDEr"], score_truth(chosen, references)["unsupported"]
    fitting = [weight for weight in WEIGHTS if scores[weight][0] >= scores[0.0][0] - MAX_CIDER_LOSS]
    return min(fitting, key=lambda weight: scores[weight][1])


def _best(captions: Sequence[Caption], mentions: Mapping[str, float], weight: float) -> Caption:
    return max(captions, key=lambda one: one.score * support_of(one.text, mentions) ** weight)
