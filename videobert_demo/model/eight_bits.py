"""Weights with 8 bits: each row of a matrix, or each group in it, is whole numbers in [-127, 127] and a scale.

    w = scale * q      groups of 64: the error of a clip's vector is a quarter of what rows give, for 3 % more bytes

That halves a file in half precision. In memory weights have their usual type again. What is not a matrix, is small, or
is compared rather than multiplied (centroids of visual words) stays in half precision. Knows files and tensors: no
tasks.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import PreTrainedModel

from videobert_demo.errors import CheckpointError

SCALE = ".scale"
"""How the name of a matrix's scales ends, behind the matrix's own name."""
WEIGHTS = "model.safetensors"
MIN_VALUES, GROUP = 2**14, 64
COMPARED = ("encoder.codebook.",)


def to_eight_bits(
    weights: Mapping[str, Tensor], *, kept: tuple[str, ...] = (), min_values: int = 0, group: int = 0
) -> dict[str, Tensor]:
    """Weights by name -> what is stored of them.

    Args:
        kept: how the names of matrices begin that stay in half precision.
        min_values: matrices with fewer values stay in half precision.
        group: how many values of a row share a scale; 0 for the whole row, as where rows are no multiple of it.
    """
    stored: dict[str, Tensor] = {}
    for name, weight in weights.items():
        if weight.ndim == 2 and weight.numel() >= min_values and not name.startswith(kept):
            rows, columns = weight.shape
            size = group if group and columns % group == 0 else columns
            groups = weight.float().reshape(rows, -1, size)  # (rows, groups, size)
            scale = groups.abs().amax(2, keepdim=True).clamp(min=1e-8) / 127  # (rows, groups, 1)
            stored[name] = (groups / scale).round().to(torch.int8).reshape(rows, columns)
            stored[name + SCALE] = scale.squeeze(2) if size < columns else scale.flatten()
        else:
            stored[name] = (weight.half() if weight.is_floating_point() else weight).contiguous()
    return stored


def from_eight_bits(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What `to_eight_bits` gave -> weights in fp32 by name."""
    weights: dict[str, Tensor] = {}
    for name, value in stored.items():
        if name + SCALE in stored:
            scale = stored[name + SCALE]  # (rows,) or (rows, groups)
            groups = value.float().reshape(len(value), scale.shape[1] if scale.ndim == 2 else 1, -1)
            weights[name] = (groups * scale.reshape(*groups.shape[:2], 1)).reshape(value.shape)
        elif not name.endswith(SCALE):
            weights[name] = value.float() if value.is_floating_point() else value
    return weights


class EightBitWeights(PreTrainedModel):
    """A model of transformers whose `from_pretrained` reads a folder whose weights have 8 bits as any other."""

    @classmethod
    def from_pretrained(cls, source: Any = None, *given: Any, **options: Any) -> Any:  # type: ignore[override]
        """As transformers' own, with the same arguments; weights with 8 bits come back in the type asked for."""
        following: Any = super()
        config_class: Any = cls.config_class
        if source is None or not has_eight_bits(Path(source)):
            return following.from_pretrained(source, *given, **options)
        options.setdefault("config", config_class.from_pretrained(source))
        options.pop("use_safetensors", None)
        return following.from_pretrained(
            None, *given, state_dict=from_eight_bits(load_file(Path(source) / WEIGHTS)), **options
        )


def has_eight_bits(folder: Path) -> bool:
    """Whether a folder's weights are what `to_eight_bits` gives."""
    file = folder / WEIGHTS
    if not file.is_file():
        return False
    with safe_open(file, "pt") as weights:
        return any(name.endswith(SCALE) for name in weights.keys())  # noqa: SIM118  it is no dictionary


def compress(source: Path, out: Path) -> tuple[int, int]:
    """Writes a checkpoint with 8 bits a weight: a copy of the folder, with other weights.

    Args:
        source: a checkpoint with fp32 or fp16 weights in one file.
        out: a folder that is not there yet, or is empty.

    Returns:
        The bytes of the weights before and after.

    Raises:
        CheckpointError: `source` has no such file or has 8 bits already, or `out` is not empty.
    """
    if not (source / WEIGHTS).is_file():
        raise CheckpointError(f"{source} has no {WEIGHTS}; only a checkpoint with one file of weights is compressed.")
    if has_eight_bits(source):
        raise CheckpointError(f"The weights of {source} have 8 bits already.")
    check_out(out)
    shutil.copytree(source, out, ignore=shutil.ignore_patterns(WEIGHTS), dirs_exist_ok=True)
    weights = to_eight_bits(load_file(source / WEIGHTS), kept=COMPARED, min_values=MIN_VALUES, group=GROUP)
    save_file(weights, out / WEIGHTS, metadata={"format": "pt"})
    return (source / WEIGHTS).stat().st_size, (out / WEIGHTS).stat().st_size


def check_out(out: Path) -> None:
    """Refuses a folder for a new checkpoint that already holds something.

    Raises:
        CheckpointError: `out` is not empty.
    """
    if out.exists() and any(out.iterdir()):
        raise CheckpointError(f"{out} is not empty; give a folder that is not there yet.")
