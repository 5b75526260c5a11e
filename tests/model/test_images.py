"""Frames become the tower's input."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from videobert_demo.model.images import choose_shape, prepare_images


def test_range_and_order_of_channels() -> None:
    frames = np.zeros((2, 10, 20, 3), dtype=np.uint8)
    frames[1] = (255, 127, 0)
    images = prepare_images(frames)
    assert images.shape == (2, 3, 224, 288)
    assert images.dtype == torch.float32
    assert images[0].unique().tolist() == [-127 / 128]
    assert images[1].mean(dim=(1, 2)).tolist() == [1.0, 0.0, -127 / 128]


def test_the_whole_frame_is_kept() -> None:
    frame = np.zeros((1, 100, 300, 3), dtype=np.uint8)
    frame[:, :, :150] = 255  # the left half of a wide frame stays the left half of the image
    image = prepare_images(frame)[0, 0]
    assert (image[:, :143] > 0.9).all()
    assert (image[:, 145:] < -0.9).all()


@pytest.mark.parametrize(
    ("height", "width", "shape"),
    [
        (240, 320, (224, 288)),
        (1080, 1920, (224, 288)),
        (500, 500, (256, 256)),
        (520, 480, (256, 256)),
        (1920, 1080, (288, 224)),
    ],
)
def test_the_image_has_nearly_the_frames_shape(height: int, width: int, shape: tuple[int, int]) -> None:
    assert choose_shape(height, width) == shape
    frame = np.zeros((1, height, width, 3), dtype=np.uint8)
    assert prepare_images(frame).shape == (1, 3, *shape)
    assert prepare_images(frame, (64, 32)).shape == (1, 3, 64, 32)


@pytest.mark.parametrize(
    "frames",
    [np.zeros((10, 20, 3), np.uint8), np.zeros((1, 10, 20, 4), np.uint8), np.zeros((1, 10, 20, 3), np.float32)],
)
def test_anything_else_is_refused(frames: np.ndarray) -> None:
    with pytest.raises(ValueError, match="expected"):
        prepare_images(frames)
