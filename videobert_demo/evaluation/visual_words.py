"""Masked visual words of held-out videos, against guessing the commonest ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from tqdm.auto import tqdm

from videobert_demo.errors import DataError
from videobert_demo.evaluation.inputs import encode_videos, read_annotations
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.visual_words import predict_segments, read_visual_words


def evaluate_visual_words(
    loaded: LoadedModel, data: Path, *, split: str = "test", progress: bool = True
) -> dict[str, float]:
    """Hides each segment of every video of two segments or more, one at a time.

    The prior guesses the five visual words that these very segments show most often, which flatters it.

    Returns:
        In percent: "top1", "top5" (beside the other segments and the first caption), "without_text_top5", "prior_top5";
        and "segments", how many, and "words_in_use", how many different ones there are.

    Raises:
        DataError: the folder is not in a known format, or no video has two segments.
    """
    videos, whole = read_annotations(data, split)
    truth: list[int] = []
    guessed: list[list[int]] = []
    silent: list[list[int]] = []
    clips = encode_videos(loaded, data, videos, whole=whole, progress=False)
    for video, clip in tqdm(zip(videos, clips, strict=True), total=len(videos), desc="videos", disable=not progress):
        if len(clip.frame_features) < 2:
            continue
        words = read_visual_words(loaded, clip)
        for place, word in enumerate(words):
            truth.append(word.word_id)
            for found, sentence in ((guessed, video.captions[0]), (silent, None)):
                (best,) = predict_segments(loaded, clip, [place], sentence)
                found.append([guess.word_id for guess in best])
    if not truth:
        raise DataError(f"{data} has no video of two segments")
    counts = torch.tensor(truth).bincount()
    common = counts.topk(5).indices.tolist()
    answers = np.array(truth)[:, None]
    hits, silent_hits = np.array(guessed) == answers, np.array(silent) == answers
    return {
        "top1": _percent(hits[:, 0]),
        "top5": _percent(hits.any(1)),
        "without_text_top5": _percent(silent_hits.any(1)),
        "prior_top5": _percent(np.isin(truth, common)),
        "segments": len(truth),
        "words_in_use": int((counts > 0).sum()),
    }


def _percent(hits: np.ndarray) -> float:
    return round(100 * float(np.mean(hits)), 2)
