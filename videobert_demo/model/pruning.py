"""Narrower feed-forward layers: the rows leave whose output changes least from token to token.

    y = W2 f(W1 x + b1) + b2        importance of row j:  var(f_j) |W2[:, j]|^2
    row j of W1 and b1 and column j of W2 leave, and b2 takes on W2[:, j] mean(f_j)

What is left out is replaced by its mean, so that importance is exactly the mean square of what a row's leaving changes.
All layers of a stack keep the same number of rows, which its configuration tells. Knows stacks of layers and what they
are shown: no clips, no files.
Source: FLAP, arXiv 2312.11983, sections 4.1 and 4.3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from transformers.models.bart.modeling_bart import BartDecoderLayer
from transformers.models.bert.modeling_bert import BertLayer

from videobert_demo.errors import CheckpointError
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.two_streams import FeedForward

MULTIPLE = 8
"""The number of rows that stay is a multiple of this, as processors like it."""


class _Statistics:
    """Mean and variance of each row's output over all tokens that were seen; `f` is the input of W2."""

    def __init__(self, inner: nn.Linear, outer: nn.Linear) -> None:
        self.inner, self.outer = inner, outer  # W1 and W2
        size = inner.out_features
        self.count, self.total, self.squares = 0, torch.zeros(size).double(), torch.zeros(size).double()

    def see(self, _layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        """A hook that runs before W2: (..., rows)."""
        rows = inputs[0].detach().reshape(-1, len(self.total)).double().cpu()
        self.count += len(rows)
        self.total += rows.sum(0)
        self.squares += rows.square().sum(0)

    def mean(self) -> Tensor:
        """(rows,), of all tokens."""
        return self.total / self.count

    def importance(self) -> Tensor:
        """How much the layer's output changes when each row is replaced by its mean: (rows,)."""
        variance = (self.squares / self.count - self.mean().square()).clamp(min=0)
        return variance * self.outer.weight.detach().double().cpu().square().sum(0)


def prune(model: VideoBertForConditionalGeneration, share: float, look: Callable[[], None]) -> float:
    """Takes the least important rows out of every feed-forward layer of encoder and decoder, in place.

    Args:
        model: in eval mode.
        share: of the rows, in (0, 1); what stays is rounded to a multiple of 8.
        look: runs the model on what its rows are judged by.

    Returns:
        The share of the model's parameters that left.

    Raises:
        CheckpointError: the share is none, or `look` never runs one of the layers.
    """
    if not 0 < share < 1:
        raise CheckpointError(f"The share to prune is {share:g}; give one between 0 and 1, such as 0.3.")
    before = sum(value.numel() for value in model.parameters())
    stacks = [
        (model.config.encoder, "intermediate_size", list(_feed_forwards(model.encoder.layers))),
        (model.config.decoder, "decoder_ffn_dim", list(_feed_forwards(model.decoder))),
    ]
    seen = [[_Statistics(*pair) for pair in pairs] for _, _, pairs in stacks]
    hooks = [one.outer.register_forward_pre_hook(one.see) for stack in seen for one in stack]
    try:
        look()
    finally:
        for hook in hooks:
            hook.remove()
    for (config, size, _), statistics in zip(stacks, seen, strict=True):
        rows = getattr(config, size)
        kept = max(MULTIPLE, round(rows * (1 - share) / MULTIPLE) * MULTIPLE)
        for one in statistics:
            if not one.count:
                raise CheckpointError("The model has a feed-forward layer that the examples do not reach.")
            _keep(one, one.importance().topk(min(kept, rows)).indices.sort().values)
        setattr(config, size, min(kept, rows))
    return 1 - sum(value.numel() for value in model.parameters()) / before


def _feed_forwards(stack: nn.Module) -> Iterator[tuple[nn.Linear, nn.Linear]]:
    """W1 and W2 of each feed-forward layer: BERT's, of one stream or two, and BART's."""
    for part in stack.modules():
        if isinstance(part, BartDecoderLayer):
            yield part.fc1, part.fc2
        elif isinstance(part, BertLayer | FeedForward):
            yield part.intermediate.dense, part.output.dense


@torch.no_grad()
def _keep(one: _Statistics, kept: Tensor) -> None:
    """Narrows W1 and W2, and their adapters, to the rows `kept` (k,)."""
    inner, outer = one.inner, one.outer
    left = torch.ones(inner.out_features, dtype=torch.bool)
    left[kept] = False
    mean = one.mean().to(outer.weight)
    outer.bias.add_(outer.weight[:, left.to(outer.weight.device)] @ mean[left.to(mean.device)])
    _narrow(inner, ("weight", "bias", "up"), 0, kept)
    _narrow(outer, ("weight", "down"), 1, kept)
    inner.out_features = outer.in_features = len(kept)


def _narrow(layer: nn.Linear, names: tuple[str, ...], dimension: int, kept: Tensor) -> None:
    for name in names:
        value = getattr(layer, name, None)
        if value is not None:
            setattr(layer, name, nn.Parameter(value.index_select(dimension, kept.to(value.device))))
