"""Out of its depth: clips of noise, plain colours, test patterns, text or drawings, of which nothing can be told.

A logistic layer over the mean of the tower's pooled features tells them from videos (training/strangeness.py); the
value from which on a clip counts as one of them is calibrated, so that few videos do. In a checkpoint without head or
limit no clip does.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel


def tells_strangeness(loaded: LoadedModel) -> bool:
    """Whether the checkpoint has a head for it and a limit, so that asking is worth a call of the model."""
    return bool(loaded.model.config.tells_strangeness and loaded.model.config.calibration.get("strange"))


@torch.inference_mode()
def measure_strangeness(loaded: LoadedModel, clips: Sequence[ClipTensors]) -> list[float]:
    """How strange B clips are, as log-odds; none where the checkpoint has no head for it."""
    model = loaded.model
    if not model.config.tells_strangeness:
        return []
    means = torch.stack([clip.frame_features.mean(0) for clip in clips])  # (B, C)
    logits = model.get_submodule("strangeness_head")(means.to(loaded.device, model.dtype))  # (B, 1)
    values: list[float] = logits[:, 0].float().tolist()
    return values


def are_strange(loaded: LoadedModel, clips: Sequence[ClipTensors]) -> list[bool]:
    """For each of B clips whether nothing can be told of it."""
    if not tells_strangeness(loaded):
        return [False] * len(clips)
    limit = loaded.model.config.calibration["strange"][0]
    return [value >= limit for value in measure_strangeness(loaded, clips)]
