"""A running average of the trained weights, which is what training writes as its model. Knows no objective."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch
from torch import Tensor, nn


class WeightAverage:
    """An exponential average of the trainable weights, with a warm start: decay = min(decay, (1 + t) / (10 + t))."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.updates = 0
        self.weights = {name: value.detach().clone() for name, value in model.named_parameters() if value.requires_grad}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Takes in the model's weights after one more step."""
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for name, value in model.named_parameters():
            if name in self.weights:
                self.weights[name].lerp_(value.detach(), 1 - decay)

    @contextlib.contextmanager
    def swapped_in(self, model: nn.Module) -> Iterator[None]:
        """Inside, the model holds the averaged weights."""
        current = {name: value.detach().clone() for name, value in model.named_parameters() if name in self.weights}
        try:
            _copy(model, self.weights)
            yield
        finally:
            _copy(model, current)


@torch.no_grad()
def _copy(model: nn.Module, weights: dict[str, Tensor]) -> None:
    for name, value in model.named_parameters():
        if name in weights:
            value.copy_(weights[name])
