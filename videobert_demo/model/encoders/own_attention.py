"""A frame encoder's own attention, where it is a transformer: what its tokens looked at, layer by layer.

An encoder has it whose config declares attention heads, and whose model then returns maps over the tokens that the
contract's maps are made of. Convolutional networks do not. Knows encoders only: nothing about clips or words.

Shapes: N segments, k maps for each of them (the frames, where a clip model attends within each), s tokens of a map.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from videobert_demo.model.encoders.contract import FrameEncoder, SegmentFeatures
from videobert_demo.model.encoders.published import Pooled, PublishedEncoder


@dataclass(frozen=True, eq=False)
class OwnAttention:
    """One pass of an encoder.

    Attributes:
        features: what it gives by the contract.
        maps: (N k, heads, s, s) for each layer, the first layer first. A map's tokens are `prefix` tokens for the whole
            segment, then `steps` time steps of the positions of the features' grid, then perhaps others.
        prefix, steps: how many.
        has_time_inside: whether the steps of one position lie side by side, not the positions of one step.
        pooled_is_first: whether the first token, and not the mean of the positions, stands for the whole segment.
    """

    features: SegmentFeatures
    maps: tuple[Tensor, ...]
    prefix: int
    steps: int
    has_time_inside: bool
    pooled_is_first: bool

    def by_position(self, matrices: Tensor) -> Tensor:
        """How much tokens count for tokens -> how much positions count for the segment and for its positions.

        Args:
            matrices: (N k, s, s): row i tells how much each token counts in token i.

        Returns:
            (N, 1 + P, P): the first row is of the whole segment. Columns are summed over time steps; rows are means.
        """
        rows, columns = self.features.grid
        positions, behind = rows * columns, self.prefix + self.steps * rows * columns
        axes, step = ((positions, self.steps), 2) if self.has_time_inside else ((self.steps, positions), 1)
        seen = matrices[:, :, self.prefix : behind].unflatten(2, axes).sum(1 + step)  # (N k, s, P)
        own = seen[:, self.prefix : behind].unflatten(1, axes).mean(step)  # (N k, P, P)
        whole = seen[:, :1] if self.pooled_is_first else own.mean(1, keepdim=True)
        joined = torch.cat([whole, own], dim=1)
        of_segments: Tensor = joined.unflatten(0, (len(self.features.maps), -1)).mean(1)
        return of_segments


def declares_attention(encoder: FrameEncoder) -> bool:
    """Whether an encoder's config declares attention heads, so that it ought to have attention of its own."""
    return isinstance(encoder, PublishedEncoder) and hasattr(encoder.model.config, "num_attention_heads")


def look_with_attention(encoder: FrameEncoder, images: Tensor) -> OwnAttention | None:
    """Runs an encoder over prepared segments (N, ...), and returns its attention; None where it has none of its own.

    The encoder itself is left alone, and may be in use elsewhere: this runs a twin over the same weights. With
    gradients enabled, maps and features are parts of the graph.
    """
    if not isinstance(encoder, PublishedEncoder) or not declares_attention(encoder):
        return None
    twin = _eager_twin(encoder)
    found: list[Any] = []
    twin.model.register_forward_hook(lambda _module, _inputs, output: found.append(output))
    features = twin.encode(images)
    maps = getattr(found[0], "attentions", None)
    if not maps or any(one is None for one in maps):
        return None
    tokens, positions = maps[0].shape[-1], features.grid[0] * features.grid[1]
    prefix = encoder.prefix_of(found[0].last_hidden_state.shape[1], positions)
    steps = (tokens - prefix) // positions
    if steps < 1 or maps[0].shape[0] % len(images):
        return None
    is_first = prefix > 0 and encoder.pooled is not Pooled.MEAN
    return OwnAttention(features, tuple(maps), prefix, steps, encoder.has_time_inside, is_first)


def _eager_twin(encoder: PublishedEncoder) -> PublishedEncoder:
    """A copy of the modules over the same weights, which computes attention maps and returns them."""
    shared: dict[int, Any] = {id(value): value for value in (*encoder.parameters(), *encoder.buffers())}
    twin = copy.deepcopy(encoder, shared)
    twin.model.set_attn_implementation("eager")
    twin.model.config.output_attentions = True
    return twin
