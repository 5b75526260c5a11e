"""How likely a part of a description holds, and from which probability on it is said, aspect by aspect.

A person, a thing or a verb holds if MIN_AGREEING captions of the video say it, a category if it is the video's.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.evaluation.inputs import StoredFeatures, read_and_encode
from videobert_demo.evaluation.sureness import choose_sure_from, fit_correction
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.content import MIN_AGREEING, content_words, count_supporting
from videobert_demo.questions.lexicon import PEOPLE
from videobert_demo.tasks.parts import ASPECTS, Part, guess_parts
from videobert_demo.tasks.sureness import correct_probability, head_key

VIDEOS_PER_BATCH = 32
LABELLED = ("object", "verb", "category")
"""Aspects that the page shows as labels of a trained head, too, as sure from one probability on."""
MIN_HOLDING = 0.75
"""The share of parts that must hold among those that reach their limit, and how likely each must be by itself."""


def calibrate_parts(
    loaded: LoadedModel, data: Path, *, split: str = "val", stored: StoredFeatures | None = None, progress: bool = True
) -> dict[str, list[float]]:
    """The limit of each aspect, as "part_person" and so on; an aspect that never holds often enough has none.

    Also "label_sure", from which probability on a label of a head is sure, and how the probabilities of the heads are
    corrected (tasks/sureness.py); the limits are those of corrected ones.
    The model has no calibration yet.

    Raises:
        DataError: the folder is not in a known format.
        ClipError: a whole clip cannot be read.
    """
    videos, clips = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    starts = range(0, len(clips), VIDEOS_PER_BATCH)
    guessed = [parts for start in starts for parts in guess_parts(loaded, clips[start : start + VIDEOS_PER_BATCH])]
    categories = loaded.model.config.categories
    cases: dict[str, list[tuple[float, bool]]] = {aspect: [] for aspect in ASPECTS}
    for video, parts in zip(videos, guessed, strict=True):
        supporting = count_supporting(video.captions)
        for one in parts:
            cases[one.aspect].append((one.probability, holds(one, video, supporting, categories)))
    calibration: dict[str, list[float]] = {}
    judged: list[tuple[float, bool]] = []
    for aspect, of_aspect in cases.items():
        numbers = fit_correction(*map(list, zip(*of_aspect, strict=True))) if of_aspect else []
        if numbers:
            calibration[head_key(aspect)] = numbers
        corrected = [(correct_probability(calibration, head_key(aspect), one), right) for one, right in of_aspect]
        limit = choose_part_limit(corrected) if corrected else None
        if limit is not None:
            calibration[f"part_{aspect}"] = [limit]
        judged += corrected if aspect in LABELLED and numbers else []
    if judged:
        calibration["label_sure"] = [choose_sure_from(*map(np.array, zip(*judged, strict=True)))]
    return calibration


def holds(part: Part, video: CaptionedVideo, supporting: Counter[str], categories: list[str]) -> bool:
    """Whether people say so of a video.

    Args:
        supporting: what `count_supporting` gives for its captions.
        categories: names by the numbers that videos have.
    """
    if part.aspect == "category":
        number = video.category
        return number is not None and number in range(len(categories)) and categories[number] == part.text
    if part.aspect == "person":
        return sum(not PEOPLE.isdisjoint(content_words(one).nouns) for one in video.captions) >= MIN_AGREEING
    return supporting[part.text] >= MIN_AGREEING


def choose_part_limit(cases: list[tuple[float, bool]]) -> float | None:
    """The least probability from which on parts hold often enough; None where there is none.

    It is at least MIN_HOLDING, and at least how often parts of the aspect hold anyway: most videos show people, so to
    say so of a clip one must see more there than in most.

    Args:
        cases: the corrected probability of each, and whether it holds.
    """
    probabilities, right = np.array([one for one, _ in cases]), np.array([one for _, one in cases], dtype=bool)
    limit = max(MIN_HOLDING, float(right.mean()), choose_sure_from(probabilities, right))
    reached = right[probabilities >= limit]
    return limit if len(reached) and reached.mean() >= MIN_HOLDING else None
