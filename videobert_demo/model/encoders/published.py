"""A transformers model as a frame encoder: what all families share. Knows what models declare; no family by its name.

Grid, class token and register tokens come from what the model's config and inputs declare. Which vector is a segment's
pooled one is a `Pooled`, chosen when the encoder is taken out of its checkpoint (loading.py) and kept with it.

Shapes: N segments, F frames, h and w pixels a side, S tokens, C channels.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from torch import Tensor, nn
from transformers import PreTrainedModel

from videobert_demo.model.encoders.contract import FrameEncoder, Preparation


class Pooled(StrEnum):
    """Which vector stands for a whole segment."""

    POOLER = "pooler"
    CLASS = "class"
    MEAN = "mean"


class PublishedEncoder(FrameEncoder):
    """A published model behind the contract.

    Args:
        model: of one tower, without a head.
        preparation: from the checkpoint's processor config.
        pooled: which vector stands for a segment.
        channels: C.
        label_count: classes of the checkpoint's classifier, which reads the pooled vector; 0 for none.

    Attributes:
        steps, has_time_inside: how many time steps a segment's tokens have, and whether the steps of one position lie
            side by side, rather than the positions of one step.
    """

    steps: int = 1
    has_time_inside: bool = False

    def __init__(
        self, model: PreTrainedModel, preparation: Preparation, pooled: Pooled, channels: int, label_count: int = 0
    ) -> None:
        super().__init__()
        self.model = model
        self.preparation = preparation
        self.classifier = nn.Linear(channels, label_count) if label_count else None
        self.pooled, self._parameters_known = pooled, frozenset(inspect.signature(model.forward).parameters)

    def takes(self, name: str) -> bool:
        """Whether the model's `forward` declares an argument."""
        return name in self._parameters_known

    def layer_stack(self) -> Sequence[nn.Module]:
        """The longest list of modules in the model: its blocks, or its stages where these hold blocks."""
        return longest_list(self.model)

    def grid_of(self, height: int, width: int) -> tuple[int, int]:
        """Rows and columns of patches, as the config's patch size and, for stages that halve the map, depths tell."""
        rows, columns = patch_sides(self.model.config)
        return height // rows, width // columns

    def read(self, output: Any, grid: tuple[int, int]) -> Tensor | Any:
        """What the model returned -> (pooled (N, C), maps (N, C, rows, columns)), or maps alone if pooled is the mean.

        Args:
            output: with `last_hidden_state`, 4-D maps or tokens (N, S, C), the prefix of class and registers first. Of
                several time steps the maps are the mean.
            grid: rows and columns of tokens.
        """
        hidden: Tensor = output.last_hidden_state
        pooled = getattr(output, "pooler_output", None) if self.pooled is Pooled.POOLER else None
        if hidden.ndim == 4:
            maps = hidden
        else:
            rows, columns = grid
            steps = self.steps
            prefix = self.prefix_of(hidden.shape[1], rows * columns)
            self._check_prefix(prefix, hidden.shape[1], grid)
            if self.pooled is Pooled.CLASS:
                pooled = hidden[:, 0]
            axes = (rows * columns, steps) if self.has_time_inside else (steps, rows * columns)
            tokens = hidden[:, prefix:].unflatten(1, axes)  # (N, steps, P, C), or (N, P, steps, C)
            tokens = tokens.mean(2 if self.has_time_inside else 1) if steps > 1 else tokens.flatten(1, 2)
            maps = tokens.transpose(1, 2).unflatten(2, (rows, columns))
        return maps if pooled is None else (pooled.flatten(1), maps)

    def prefix_of(self, tokens: int, positions: int) -> int:
        """How many of a segment's tokens come before those of its positions."""
        return tokens - self.steps * positions

    def _check_prefix(self, prefix: int, tokens: int, grid: tuple[int, int]) -> None:
        registers = int(getattr(self.model.config, "num_register_tokens", 0) or 0)
        if not registers <= prefix <= registers + 2:  # a class token, and in DeiT one for distillation
            raise ValueError(
                f"{type(self.model).__name__} gave {tokens} tokens for {grid[0]} x {grid[1]} patches and "
                f"{registers} registers; this encoder cannot tell which is which"
            )
        if self.pooled is Pooled.CLASS and prefix == registers:
            raise ValueError(f"{type(self.model).__name__} has no class token")


def patch_sides(config: Any) -> tuple[int, int]:
    """Height and width in pixels of what one token or position of a map covers, as a config declares it.

    `patch_size`, or the last two of `tubelet_size`; with `depths`, every stage after the first halves the map. Where
    nothing declares the patch, it is four pixels, as convolutional stages begin.
    """
    patch = getattr(config, "patch_size", None) or 4
    tubelet = getattr(config, "tubelet_size", None)
    if isinstance(tubelet, list | tuple):
        patch = tubelet[-2:]
    rows, columns = (int(side) for side in (patch if isinstance(patch, list | tuple) else (patch, patch)))
    halvings = max(0, len(getattr(config, "depths", None) or ()) - 1)
    return rows << halvings, columns << halvings


def time_stride(config: Any) -> int:
    """How many frames one time step of a clip model covers."""
    tubelet = getattr(config, "tubelet_size", None) or 1
    return int(tubelet[0] if isinstance(tubelet, list | tuple) else tubelet)


def frames_of(config: Any) -> int:
    """How many frames a model of clips reads at once; 1 for a model of images."""
    return int(getattr(config, "num_frames", None) or getattr(config, "frames_per_clip", None) or 1)


def longest_list(model: nn.Module) -> Sequence[nn.Module]:
    """The longest outermost list of modules: the blocks of a transformer, the stages of a convolutional net."""
    lists = [(name, part) for name, part in model.named_modules() if isinstance(part, nn.ModuleList | nn.Sequential)]
    outer = [part for name, part in lists if not any(name.startswith(f"{other}.") for other, _ in lists if other)]
    return list(max(outer, key=len)) if outer else []


def as_mapping(values: Mapping[str, Any]) -> dict[str, Any]:
    """A config's dict without what belongs to one saved file: its data type, version and paths."""
    left_out = {"dtype", "torch_dtype", "transformers_version", "_name_or_path", "architectures", "_commit_hash"}
    left_out |= {"id2label", "label2id"}
    return {
        name: as_mapping(value) if isinstance(value, Mapping) and name.endswith("_config") else value
        for name, value in values.items()
        if name not in left_out
    }
