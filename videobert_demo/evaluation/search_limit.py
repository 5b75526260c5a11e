"""From which score on a clip fits one to three words: words that are in a library against words that nobody said.

Every library here is LIBRARY_CLIPS held-out videos, as many as a small library has. A larger library lets more words
pass that it does not have: the best of more scores is higher.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from videobert_demo.evaluation.inputs import StoredFeatures, read_and_encode
from videobert_demo.evaluation.retrieval import compare_with_clips, embed_all, fitting_videos
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.embed import embed_queries

REFUSED_SHARE = 0.1
"""How many words that are in the library may find nothing."""
LIBRARY_CLIPS, DRAWS = 9, 20
"""How many clips a library has, and how many libraries are drawn for each word."""
MIN_CAPTIONS = 5
"""A word is in a library if this many captions of one of its videos have it."""


def calibrate_search(
    loaded: LoadedModel, data: Path, *, split: str = "val", stored: StoredFeatures | None = None, progress: bool = True
) -> dict[str, list[float]]:
    """The best score that all but REFUSED_SHARE of the commonest words reach in a library that has them.

    Returns:
        "search_word", as the checkpoint's `calibration` takes it; nothing where too few words are in any video.

    Raises:
        DataError: the folder is not in a known format.
        ClipError: a whole clip cannot be read.
    """
    videos, clips = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    fitting = fitting_videos(videos, MIN_CAPTIONS)
    if not fitting:
        return {}
    scores = compare_with_clips(loaded, embed_all(loaded, list(fitting), embed_queries), clips)
    return {"search_word": [choose_score_limit(scores, np.stack(list(fitting.values())))]}


def choose_score_limit(scores: NDArray[np.float32], fits: NDArray[np.bool_], seed: int = 0) -> float:
    """The REFUSED_SHARE-quantile of best scores, each in a library with one clip that fits and others drawn at random.

    Args:
        scores: (words, clips). fits: (words, clips), at least one clip for each word.
        seed: of the draw.
    """
    random = np.random.default_rng(seed)
    count = scores.shape[1]
    best = []
    for row, fitting in [pair for pair in zip(scores, fits, strict=True) for _ in range(DRAWS)]:
        others = random.choice(count, min(LIBRARY_CLIPS, count) - 1, replace=False)
        best.append(max(row[random.choice(np.flatnonzero(fitting))], *row[others], -1.0))
    return round(float(np.quantile(best, REFUSED_SHARE)), 4)
