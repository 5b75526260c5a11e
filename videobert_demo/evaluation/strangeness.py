"""Does the model say that it cannot tell where nothing can be told, and only there? Made clips against videos."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from videobert_demo.data.made_clips import PATTERNS, make_clips
from videobert_demo.evaluation.inputs import StoredFeatures, encode_videos, read_and_encode, read_annotations
from videobert_demo.evaluation.metrics import accuracy_percent
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.strangeness import are_strange, measure_strangeness

MADE_CLIPS, SEED, CALIBRATION_SEED = 100, 2, 3
"""The seeds differ from the one of the clips that the head learned from (training/strangeness.py)."""
REFUSED_SHARE, TOLD_SHARE = 0.02, 0.95
"""How many held-out videos may be taken for strange ones, at most, and how many made clips should be."""


def calibrate_strangeness(
    loaded: LoadedModel, data: Path, *, split: str = "val", stored: StoredFeatures | None = None, progress: bool = True
) -> dict[str, list[float]]:
    """From which value on a clip is strange, by the videos of `data` and by made clips (`choose_strangeness_limit`).

    Returns:
        "strange", as the checkpoint's `calibration` takes it; nothing without the head.
    """
    if not loaded.model.config.tells_strangeness:
        return {}
    _, clips = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    made = [_encode_made(loaded, frames) for _, frames in make_clips(MADE_CLIPS, CALIBRATION_SEED)]
    limit = choose_strangeness_limit(measure_strangeness(loaded, clips), measure_strangeness(loaded, made))
    return {"strange": [round(limit, 4)]}


def choose_strangeness_limit(of_videos: Sequence[float], of_made: Sequence[float]) -> float:
    """Halfway between what all but REFUSED_SHARE of videos stay below and what TOLD_SHARE of made clips reach.

    Videos from elsewhere are less like those of training than held-out ones, so there has to be room. It is never so
    low that more of the videos are refused.
    """
    highest = float(np.quantile(of_videos, 1 - REFUSED_SHARE))
    return max(highest, (highest + float(np.quantile(of_made, 1 - TOLD_SHARE))) / 2)


def evaluate_strangeness(
    loaded: LoadedModel, data: Path, *, split: str = "test", stored: StoredFeatures | None = None, progress: bool = True
) -> dict[str, float]:
    """How many of MADE_CLIPS made clips, and of the videos of `data`, count as clips of which nothing can be told.

    Returns:
        In percent: "made_told" of the made clips, "made_told_noise" and so on of each pattern, "videos_refused" of the
        videos; and "videos", how many.
    """
    videos, whole = read_annotations(data, split)
    clips = encode_videos(loaded, data, videos, whole=whole, stored=stored, progress=progress)
    refused = [are_strange(loaded, [clip])[0] for clip in clips]
    told: dict[str, list[bool]] = {pattern: [] for pattern in PATTERNS}
    for pattern, frames in make_clips(MADE_CLIPS, SEED):
        told[pattern] += are_strange(loaded, [_encode_made(loaded, frames)])
    return {
        "made_told": accuracy_percent([one for of_pattern in told.values() for one in of_pattern]),
        **{f"made_told_{pattern}": accuracy_percent(of_pattern) for pattern, of_pattern in told.items()},
        "videos_refused": accuracy_percent(refused),
        "videos": len(videos),
    }


def _encode_made(loaded: LoadedModel, frames: NDArray[np.uint8]) -> ClipTensors:
    return ClipTensors(*loaded.encode_clip(loaded.prepare(frames)))
