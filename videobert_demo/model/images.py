"""Frames of any size -> the frame encoder's input. Knows pixels only: no clips, no model.

The whole frame is squeezed into the input, so heatmaps map back to the frame by scaling.
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.model.encoders.contract import Preparation
from videobert_demo.model.encoders.efficientnet_lite import PREPARATION


def choose_shape(height: int, width: int) -> tuple[int, int]:
    """The shape, as (height, width), that EfficientNet-Lite0 reads such a frame in."""
    return PREPARATION.choose_shape(height, width)


def prepare_images(
    pixels: NDArray[np.uint8], shape: tuple[int, int] | None = None, preparation: Preparation = PREPARATION
) -> Tensor:
    """(T, H, W, 3) uint8 RGB -> (T, 3, h, w) fp32, normalised as the preparation says.

    Args:
        shape: (h, w); by default the one of the preparation's that suits the frames.
        preparation: of the frame encoder; by default that of EfficientNet-Lite0, (x - 127) / 128.
    """
    if pixels.ndim != 4 or pixels.shape[-1] != 3 or pixels.dtype != np.uint8:
        raise ValueError(f"expected (T, H, W, 3) uint8, got {pixels.shape} {pixels.dtype}")
    height, width = shape or preparation.choose_shape(*pixels.shape[1:3])
    squeezed = np.stack([cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA) for frame in pixels])
    images = torch.from_numpy(squeezed).permute(0, 3, 1, 2).contiguous()  # (T, 3, h, w)
    mean, deviation = (torch.tensor(values)[:, None, None] for values in (preparation.mean, preparation.deviation))
    prepared: Tensor = (images.float() - mean) / deviation
    return prepared


def prepare_segments(
    pixels: NDArray[np.uint8], preparation: Preparation, shape: tuple[int, int] | None = None
) -> Tensor:
    """Segments of a clip -> a frame encoder's input, fp32.

    Args:
        pixels: (T, H, W, 3) uint8 RGB, one frame of each segment, or (T, F, H, W, 3), F of each. An encoder of images
            takes the first kind. One of clips takes both; of the first kind it sees every frame F times.
        shape: as `prepare_images` takes it.

    Returns:
        (T, 3, h, w), or (T, F, 3, h, w) for an encoder of clips.
    """
    if preparation.frames == 1:
        return prepare_images(pixels, shape, preparation)
    if pixels.ndim == 4:
        images = prepare_images(pixels, shape, preparation)
        return images[:, None].expand(-1, preparation.frames, -1, -1, -1).contiguous()
    if pixels.ndim != 5 or pixels.shape[1] != preparation.frames:
        raise ValueError(f"expected segments of {preparation.frames} frames, got {pixels.shape}")
    images = prepare_images(pixels.reshape(-1, *pixels.shape[2:]), shape, preparation)
    segments: Tensor = images.unflatten(0, (len(pixels), preparation.frames))
    return segments
