"""What every frame or clip encoder promises, so that all that follows works with any of them.

    segment           one image, or the F frames of a tubelet
    Preparation       how pixels become the encoder's input
    FrameEncoder      input of N segments -> maps (N, C, rows, columns), or a pooled vector of its own beside them
    SegmentFeatures   what is read of that: pooled (N, C), patches (N, P, C) on a grid of rows x columns

Knows images and numbers only: nothing about clips, words or the encoder of the sequence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from torch import Tensor, nn


@dataclass(frozen=True)
class Preparation:
    """How the frames of a segment become the encoder's input.

    Attributes:
        shapes: heights and widths that the encoder takes; a frame gets the one whose proportions are nearest.
        mean, deviation: per channel (RGB), in units of 8-bit pixels: input = (pixel - mean) / deviation.
        frames: F, frames of a segment; 1 for an encoder of images.
        stride: how many of these frames one time step of the encoder covers.
    """

    shapes: tuple[tuple[int, int], ...]
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]
    frames: int = 1
    stride: int = 1

    def __post_init__(self) -> None:
        if not self.shapes or any(min(shape) < 1 for shape in self.shapes):
            raise ValueError(f"shapes must be heights and widths of at least 1, got {self.shapes}")
        if len(self.mean) != 3 or len(self.deviation) != 3 or min(self.deviation) <= 0:
            raise ValueError(f"mean and deviation are of three channels, got {self.mean} and {self.deviation}")
        if not all(math.isfinite(value) for value in (*self.mean, *self.deviation)):
            raise ValueError(f"mean and deviation must be finite numbers, got {self.mean} and {self.deviation}")
        if self.frames < 1 or self.stride < 1 or self.frames % self.stride:
            raise ValueError(f"a segment's frames are a multiple of the stride, got {self.frames} and {self.stride}")

    def choose_shape(self, height: int, width: int) -> tuple[int, int]:
        """The one of `shapes`, as (height, width), whose proportions are nearest to the frame's."""
        return min(self.shapes, key=lambda shape: abs(math.log(shape[1] / shape[0]) - math.log(width / height)))

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {**asdict(self), "shapes": [list(shape) for shape in self.shapes], "mean": list(self.mean)} | {
            "deviation": list(self.deviation)
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Preparation:
        """What `to_dict` gave."""
        return cls(
            tuple((int(height), int(width)) for height, width in values["shapes"]),
            _three(values["mean"]),
            _three(values["deviation"]),
            int(values["frames"]),
            int(values["stride"]),
        )


def _three(values: Sequence[float]) -> tuple[float, float, float]:
    red, green, blue = map(float, values)
    return red, green, blue


@dataclass(frozen=True, eq=False)
class SegmentFeatures:
    """What an encoder saw in N segments.

    Attributes:
        maps: (N, C, rows, columns).
        own_pooled: (N, C), the encoder's own vector of a whole segment; None where that is the mean of the map.
    """

    maps: Tensor
    own_pooled: Tensor | None = None

    def __post_init__(self) -> None:
        if self.maps.ndim != 4:
            raise ValueError(f"maps must be (N, C, rows, columns), got {tuple(self.maps.shape)}")
        if self.own_pooled is not None and self.own_pooled.shape != self.maps.shape[:2]:
            raise ValueError(f"pooled must be {tuple(self.maps.shape[:2])}, got {tuple(self.own_pooled.shape)}")

    @classmethod
    def of(cls, output: Tensor | tuple[Tensor, Tensor]) -> SegmentFeatures:
        """Reads what `FrameEncoder.forward` returned."""
        return cls(output) if isinstance(output, Tensor) else cls(output[1], output[0])

    @property
    def pooled(self) -> Tensor:
        """(N, C), of each whole segment."""
        return self.maps.mean(dim=(2, 3)) if self.own_pooled is None else self.own_pooled

    @property
    def patches(self) -> Tensor:
        """(N, P, C), row by row."""
        return self.maps.flatten(2).transpose(1, 2)

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns; P is their product."""
        rows, columns = self.maps.shape[2:]
        return rows, columns

    def mirrored(self) -> SegmentFeatures:
        """The features of mirrored segments, mirrored back to where they belong."""
        return SegmentFeatures(self.maps.flip(-1), self.own_pooled)

    def part(self, which: slice) -> SegmentFeatures:
        """The features of some of the segments."""
        return SegmentFeatures(self.maps[which], None if self.own_pooled is None else self.own_pooled[which])

    def mean_with(self, other: SegmentFeatures) -> SegmentFeatures:
        """The mean of both."""
        if self.own_pooled is None or other.own_pooled is None:
            return SegmentFeatures((self.maps + other.maps) / 2)
        return SegmentFeatures((self.maps + other.maps) / 2, (self.own_pooled + other.own_pooled) / 2)


class FrameEncoder(nn.Module):
    """An encoder of images or of tubelets.

    `forward` takes images (N, 3, H, W), or tubelets (N, F, 3, H, W) where `preparation.frames` is more than 1, and
    returns maps (N, C, rows, columns), whose mean is the pooled vector, or (pooled (N, C), maps).

    Attributes:
        preparation: how frames become its input.
        classifier: pooled (..., C) -> logits over labels; None without labels.
    """

    preparation: Preparation
    classifier: nn.Module | None

    def layer_stack(self) -> Sequence[nn.Module]:
        """Its blocks from the input on, for training the last N of them."""
        raise NotImplementedError

    def train(self, mode: bool = True) -> Self:
        """Stays in eval mode even while it learns: its norms keep the statistics that it was published with."""
        return super().train(False)

    def encode(self, images: Tensor) -> SegmentFeatures:
        """Prepared segments -> their features."""
        return SegmentFeatures.of(self(images))


def train_blocks(encoder: FrameEncoder, count: int) -> None:
    """Lets the last `count` blocks of an encoder learn; 0 freezes it, -1 lets all of it learn.

    What follows the last block (a norm, a pooling layer) learns with it; the classifier never does.

    Raises:
        ValueError: it has fewer blocks.
    """
    blocks = list(encoder.layer_stack())
    if not -1 <= count <= len(blocks):
        raise ValueError(f"the encoder has {len(blocks)} blocks, so that {count} of them cannot learn")
    encoder.requires_grad_(count != 0)
    if count > 0:
        first, reached = blocks[len(blocks) - count], False
        learning = {id(value) for block in blocks[len(blocks) - count :] for value in block.parameters()}
        inside = {id(value) for block in blocks for value in block.parameters()}
        start = {id(value) for value in first.parameters()}
        for value in encoder.parameters():  # in the order in which they were made: what comes first reads the input
            reached = reached or id(value) in start
            value.requires_grad_(id(value) in learning or (reached and id(value) not in inside))
    if encoder.classifier is not None:
        encoder.classifier.requires_grad_(False)
