"""How well a sentence finds its time range: films joined from whole clips, each with its captions.

Each film is a few clips one after another, seven in the mean; a caption of a clip should find where that clip is in the
film, from start to end. Recall counts it as found if intersection over union is at least one half.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from videobert_demo.data.archive import FrameArchive
from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.whole_clips import read_whole_clips
from videobert_demo.errors import DataError
from videobert_demo.evaluation.frame_clips import held_frames, read_split
from videobert_demo.evaluation.scenes import FRAMES_PER_SECOND, at_rate
from videobert_demo.evaluation.timelines import resized, write_film
from videobert_demo.model.loading import LoadedModel
from videobert_demo.service.moments import MomentOperations
from videobert_demo.settings import Settings
from videobert_demo.timeline.spans import Span, overlap_share
from videobert_demo.types import ClipLimits, Frames
from videobert_demo.video.decode import read_clip

CLIPS_PER_FILM = 7
CAPTIONS_PER_CLIP = 5
MIN_OVERLAP = 0.5
RANKS = (1, 5)

_SIDE, _SIZE = 480, (480, 270)
_MAX_PICTURES = 1000


@dataclass(frozen=True, slots=True)
class _Clip:
    """Captions of a clip, and what reads its pictures."""

    captions: tuple[str, ...]
    read: Callable[[], Frames]


def evaluate_moments(
    loaded: LoadedModel, data: Path, *, split: str | None = None, videos: int | None = None, progress: bool = True
) -> dict[str, float]:
    """Recall of time ranges.

    Args:
        data: A folder of whole clips with one .jsonl of captions beside them, or one that has it in clips/ or
            msrvtt/clips/; with a split one with videos.jsonl and frames.tar.
        split: Of which videos the frames, two seconds each, are the clips.
        videos: How many videos of the split; by default all.
        progress: Show a bar.

    Returns:
        In percent: "recall_1", "recall_5", the share of captions of which the first, or one of the first five ranges
        has an IoU of at least 0.5 with the clip; "recall_1_chance", the same for random ranges as long as the clip; and
        "captions", "clips", "films", how many.

    Raises:
        DataError: The folder has no captions of whole clips.
    """
    clips = _clips_of_split(data, split, videos) if split is not None else _whole_clips(data)
    demo = MomentOperations(loaded, Settings(cache_clips=1))
    count = -(-len(clips) // CLIPS_PER_FILM)
    ranks: list[int] = []  # of the first range that fits; large if none does
    by_chance: list[float] = []
    for number in tqdm(range(count), desc="films", unit="film", disable=not progress):
        part = clips[number::count]
        with tempfile.TemporaryDirectory() as made:
            film = Path(made) / "film.mp4"
            spans = _join(part, film)
            duration_seconds = spans[-1][1]
            for clip, span in zip(part, spans, strict=True):
                for caption in clip.captions:
                    found = demo.moments(film, caption, count=max(RANKS))
                    ranks.append(_rank([(one.moment.start_seconds, one.moment.end_seconds) for one in found], span))
                    by_chance.append(_probability_by_chance(span, duration_seconds))
    return {
        **{f"recall_{rank}": round(100 * float(np.mean(np.array(ranks) < rank)), 2) for rank in RANKS},
        "recall_1_chance": round(100 * float(np.mean(by_chance)), 2),
        "captions": len(ranks),
        "clips": len(clips),
        "films": count,
    }


def _find_clips(data: Path) -> tuple[Path, list[CaptionedVideo]]:
    for folder in (data, data / "clips", data / "msrvtt" / "clips"):
        annotations = sorted(folder.glob("*.jsonl"))
        if len(annotations) == 1 and next(folder.glob("*.mp4"), None) is not None:
            return folder, read_whole_clips(annotations[0])
    raise DataError(f"{data} needs whole clips with one .jsonl of their captions, there or in its folder clips")


def _whole_clips(data: Path) -> list[_Clip]:
    folder, videos = _find_clips(data)

    def read(video: CaptionedVideo) -> Frames:
        path = folder / video.frame_files[0]
        return read_clip(path, _MAX_PICTURES, limits=ClipLimits(), max_side=_SIDE)[1]

    return [_Clip(video.captions[:CAPTIONS_PER_CLIP], partial(read, video)) for video in videos]


def _clips_of_split(data: Path, split: str, count: int | None) -> list[_Clip]:
    videos, archive = read_split(data, split, count), FrameArchive(data / "frames.tar")
    return [_Clip(video.captions[:CAPTIONS_PER_CLIP], partial(held_frames, archive, video)) for video in videos]


def _join(clips: Sequence[_Clip], film: Path) -> list[Span]:
    """Writes a film of clips, one after another, and tells where each is."""
    pictures, spans = list[NDArray[np.uint8]](), list[Span]()
    for clip in clips:
        start = len(pictures)
        pictures += at_rate(resized(clip.read(), _SIZE))
        spans.append((start / FRAMES_PER_SECOND, len(pictures) / FRAMES_PER_SECOND))
    write_film(film, pictures)
    return spans


def _rank(found: Sequence[Span], span: Span) -> int:
    """Which of the ranges, from 0, is the first that fits; more than `RANKS` if none does."""
    fitting = (index for index, one in enumerate(found) if overlap_share(one, span) >= MIN_OVERLAP)
    return next(fitting, max(RANKS) + 1)


def _probability_by_chance(span: Span, duration_seconds: float) -> float:
    """How often a range as long as a span, anywhere in the film, fits it."""
    length = span[1] - span[0]
    reach = length * (1 - MIN_OVERLAP) / (1 + MIN_OVERLAP)  # shifted by more than this, IoU falls below MIN_OVERLAP
    slack_seconds = duration_seconds - length
    if slack_seconds <= 0:
        return 1.0
    return min(1.0, (min(reach, span[0]) + min(reach, duration_seconds - span[1])) / slack_seconds)
