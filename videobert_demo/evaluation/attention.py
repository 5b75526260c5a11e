"""Whether heatmaps show what the model relies on, and where a thing is. Three figures for each method, in percent.

The share of videos or pairs for which
    deletion_insertion_win   the areas of a caption noun's deletion and insertion curves, in the order of the heatmap,
                             together beat random order (attention/faithfulness.py)
    left_right               two videos side by side: the heatmap of a noun that one of them shows has more mass in that
                             one's half
    first_second             the same for two videos one after the other
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm.auto import tqdm

from videobert_demo.attention.explain import DEFAULT_METHOD, METHODS, explain
from videobert_demo.attention.faithfulness import Faithfulness, compare_heatmaps
from videobert_demo.attention.targets import Target, caption_word, typed_word
from videobert_demo.data.archive import FrameArchive
from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.data.pairs import align_frames, join_side_by_side, pick_evenly
from videobert_demo.errors import DataError
from videobert_demo.evaluation.composites import (
    Composite,
    choose_composites,
)
from videobert_demo.evaluation.inputs import encode_videos
from videobert_demo.evaluation.metrics import accuracy_percent
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.nouns import find_nouns, split_caption
from videobert_demo.tasks.caption import caption_clips
from videobert_demo.types import Heatmap

VIDEOS_PER_BATCH = 16
CURVE_STEPS = 6
RANDOM_DRAWS = 3


def evaluate_attention(
    loaded: LoadedModel,
    data: Path,
    *,
    split: str = "test",
    videos: int = 200,
    seed: int = 0,
    methods: Sequence[str] = METHODS,
    progress: bool = True,
) -> dict[str, Any]:
    """The three figures of each method over `videos` videos and as many pairs, drawn by `seed`.

    Returns:
        {method: {"deletion_insertion_win", "left_right", "first_second", "deletion_gain", "insertion_gain"}, "default":
        the method that the app uses, "videos": how many}; the gains are mean areas against random order, in nats.

    Raises:
        DataError: `data` is not a folder with videos.jsonl and frames.tar, has no videos with categories, or too few.
    """
    everything = read_videos(data)
    chosen = [video for video in everything if video.split == split]
    if not chosen:
        raise DataError(f"{data} has no videos of the split {split!r}")
    nouns = find_nouns([caption for video in everything for caption in video.captions])
    order = np.random.default_rng(seed).permutation(len(chosen))[:videos]
    alone = [chosen[index] for index in order]
    curves = _curves(loaded, data, alone, nouns, methods, seed=seed, progress=progress)
    pairs = choose_composites(chosen, nouns, len(alone), seed)
    sides = _sides(loaded, data, pairs, methods, progress=progress)
    report: dict[str, Any] = {}
    for method in methods:
        found = curves[method]
        report[method] = {
            "deletion_insertion_win": accuracy_percent([one.score > 0 for one in found]),
            "left_right": accuracy_percent([left_right for left_right, _ in sides[method]]),
            "first_second": accuracy_percent([first_second for _, first_second in sides[method]]),
            "deletion_gain": round(float(np.mean([one.deletion_gain for one in found])), 4),
            "insertion_gain": round(float(np.mean([one.insertion_gain for one in found])), 4),
        }
    return {**report, "default": DEFAULT_METHOD, "videos": len(alone)}


def choose_word(caption: str, nouns: frozenset[str], random: np.random.Generator) -> int:
    """The index in `caption.split()` of one of its nouns, drawn at random; of its longest word if it has none."""
    words = caption.split()
    indices = [index for index, word in enumerate(words) if "".join(split_caption(word)) in nouns]
    if indices:
        return int(random.choice(indices))
    return max(range(len(words)), key=lambda index: len(words[index]))


def has_right_half(heatmap: Heatmap, *, in_second: bool, axis: int) -> bool:
    """Whether the half that shows the noun has more of the heatmap's mass; equal mass counts as wrong.

    Args:
        in_second: the noun is in the later (axis 0) or right (axis 2) half.
        axis: 0 for time, 2 for columns; a middle row of an odd number counts for neither half.
    """
    length = heatmap.values.shape[axis]
    first, second = np.arange(length // 2), np.arange(length - length // 2, length)
    masses = [float(heatmap.values.take(half, axis=axis).sum(dtype=np.float64)) for half in (first, second)]
    return masses[1] > masses[0] if in_second else masses[0] > masses[1]


def _curves(
    loaded: LoadedModel,
    data: Path,
    videos: list[CaptionedVideo],
    nouns: frozenset[str],
    methods: Sequence[str],
    *,
    seed: int,
    progress: bool,
) -> dict[str, list[Faithfulness]]:
    """For each method the curves of every video, of a word of the caption that the model itself writes."""
    random = np.random.default_rng(seed)
    clips = list(encode_videos(loaded, data, videos, whole=False, progress=progress))
    captions = []
    for start in tqdm(range(0, len(clips), VIDEOS_PER_BATCH), desc="captions", unit="batch", disable=not progress):
        found = caption_clips(loaded, clips[start : start + VIDEOS_PER_BATCH])
        captions += [candidates[0].text for candidates in found]
    curves: dict[str, list[Faithfulness]] = {method: [] for method in methods}
    pairs = list(zip(clips, captions, strict=True))
    for number, (clip, caption) in enumerate(tqdm(pairs, desc="curves", unit="video", disable=not progress)):
        target = caption_word(loaded.processor, caption, choose_word(caption, nouns, random))
        heatmaps = {method: _explain(loaded, clip, target, method) for method in methods}
        results = compare_heatmaps(
            loaded, clip, target, heatmaps, steps=CURVE_STEPS, draws=RANDOM_DRAWS, seed=seed + number
        )
        for method, result in results.items():
            curves[method].append(result)
    return curves


def _sides(
    loaded: LoadedModel, data: Path, pairs: list[Composite], methods: Sequence[str], *, progress: bool
) -> dict[str, list[tuple[bool, bool]]]:
    """For each method and pair: was the right half found side by side, and one after the other?"""
    max_frames = int(loaded.model.config.max_frames)
    sides: dict[str, list[tuple[bool, bool]]] = {method: [] for method in methods}
    archive = FrameArchive(data / "frames.tar")
    try:
        for pair in tqdm(pairs, desc="composites", unit="pair", disable=not progress):
            target = typed_word(loaded.processor, pair.noun)
            beside = _encode(loaded, frames_side_by_side(archive, pair, max_frames))
            after = _encode(loaded, frames_one_after_the_other(archive, pair, max_frames))
            for method in methods:
                sides[method].append(
                    (
                        has_right_half(_explain(loaded, beside, target, method), in_second=pair.in_second, axis=2),
                        has_right_half(_explain(loaded, after, target, method), in_second=pair.in_second, axis=0),
                    )
                )
    finally:
        archive.close()
    return sides


def frames_side_by_side(archive: FrameArchive, pair: Composite, max_frames: int) -> list[NDArray[np.uint8]]:
    """At most `max_frames` frames (H, W, 3) with the first video in the left half and the second in the right one."""
    first, second = pair.first.frame_files, pair.second.frame_files
    return [
        join_side_by_side(archive.read(first[left]), archive.read(second[right]))
        for left, right in align_frames(len(first), len(second), max_frames)
    ]


def frames_one_after_the_other(archive: FrameArchive, pair: Composite, max_frames: int) -> list[NDArray[np.uint8]]:
    """At most `max_frames` frames (H, W, 3): as many of the first video, then of the second."""
    first, second = pair.first.frame_files, pair.second.frame_files
    count = min(len(first), len(second), max_frames // 2)
    return [archive.read(files[index]) for files in (first, second) for index in pick_evenly(len(files), count)]


def _encode(loaded: LoadedModel, frames: list[NDArray[np.uint8]]) -> ClipTensors:
    shape = loaded.preparation.choose_shape(*frames[0].shape[:2])  # the two videos may differ in size
    images = torch.cat([loaded.prepare(frame[None], shape) for frame in frames])
    return ClipTensors(*loaded.encode_clip(images))


def _explain(loaded: LoadedModel, clip: ClipTensors, target: Target, method: str) -> Heatmap:
    times = np.arange(len(clip.frame_features), dtype=np.float64)  # archives do not tell when a frame was shown
    return explain(loaded, clip, target, method, timestamps_seconds=times)
