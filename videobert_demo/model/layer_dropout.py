"""Leaves whole layers out while a model learns (LayerDrop, arXiv 1909.11556). Knows lists of layers; knows no model."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import nn


def draw_layers(layers: Iterable[nn.Module], share: float) -> list[nn.Module]:
    """The layers that one pass runs through, in order; at least one.

    Args:
        share: each layer is left out with this probability, in [0, 1); 0 leaves none out and draws nothing.
    """
    known = list(layers)
    if share <= 0:
        return known
    draws = torch.rand(len(known))
    kept = [layer for layer, draw in zip(known, draws.tolist(), strict=True) if draw >= share]
    return kept or [known[int(draws.argmax())]]
