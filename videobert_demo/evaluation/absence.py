"""The evidence below which a thing is taken not to be in a video, from what people say is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from videobert_demo.evaluation.inputs import StoredFeatures, read_and_encode
from videobert_demo.evaluation.retrieval import commonest_words
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.content import MIN_AGREEING, count_supporting
from videobert_demo.tasks.absence import EVIDENCE, seen_evidence, thing_asked

WORDS, PER_BATCH = 400, 32
DENIED_SHARE = 0.05
"""How many things that people say are there may be denied, by either evidence."""


def calibrate_absence(
    loaded: LoadedModel, data: Path, *, split: str = "val", stored: StoredFeatures | None = None, progress: bool = True
) -> dict[str, list[float]]:
    """The evidence that all but DENIED_SHARE of the things reach that MIN_AGREEING captions of a video have.

    Returns:
        "absent_vector" and, with a mention head, "absent_mention", as the checkpoint's `calibration` takes them.

    Raises:
        DataError: the folder is not in a known format.
        ClipError: a whole clip cannot be read.
    """
    videos, clips = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    things = [word for word in commonest_words(videos, WORDS) if thing_asked(f"where is the {word}?") == word]
    if not things:
        return {}
    there = np.array([[count_supporting(video.captions)[one] >= MIN_AGREEING for one in things] for video in videos])
    limits: dict[str, list[float]] = {}
    parts = [seen_evidence(loaded, clips[at : at + PER_BATCH], things) for at in range(0, len(clips), PER_BATCH)]
    for source in EVIDENCE:
        values = np.concatenate([np.array(part[source]) for part in parts])
        known = there & np.isfinite(values)
        if known.any():
            limits[f"absent_{source}"] = [round(float(np.quantile(values[known], DENIED_SHARE)), 4)]
    return limits
