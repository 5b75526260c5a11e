"""How well masked visual words of held-out videos are predicted, against guessing the most frequent ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm.auto import tqdm

from videobert_demo.errors import DataError
from videobert_demo.evaluation.inputs import StoredFeatures, encode_videos, read_annotations
from videobert_demo.evaluation.metrics import accuracy_percent
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.visual_words import read_visual_words, segment_probabilities

PER_BATCH = 32


def evaluate_visual_words(
    loaded: LoadedModel, data: Path, *, split: str = "test", stored: StoredFeatures | None = None, progress: bool = True
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
    hidden: list[tuple[ClipTensors, int, str]] = []
    for video, clip in zip(
        videos, encode_videos(loaded, data, videos, whole=whole, stored=stored, progress=progress), strict=True
    ):
        if len(clip.frame_features) > 1:
            truth += [word.word_id for word in read_visual_words(loaded, clip)]
            hidden += [(clip, index, video.captions[0]) for index in range(len(clip.frame_features))]
    if not truth:
        raise DataError(f"{data} has no video of two segments")
    counts = torch.tensor(truth).bincount()
    common = counts.topk(5).indices.tolist()
    answers = np.array(truth)[:, None]
    hits = _best_words(loaded, hidden, with_text=True, progress=progress) == answers
    silent_hits = _best_words(loaded, hidden, with_text=False, progress=progress) == answers
    return {
        "top1": accuracy_percent(hits[:, 0]),
        "top5": accuracy_percent(hits.any(1)),
        "without_text_top5": accuracy_percent(silent_hits.any(1)),
        "prior_top5": accuracy_percent(np.isin(truth, common)),
        "segments": len(truth),
        "words_in_use": int((counts > 0).sum()),
    }


def _best_words(
    loaded: LoadedModel, hidden: list[tuple[ClipTensors, int, str]], *, with_text: bool, progress: bool
) -> NDArray[np.int64]:
    """The ids (N, 5) of the likeliest words at each hidden segment."""
    found: list[list[int]] = []
    for start in tqdm(range(0, len(hidden), PER_BATCH), desc="visual words", unit="batch", disable=not progress):
        clips, indices, sentences = zip(*hidden[start : start + PER_BATCH], strict=True)
        probabilities = segment_probabilities(
            loaded, clips, [[index] for index in indices], sentences if with_text else None
        )
        found += [row[0].topk(5).indices.tolist() for row in probabilities]
    return np.array(found)
