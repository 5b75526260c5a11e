"""From the patches that the model reads to the finer positions of its frame encoder, through that encoder's attention.

    heat of a segment's visual word, and of each patch                  relevance.py
        x   which of the encoder's positions each of them is made of    the whole segment; those under a patch
        x   what each of those looked at                                the encoder's own maps, rolled out or weighted
    ->  heat of each position of the encoder's grid

The sources of relevance.py cover a single transformer. Here the encoder's matrix is multiplied in where its output
enters the model, as equation 10 of arXiv 2103.15679 joins an encoder and a decoder. Knows the encoder's pass; knows no
words.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from videobert_demo.attention import relevance
from videobert_demo.errors import MethodError
from videobert_demo.model.encoders.own_attention import OwnAttention, look_with_attention
from videobert_demo.model.loading import LoadedModel

NO_ATTENTION = (
    "The frame encoder of this checkpoint has no attention of its own, so the heat cannot be finer than its patches."
)


class TowerPass:
    """The frame encoder's pass over T prepared segments and their mirror images, as `LoadedModel.encode_clip` has it.

    Args:
        segments: (T, ...), as `LoadedModel.prepare` gives them.
        gradients: whether the maps take part in a graph; the caller has enabled gradients.

    Attributes:
        grid: rows and columns of the encoder's positions; N is their product.
        inputs: frame_features (1, T, C) and patch_features (1, T, P, C) for the model.
        maps: (2 T k, heads, s, s) for each layer.

    Raises:
        MethodError: the encoder is no transformer.
    """

    def __init__(self, loaded: LoadedModel, segments: Tensor, *, gradients: bool = False) -> None:
        with torch.inference_mode(False):
            images = segments.clone().to(loaded.device, loaded.model.dtype)
            images = torch.cat([images, images.flip(-1)])
            images.requires_grad_(gradients)  # the weights are frozen, so the images have to carry the graph
            seen = look_with_attention(loaded.model.encoder.frame_tower, images)
            if seen is None:
                raise MethodError(NO_ATTENTION)
            self._seen: OwnAttention = seen
            self._count, self.grid, self.maps = len(segments), seen.features.grid, list(seen.maps)
            self._patch_grid = loaded.model.config.grid_shape
            plain, mirrored = (seen.features.part(half) for half in (slice(len(segments)), slice(len(segments), None)))
            pooled, patches = loaded.model.encoder.pool_segments(plain.mean_with(mirrored.mirrored()))
            self.inputs = {"frame_features": pooled[None], "patch_features": patches[None]}

    def spread(self, frames: Tensor, patches: Tensor, matrices: Sequence[Tensor]) -> Tensor:
        """Heat of the model's tokens -> heat of the encoder's positions.

        Args:
            frames: (T,), of the visual words. patches: (T, P).
            matrices: (s, s) for each of the 2 T k maps: how much each token of the encoder counts in each other one.

        Returns:
            (T, rows, columns).
        """
        joined = self._seen.by_position(torch.stack(list(matrices)))  # (2 T, 1 + N, N)
        plain, mirrored = joined[: self._count], joined[self._count :]
        joined = (plain + flip_positions(mirrored, self.grid)) / 2
        on_positions = patches @ positions_of_patches(self.grid, self._patch_grid)  # (T, N)
        found = (torch.cat([frames[:, None], on_positions], dim=1)[:, None] @ joined)[:, 0]
        on_grid: Tensor = found.unflatten(1, self.grid)
        return on_grid


def rolled_out(maps: Sequence[Tensor]) -> list[Tensor]:
    """Rollout of each of n passes through one stack: (n, heads, s, s) for each layer -> (s, s) for each pass."""
    return [relevance.rollout(layers) for layers in _by_pass(maps)]


def weighted(maps: Sequence[Tensor], gradients: Sequence[Tensor]) -> list[Tensor]:
    """Normalised relevance of each of n passes: (n, heads, s, s) for each layer, twice -> (s, s) for each pass."""
    return [
        relevance.normalised(relevance.self_attention_relevance(own, slopes))
        for own, slopes in zip(_by_pass(maps), _by_pass(gradients), strict=True)
    ]


def _by_pass(maps: Sequence[Tensor]) -> list[tuple[Tensor, ...]]:
    """(n, heads, s, s) for each layer -> for each of the n passes its layers, fp32, on the CPU."""
    return list(zip(*(layer.detach().float().cpu().unbind() for layer in maps), strict=True))


def positions_of_patches(grid: tuple[int, int], patch_grid: tuple[int, int]) -> Tensor:
    """(P, N): how the heat of the model's patches becomes that of the encoder's positions.

    A patch is the mean of the positions under it; where the grids do not divide, neighbouring patches share some. A
    shared position has the mean of its patches' heat, since the sum would draw stripes into even heat. Each column
    sums to P / N.
    """
    count, patches = grid[0] * grid[1], patch_grid[0] * patch_grid[1]
    single = torch.eye(count).unflatten(1, grid)  # (N, rows, columns)
    means = functional.adaptive_avg_pool2d(single[:, None], patch_grid).flatten(1).T  # (P, N)
    return means / means.sum(0) * (patches / count)


def flip_positions(joined: Tensor, grid: tuple[int, int]) -> Tensor:
    """Matrices (T, 1 + N, N) of mirror images, in the order of the plain image; the first row is of the whole."""
    flipped = joined.unflatten(2, grid).flip(-1).flatten(2)
    own = flipped[:, 1:].unflatten(1, grid).flip(2).flatten(1, 2)
    return torch.cat([flipped[:, :1], own], dim=1)
