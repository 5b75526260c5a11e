"""Two videos as one clip: which of their frames stand side by side.

    side by side     +---------+---------+
                     |  a_t    |  b_t    |
                     +---------+---------+

Knows pixels; knows no model.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from videobert_demo.data.archive import FrameArchive
from videobert_demo.data.captioned import CaptionedVideo

_BETWEEN = "|"


def align_frames(first: int, second: int, max_frames: int) -> list[tuple[int, int]]:
    """Pairs up the frames of two videos, by their numbers of frames: as many pairs as the longer video has frames.

    There are at most `max_frames` pairs, spread evenly over both videos.

    2 and 4 frames:   (0, 0) (0, 1) (1, 2) (1, 3)
    """
    length = min(max(first, second), max_frames)
    middles = (np.arange(length) + 0.5) / length
    return [(int(middle * first), int(middle * second)) for middle in middles]


def join_side_by_side(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Two frames (H, W, 3) of any sizes -> one frame of the left one's size, each whole frame in one half."""
    height, width = left.shape[:2]
    halves = (width // 2, width - width // 2)
    parts = [
        cv2.resize(frame, (half, height), interpolation=cv2.INTER_AREA)
        for frame, half in zip((left, right), halves, strict=True)
    ]
    return np.concatenate(parts, axis=1).astype(np.uint8, copy=False)


def pick_evenly(available: int, count: int) -> list[int]:
    """Picks `count` of the available frames, evenly spread: 2 of 4 are frames 1 and 3."""
    return [int((index + 0.5) * available / count) for index in range(count)]


def draw_pairs(videos: Sequence[CaptionedVideo], count: int, max_frames: int, seed: int) -> list[CaptionedVideo]:
    """Draws videos that show two videos side by side; their names are those of both with a "|" between them."""
    random = np.random.default_rng(seed)
    pairs = []
    for _ in range(count):
        left, right = (videos[int(index)] for index in random.integers(len(videos), size=2))
        frames = align_frames(len(left.frame_files), len(right.frame_files), max_frames)
        names = tuple(f"{left.frame_files[first]}{_BETWEEN}{right.frame_files[second]}" for first, second in frames)
        pairs.append(CaptionedVideo(f"{left.video_id}{_BETWEEN}{right.video_id}", left.split, None, names, ("-",)))
    return pairs


def split_pair(name: str) -> tuple[str, str]:
    """The two names, of videos or frames, that a pair's name consists of."""
    left, _, right = name.partition(_BETWEEN)
    return left, right


class PairArchive:
    """Reads the frames that `draw_pairs` names from an archive of single frames."""

    def __init__(self, archive: FrameArchive) -> None:
        self._archive = archive

    def read(self, name: str) -> NDArray[np.uint8]:
        """The frame (H, W, 3) RGB uint8 with both videos side by side."""
        left, right = split_pair(name)
        return join_side_by_side(self._archive.read(left), self._archive.read(right))
