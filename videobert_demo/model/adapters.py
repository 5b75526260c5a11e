"""Adapters of low rank: while a question is answered, each matrix of encoder and decoder is corrected a little.

    captions, vectors, masked words    y = W x + b
    answers                            y = W x + b + U D x        U starts at zero

So answers can be learned while everything else stays the same bit for bit. In the model itself the adapters are not
active; questions are answered by a view of it in which they are (views.py). Knows linear layers only.
Source: LoRA, arXiv 2106.09685, section 4.1.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from transformers import initialization as init

from videobert_demo.model.linear import FastLinear, linear

ADAPTERS = (".down", ".up")
"""How the names of adapters' weights end."""


class AdaptedLinear(FastLinear):
    """A linear layer with an adapter that counts where `is_active`: D is `down` (rank, in), U is `up` (out, rank)."""

    def __init__(self, features_in: int, features_out: int, *, rank: int, bias: bool = True) -> None:
        super().__init__(features_in, features_out, bias)
        self.down = nn.Parameter(torch.empty(rank, features_in))
        self.up = nn.Parameter(torch.zeros(features_out, rank))
        self.is_active = False
        self.reset_adapter()

    def reset_adapter(self) -> None:
        """Draws D anew and sets U to zero, so that the adapter changes nothing."""
        init.normal_(self.down, std=1 / math.sqrt(self.in_features))
        init.zeros_(self.up)

    def forward(self, inputs: Tensor) -> Tensor:
        """(..., in) -> (..., out)."""
        outputs = super().forward(inputs)
        if not self.is_active:
            return outputs
        return outputs + linear(linear(inputs, self.down), self.up)


def adapt(stack: nn.Module, rank: int) -> None:
    """Gives every linear layer of a stack an adapter; the layers' weights must be initialised or loaded afterwards."""
    for name, layer in list(stack.named_modules()):
        if type(layer) is nn.Linear:
            parent, _, own = name.rpartition(".")
            adapted = AdaptedLinear(layer.in_features, layer.out_features, rank=rank, bias=layer.bias is not None)
            setattr(stack.get_submodule(parent), own, adapted)
