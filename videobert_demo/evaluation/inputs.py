"""A folder of held-out data -> the model's features of each of its videos."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from videobert_demo.data.archive import FrameArchive
from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.data.whole_clips import read_whole_clips
from videobert_demo.errors import DataError
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import read_clip
from videobert_demo.video.sampling import group_frames


class StoredFeatures(Protocol):
    """Features that were computed before, by the names of their videos."""

    def load_named(self, video_ids: Sequence[str]) -> list[ClipTensors]:
        """Those of each video, in order; DataError for a video that is not there."""


def read_annotations(data: Path, split: str) -> tuple[list[CaptionedVideo], bool]:
    """The videos of `data`, and whether they are whole clips.

    A folder with videos.jsonl and frames.tar is read frame by frame (only `split`); any other folder needs one .jsonl
    with "file" and "captions" beside its clips (all of them, whatever their split).

    Raises:
        DataError: the folder has neither form, or the split is empty.
    """
    if (data / "videos.jsonl").exists():
        videos, whole = read_videos(data, split), False
    else:
        annotations = sorted(data.glob("*.jsonl"))
        if len(annotations) != 1:
            raise DataError(f"{data} needs videos.jsonl and frames.tar, or exactly one .jsonl beside whole clips")
        videos, whole = read_whole_clips(annotations[0]), True
    if not videos:
        raise DataError(f"{data} has no videos of the split {split!r}")
    return videos, whole


def read_and_encode(
    loaded: LoadedModel, data: Path, split: str, *, stored: StoredFeatures | None = None, progress: bool = True
) -> tuple[list[CaptionedVideo], list[ClipTensors]]:
    """The videos of `data`, as `read_annotations` finds them, and the features of each, as `encode_videos` gives them.

    Raises:
        DataError: the folder is not in a known format, or the split is empty.
        ClipError: a whole clip cannot be read.
    """
    videos, whole = read_annotations(data, split)
    return videos, list(encode_videos(loaded, data, videos, whole=whole, stored=stored, progress=progress))


def encode_videos(
    loaded: LoadedModel,
    data: Path,
    videos: list[CaptionedVideo],
    *,
    whole: bool,
    archive_name: str = "frames.tar",
    stored: StoredFeatures | None = None,
    progress: bool = True,
) -> Iterator[ClipTensors]:
    """The features of each video, in order: of whole clips, or of frames in the archive of that name in `data`.

    Args:
        stored: what `features` wrote of the same videos; then no frame is read.
    """
    if stored is not None:
        yield from stored.load_named([video.video_id for video in videos])
        return
    max_frames, per_segment = int(loaded.model.config.max_frames), loaded.preparation.frames
    most = max_frames * per_segment
    for pixels in read_pixels(data, videos, most, whole=whole, archive_name=archive_name, progress=progress):
        if per_segment > 1:
            pixels = pixels[group_frames(len(pixels), per_segment, max_frames)]  # (T, F, H, W, 3)
        yield ClipTensors(*loaded.encode_clip(loaded.prepare(pixels)))


def read_pixels(
    data: Path,
    videos: list[CaptionedVideo],
    most: int,
    *,
    whole: bool,
    archive_name: str = "frames.tar",
    progress: bool = True,
) -> Iterator[NDArray[np.uint8]]:
    """At most so many frames of each video, evenly taken: uint8 (N, H, W, 3), RGB.

    Raises:
        DataError: the archive, or a frame in it, is missing.
        ClipError: a whole clip cannot be read.
    """
    archive = None if whole else FrameArchive(data / archive_name)
    for video in tqdm(videos, desc="frames", unit="video", disable=not progress):
        if archive is None:
            yield read_clip(data / video.frame_files[0], most, limits=ClipLimits())[1].pixels
        else:
            count = len(video.frame_files)
            indices = np.unique(np.linspace(0, count - 1, min(most, count)).round())
            yield np.stack([archive.read(video.frame_files[int(index)]) for index in indices])
    if archive is not None:
        archive.close()
