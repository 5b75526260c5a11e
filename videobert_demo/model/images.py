"""Frames of any size -> the tower's input. Knows pixels only: no clips, no model.

The whole frame is squeezed into the input, so heatmaps map back to the frame by scaling.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.model.encoders.efficientnet_lite import INPUT_SHAPES, PIXEL_MEAN, PIXEL_SCALE


def choose_shape(height: int, width: int) -> tuple[int, int]:
    """The one of INPUT_SHAPES, as (height, width), whose proportions are nearest to the frame's."""
    return min(INPUT_SHAPES, key=lambda shape: abs(math.log(shape[1] / shape[0]) - math.log(width / height)))


def prepare_images(pixels: NDArray[np.uint8], shape: tuple[int, int] | None = None) -> Tensor:
    """(T, H, W, 3) uint8 RGB -> (T, 3, h, w) fp32, normalised as (x - 127) / 128.

    Args:
        shape: (h, w); by default the one that `choose_shape` gives for the frames.
    """
    if pixels.ndim != 4 or pixels.shape[-1] != 3 or pixels.dtype != np.uint8:
        raise ValueError(f"expected (T, H, W, 3) uint8, got {pixels.shape} {pixels.dtype}")
    height, width = shape or choose_shape(*pixels.shape[1:3])
    squeezed = np.stack([cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA) for frame in pixels])
    images = torch.from_numpy(squeezed).permute(0, 3, 1, 2).contiguous()  # (T, 3, h, w)
    return (images.float() - PIXEL_MEAN) / PIXEL_SCALE
