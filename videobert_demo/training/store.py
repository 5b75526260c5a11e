"""Reads what features.py wrote: the tower's features by video and view."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.errors import DataError
from videobert_demo.model.encoders.building import encoder_hash
from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.training.features import draw_view


@dataclass(frozen=True)
class VideoFeatures:
    """pooled (T, C) and patches (T, P, C), fp16, of one video in one view.

    Attributes:
        video, view: which ones of the store; None for features that were put together.
        kept: int64, which of the video's segments these are; None for all of them.
    """

    pooled: NDArray[np.float16]
    patches: NDArray[np.float16]
    video: int | None = None
    view: int = 0
    kept: NDArray[np.int64] | None = None

    def to_tensors(self) -> ClipTensors:
        """The same in fp32, as the tasks take it."""
        return ClipTensors(*(torch.from_numpy(array.astype(np.float32)) for array in (self.pooled, self.patches)))


def stack_features(clips: Sequence[VideoFeatures]) -> dict[str, Tensor]:
    """B videos -> frame_features (B, T, C), patch_features (B, T, P, C), frame_mask (B, T), padded to the longest."""
    return stack_clips([clip.to_tensors() for clip in clips], torch.device("cpu"), torch.float32)


class FeatureStore:
    """Memory-mapped features of a data set.

    Attributes:
        videos: in the order of the index.
        views, seed: how many augmentations there are, the plain one included, and what drew them.
        grid: rows and columns of patches.
        encoder: hash of the frame encoder that made them.
    """

    def __init__(self, folder: Path) -> None:
        index_path, state_path = folder / "index.json", folder / "state.json"
        if not index_path.exists() or not state_path.exists():
            raise DataError(f"{folder} holds no features; make them with `python -m videobert_demo features`")
        index = json.loads(index_path.read_text(encoding="utf-8"))
        self.views, self.seed = int(index["views"]), int(index["seed"])
        grid = index["grid"]
        self.grid: tuple[int, int] = (grid, grid) if isinstance(grid, int) else (int(grid[0]), int(grid[1]))
        self.encoder = str(index.get("encoder", encoder_hash({})))
        self._rows = []
        self.videos = []
        for record in index["videos"]:
            first, rows = record.pop("first_row"), record.pop("rows", len(record["frame_files"]))
            self.videos.append(
                CaptionedVideo(
                    **{**record, "frame_files": tuple(record["frame_files"]), "captions": tuple(record["captions"])}
                )
            )
            self._rows.append(slice(first, first + rows))
        self._patches = np.load(folder / "patches.npy", mmap_mode="r")
        self._pooled = np.load(folder / "pooled.npy", mmap_mode="r")

    def load(self, video: int, view: int = 0) -> VideoFeatures:
        """One view of one video, by its index in `videos`; read from disk when it is used."""
        rows = self._rows[video]
        return VideoFeatures(self._pooled[view, rows], self._patches[view, rows], video, view)

    def is_mirrored(self, features: VideoFeatures) -> bool:
        """Whether features of this store are of mirror images."""
        return features.video is not None and draw_view(features.view, features.video, self.seed).mirrored

    def draw_view(
        self, video: int, max_frames: int, random: np.random.Generator, dropout: float = 0.0
    ) -> VideoFeatures:
        """A random view of one video, at most `max_frames` of its frames, in order.

        Args:
            dropout: each frame is left out with this probability; one is always kept.
        """
        features = self.load(video, int(random.integers(self.views)))
        count = len(features.pooled)
        if count <= max_frames and not dropout:
            return features
        kept = np.sort(random.choice(count, min(count, max_frames), replace=False))
        if dropout:
            draws = random.random(len(kept))
            kept = kept[(draws >= dropout) | (draws == draws.max())]
        return VideoFeatures(features.pooled[kept], features.patches[kept], video, features.view, kept)

    def load_shown(self, video: int) -> ClipTensors:
        """The mean of the plain view and its mirror image, as a shown clip is read; a single view as it is."""
        views = [self.load(video, view).to_tensors() for view in range(min(2, self.views))]
        return ClipTensors(
            torch.stack([view.frame_features for view in views]).mean(0),
            torch.stack([_as_plain(view.patch_features, self.grid, n == 1) for n, view in enumerate(views)]).mean(0),
        )

    def load_named(self, video_ids: Sequence[str]) -> list[ClipTensors]:
        """`load_shown` of each video with one of these ids, in their order.

        Raises:
            DataError: there is no such video.
        """
        known = {video.video_id: index for index, video in enumerate(self.videos)}
        absent = [name for name in video_ids if name not in known]
        if absent:
            raise DataError(f"the features hold no {absent[0]}; make them of this data")
        return [self.load_shown(known[name]) for name in video_ids]

    def all_pooled(self, videos: list[int]) -> NDArray[np.float32]:
        """Pooled features of all frames of these videos in view 0, (N, C) fp32, for the codebook."""
        return np.concatenate([self._pooled[0, self._rows[video]] for video in videos]).astype(np.float32)


def _as_plain(patches: Tensor, grid: tuple[int, int], is_mirrored: bool) -> Tensor:
    """Patches (T, P, C) of the mirror image in the order of the plain one."""
    return patches.unflatten(1, grid).flip(2).flatten(1, 2) if is_mirrored else patches
