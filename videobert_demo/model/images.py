"""Frames of any size -> the tower's input. The whole frame is squeezed into a square: heatmaps map back by scaling."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.model.frame_tower import IMAGE_SIZE, PIXEL_MEAN, PIXEL_SCALE


def prepare_images(pixels: NDArray[np.uint8], size: int = IMAGE_SIZE) -> Tensor:
    """(T, H, W, 3) uint8 RGB -> (T, 3, size, size) fp32, normalised as (x - 127) / 128."""
    if pixels.ndim != 4 or pixels.shape[-1] != 3 or pixels.dtype != np.uint8:
        raise ValueError(f"expected (T, H, W, 3) uint8, got {pixels.shape} {pixels.dtype}")
    squeezed = np.stack([cv2.resize(frame, (size, size), interpolation=cv2.INTER_AREA) for frame in pixels])
    images = torch.from_numpy(squeezed).permute(0, 3, 1, 2).contiguous()  # (T, 3, size, size)
    return (images.float() - PIXEL_MEAN) / PIXEL_SCALE
