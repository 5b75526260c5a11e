"""What all tasks share: a clip after the frame tower, and batches of such clips. Knows no model and no files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from videobert_demo.types import ClipInfo, Frames


@dataclass(frozen=True, eq=False)
class ClipTensors:
    """One clip's tower features, on the CPU.

    Attributes:
        frame_features: (T, C) fp32, pooled per frame.
        patch_features: (T, P, C) fp32.
    """

    frame_features: Tensor
    patch_features: Tensor

    def __post_init__(self) -> None:
        if self.frame_features.ndim != 2 or self.patch_features.ndim != 3 or len(self.frame_features) == 0:
            raise ValueError(
                f"expected (T, C) and (T, P, C), got {self.frame_features.shape}, {self.patch_features.shape}"
            )
        if len(self.frame_features) != len(self.patch_features):
            raise ValueError(f"{len(self.frame_features)} frames but {len(self.patch_features)} sets of patches")


@dataclass(frozen=True, eq=False)
class ClipFeatures:
    """An opened clip: its frames and the frame tower's features of them. Safe to share between threads.

    Attributes:
        content_hash: SHA-256 of the file's bytes, hexadecimal; of a part of the clip its start and end follow.
        frames: the sampled frames, one for each segment, long side at most 480 pixels.
        repeated_frames: how many frames of its segments are repetitions, because the clip has fewer than the frame
            encoder reads; 0 with an encoder of images.
    """

    content_hash: str
    info: ClipInfo
    frames: Frames
    tensors: ClipTensors
    repeated_frames: int = 0


def split_frames(clip: ClipTensors) -> list[ClipTensors]:
    """Every frame as a clip of its own."""
    return [
        ClipTensors(clip.frame_features[index : index + 1], clip.patch_features[index : index + 1])
        for index in range(len(clip.frame_features))
    ]


def find_distinct(clips: Sequence[ClipTensors], *, blank: bool = False) -> tuple[list[ClipTensors], list[int]]:
    """The different clips among B, and for each of the B which of them it is.

    Args:
        blank: every frame will be hidden, so that clips of one length are the same.
    """
    first: dict[object, int] = {}
    shown: list[ClipTensors] = []
    indices = []
    for clip in clips:
        index = first.setdefault(len(clip.frame_features) if blank else clip, len(shown))
        if index == len(shown):
            shown.append(clip)
        indices.append(index)
    return shown, indices


def stack_clips(
    clips: Sequence[ClipTensors], device: torch.device, dtype: torch.dtype, *, blank: bool = False
) -> dict[str, Tensor]:
    """B clips -> frame_features (B, T, C), patch_features (B, T, P, C), frame_mask (B, T), padded to the longest.

    Args:
        blank: hide every frame; a segment_mask (B, T) that is True everywhere comes with the rest.
    """
    longest = max(len(clip.frame_features) for clip in clips)
    patch_count, channels = clips[0].patch_features.shape[1:]
    frames = torch.zeros(len(clips), longest, channels)
    patches = torch.zeros(len(clips), longest, patch_count, channels)
    mask = torch.zeros(len(clips), longest, dtype=torch.bool)
    for row, clip in enumerate(clips):
        count = len(clip.frame_features)
        frames[row, :count], patches[row, :count], mask[row, :count] = clip.frame_features, clip.patch_features, True
    stacked = {
        "frame_features": frames.to(device, dtype),
        "patch_features": patches.to(device, dtype),
        "frame_mask": mask.to(device),
    }
    if blank:
        stacked["segment_mask"] = torch.ones_like(stacked["frame_mask"])
    return stacked
