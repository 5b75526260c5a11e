"""Linear layers that oneDNN computes, without gradients, on CPUs with AVX-512.

PyTorch hands matrix products in fp32 to MKL, which on AMD's processors leaves AVX-512 unused. oneDNN, which PyTorch
brings too, uses it there: from some rows on it takes half the time; on Intel's both take the same. What it gives
differs by rounding only. Knows matrices: no model, no clips.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from videobert_demo.model.eight_bit_linear import EightBitWeight

MIN_ROWS = 4
"""For fewer rows MKL is as fast."""


def _has_onednn() -> bool:
    fast = torch.backends.cpu.get_cpu_capability().startswith("AVX512") and torch.backends.mkldnn.is_available()
    return fast and hasattr(torch.ops.mkldnn, "_linear_pointwise")


HAS_ONEDNN = _has_onednn()


def linear(
    inputs: Tensor, weight: Tensor, bias: Tensor | None = None, eight_bits: EightBitWeight | None = None
) -> Tensor:
    """`functional.linear`: (..., in), (out, in) and (out,) -> (..., out).

    Args:
        eight_bits: the same weight in 8 bits, which computes where it can.
    """
    if eight_bits is not None and eight_bits.takes(inputs):
        return eight_bits.multiply(inputs, bias)
    if (
        not HAS_ONEDNN
        or torch.is_grad_enabled()
        or inputs.dtype != torch.float32
        or weight.dtype != torch.float32
        or inputs.device.type != "cpu"
        or inputs.numel() < MIN_ROWS * inputs.shape[-1]
    ):
        return functional.linear(inputs, weight, bias)
    # the product alone: "none" is the activation that could be fused with it
    result: Tensor = torch.ops.mkldnn._linear_pointwise(inputs, weight, bias, "none", [], "")
    return result


class FastLinear(nn.Linear):
    """A linear layer that computes as `linear` does, or in 8 bits where it has `eight_bits`."""

    eight_bits: EightBitWeight | None = None

    def forward(self, inputs: Tensor) -> Tensor:
        """(..., in) -> (..., out)."""
        return linear(inputs, self.weight, self.bias, self.eight_bits)


def hasten(model: nn.Module, *, without: nn.Module) -> None:
    """Replaces every plain linear layer by a `FastLinear` over the same weights.

    Args:
        without: a part of the model that stays as it is.
    """
    left = set(map(id, without.modules()))
    for name, layer in list(model.named_modules()):
        if type(layer) is nn.Linear and id(layer) not in left:
            with torch.device("meta"):
                fast = FastLinear(layer.in_features, layer.out_features, bias=layer.bias is not None)
            fast.weight, fast.bias = layer.weight, layer.bias
            parent, _, own = name.rpartition(".")
            setattr(model.get_submodule(parent), own, fast.train(layer.training))


def compute_in_eight_bits(stack: nn.Module) -> None:
    """Gives every `FastLinear` within a stack its weight in 8 bits; the exact one stays, for gradients."""
    for layer in stack.modules():
        if isinstance(layer, FastLinear):
            layer.eight_bits = EightBitWeight(layer.weight)
