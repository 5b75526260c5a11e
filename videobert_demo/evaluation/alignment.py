"""Does the alignment head tell a video's caption from another's?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from videobert_demo.evaluation.inputs import StoredFeatures, read_and_encode
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.align import align

PER_BATCH = 32


def evaluate_alignment(
    loaded: LoadedModel,
    data: Path,
    *,
    split: str = "test",
    seed: int = 0,
    stored: StoredFeatures | None = None,
    progress: bool = True,
) -> dict[str, float]:
    """Every video beside its first caption, beside another video's, and beside that of one of its own category.

    Returns:
        The areas under the ROC "auc" and "hard_auc" in [0, 1], and "videos".

    Raises:
        DataError: the folder is not in a known format.
    """
    videos, clips = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    random = np.random.default_rng(seed)
    everyone = range(len(videos))
    mismatched, alike = [], []
    for number, video in enumerate(videos):
        others = [other for other in everyone if other != number] or [number]
        same = [other for other in others if videos[other].category == video.category] or others
        mismatched.append(int(random.choice(others)))
        alike.append(int(random.choice(same)))
    scores = [
        _scores(loaded, clips, [videos[source].captions[0] for source in sources], progress=progress)
        for sources in (list(everyone), mismatched, alike)
    ]
    return {
        "auc": round(area_under_roc(scores[0], scores[1]), 4),
        "hard_auc": round(area_under_roc(scores[0], scores[2]), 4),
        "videos": len(videos),
    }


def area_under_roc(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> float:
    """The probability that a positive scores above a negative; ties count half."""
    above = positive[:, None] > negative[None]
    level = positive[:, None] == negative[None]
    return float(above.mean() + level.mean() / 2)


def _scores(
    loaded: LoadedModel, clips: list[ClipTensors], sentences: list[str], *, progress: bool
) -> NDArray[np.float64]:
    found: list[float] = []
    for start in tqdm(range(0, len(clips), PER_BATCH), desc="alignment", unit="batch", disable=not progress):
        part = slice(start, start + PER_BATCH)
        found += align(loaded, clips[part], sentences[part]).tolist()
    return np.array(found)
