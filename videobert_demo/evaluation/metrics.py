"""Metrics over plain strings and similarity matrices; knows no model.

Those of captions are in caption_metrics.py. pycocoevalcap's Java tokenizer is not used: sentences are lower-cased and
split into words of letters, digits and apostrophes, on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from videobert_demo.evaluation.caption_metrics import DEFAULT, compute_metric

_NOT_A_WORD = re.compile(r"[^a-z0-9']+")


def accuracy_percent(hits: Sequence[bool] | NDArray[np.bool_]) -> float:
    """The share of hits in percent, to two digits; 0 if there are none."""
    return round(100 * float(np.mean(hits)), 2) if len(hits) else 0.0


def split_words(sentence: str) -> str:
    """Lower-case words, separated by single spaces."""
    return _NOT_A_WORD.sub(" ", sentence.lower()).strip()


def score_captions(
    written: Mapping[str, str], references: Mapping[str, Sequence[str]], metrics: Sequence[str] = DEFAULT
) -> dict[str, float]:
    """Metrics of caption_metrics.py in percent points; CIDEr is the D variant, as pycocoevalcap computes it.

    Args:
        written: one caption a video. references: the people's captions of the same videos; CIDEr takes its document
            frequencies from them, so it needs many videos to mean something.
        metrics: which ones; by default those that need no Java.
    """
    candidates = {video: [split_words(text)] for video, text in written.items()}
    targets = {video: [split_words(text) for text in references[video]] for video in written}
    scores = {name: round(100 * compute_metric(name, targets, candidates), 2) for name in metrics}
    return {**scores, "videos": len(candidates)}


def score_retrieval(similarity: NDArray[np.float32], wanted: Sequence[int] | None = None) -> dict[str, float]:
    """Recall at 1, 5, 10 in percent and the median rank, for text-to-video search.

    Args:
        similarity: (queries, videos). Ties count against the query.
        wanted: the number of each query's video; None where query n asks for video n.
    """
    videos = range(similarity.shape[-1]) if wanted is None else wanted
    if similarity.ndim != 2 or len(similarity) != len(videos):
        raise ValueError(f"expected a row for each of {len(videos)} wanted videos, got {similarity.shape}")
    truth = similarity[np.arange(len(videos)), list(videos)][:, None]
    ranks = (similarity >= truth).sum(axis=1)  # 1 is the best rank
    scores = {f"R@{k}": round(100 * float((ranks <= k).mean()), 2) for k in (1, 5, 10)}
    return {**scores, "MedR": float(np.median(ranks)), "videos": similarity.shape[1]}


def score_ranking(similarity: NDArray[np.float32], fits: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Average precision of each query, in [0, 1]: the mean, over the videos that fit, of the precision down to them.

    Args:
        similarity: (queries, videos). fits: the same shape; at least one video fits each query.
    """
    if similarity.shape != fits.shape or not fits.any(axis=1).all():
        raise ValueError(f"every query needs a video that fits, got {similarity.shape} and {fits.shape}")
    order = np.argsort(-similarity, axis=1, kind="stable")
    hits = np.take_along_axis(fits, order, axis=1)
    precision = hits.cumsum(1) / np.arange(1, hits.shape[1] + 1)
    return np.asarray((precision * hits).sum(1) / hits.sum(1), dtype=np.float64)
