"""Makes clips of videos of which only a few frames are known, for films whose every cut is known.

    shot     one frame, seen by a camera that moves over it and comes nearer or goes away: no cut can be in it
    clip     all frames of a video, one after another, each for two seconds

Such a camera moves and what is before it does not: figures of such films say nothing about people and things that
move. Knows archives of frames; knows nothing about models.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from videobert_demo.data.archive import FrameArchive
from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.errors import DataError
from videobert_demo.types import Frames

SHOT_SECONDS, SHOT_RATE = 3.0, 10
SECONDS_PER_FRAME = 2.0

_SEEN_SHARES = (0.7, 1.0)  # Of the frame's sides: how much of it the camera sees at least and at most.


def read_split(data: Path, split: str, count: int | None) -> list[CaptionedVideo]:
    """Videos of a split in DIR/videos.jsonl, evenly taken if only `count` are wanted.

    Raises:
        DataError: the folder has no such videos.
    """
    videos = read_videos(data, split)
    if not videos:
        raise DataError(f"{data} has no videos of the split {split!r}")
    if count is None or count >= len(videos):
        return videos
    return [videos[position] for position in np.linspace(0, len(videos) - 1, count).round().astype(int).tolist()]


def moving_shots(data: Path, videos: Sequence[CaptionedVideo], seed: int = 0) -> list[Frames]:
    """The middle frame of each video as a camera sees it that moves over it for some seconds.

    Args:
        data: Where frames.tar is.
        videos: Whose frames are wanted.
        seed: Where the camera's ways come from.
    """
    random = np.random.default_rng(seed)
    archive = FrameArchive(data / "frames.tar")
    try:
        return [_moving(archive.read(video.frame_files[len(video.frame_files) // 2]), random) for video in videos]
    finally:
        archive.close()


def held_frames(archive: FrameArchive, video: CaptionedVideo) -> Frames:
    """A video's frames, each for `SECONDS_PER_FRAME`, the last one as well; all of the size of the first."""
    read = [archive.read(name) for name in video.frame_files]
    height, width = read[0].shape[:2]
    pictures = [cv2.resize(one, (width, height), interpolation=cv2.INTER_AREA) for one in [*read, read[-1]]]
    seconds = np.arange(len(pictures), dtype=np.float64) * SECONDS_PER_FRAME
    return Frames(np.stack(pictures).astype(np.uint8, copy=False), seconds)


def _moving(picture: NDArray[np.uint8], random: np.random.Generator) -> Frames:
    """The picture, uint8 (H, W, 3), seen through a window that goes from one place and size to another."""
    height, width = picture.shape[:2]
    count = int(SHOT_SECONDS * SHOT_RATE) + 1
    way = np.linspace(0.0, 1.0, count)[:, None]
    # Three values at the start and at the end: the window's size, how far right and how far down it is.
    start, end = random.uniform((_SEEN_SHARES[0], 0.0, 0.0), (_SEEN_SHARES[1], 1.0, 1.0), (2, 3))
    pictures = []
    for share, right, down in (start + way * (end - start)).tolist():
        left, top = right * (1 - share) * width, down * (1 - share) * height
        matrix = np.array([[share, 0.0, left], [0.0, share, top]])  # from a pixel that is seen to the picture's
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        pictures.append(cv2.warpAffine(picture, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE))
    return Frames(np.stack(pictures).astype(np.uint8, copy=False), np.arange(count) / SHOT_RATE)
