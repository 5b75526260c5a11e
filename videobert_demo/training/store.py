"""Reads what features.py wrote: a video's tower features by video and view."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.datasets import CaptionedVideo
from videobert_demo.errors import DataError


@dataclass(frozen=True)
class VideoFeatures:
    """pooled (T, C) and patches (T, P, C), fp16, of one video in one view."""

    pooled: NDArray[np.float16]
    patches: NDArray[np.float16]


class FeatureStore:
    """Memory-mapped features of a data set; `videos` in the order of the index."""

    def __init__(self, folder: Path) -> None:
        index_path, state_path = folder / "index.json", folder / "state.json"
        if not index_path.exists() or not state_path.exists():
            raise DataError(f"{folder} holds no features; make them with `python -m videobert_demo features`")
        index = json.loads(index_path.read_text(encoding="utf-8"))
        self.views = int(index["views"])
        self.grid = int(index["grid"])
        self._rows = []
        self.videos = []
        for record in index["videos"]:
            first = record.pop("first_row")
            self.videos.append(
                CaptionedVideo(
                    **{**record, "frame_files": tuple(record["frame_files"]), "captions": tuple(record["captions"])}
                )
            )
            self._rows.append(slice(first, first + len(record["frame_files"])))
        self._patches = np.load(folder / "patches.npy", mmap_mode="r")
        self._pooled = np.load(folder / "pooled.npy", mmap_mode="r")

    def load(self, video: int, view: int = 0) -> VideoFeatures:
        rows = self._rows[video]
        return VideoFeatures(self._pooled[view, rows], self._patches[view, rows])

    def all_pooled(self, videos: list[int]) -> NDArray[np.float32]:
        """Pooled features of all frames of these videos in view 0, (N, C) fp32, for the codebook."""
        return np.concatenate([self._pooled[0, self._rows[video]] for video in videos]).astype(np.float32)


def collate(features: list[VideoFeatures]) -> dict[str, Tensor]:
    """Pads B videos to the longest: frame_features (B, T, C), patch_features (B, T, P, C) fp32, frame_mask (B, T) bool."""
    longest = max(len(item.pooled) for item in features)
    places, channels = features[0].patches.shape[1:]
    pooled = np.zeros((len(features), longest, channels), dtype=np.float32)
    patches = np.zeros((len(features), longest, places, channels), dtype=np.float32)
    mask = np.zeros((len(features), longest), dtype=bool)
    for row, item in enumerate(features):
        count = len(item.pooled)
        pooled[row, :count], patches[row, :count], mask[row, :count] = item.pooled, item.patches, True
    return {
        "frame_features": torch.from_numpy(pooled),
        "patch_features": torch.from_numpy(patches),
        "frame_mask": torch.from_numpy(mask),
    }
