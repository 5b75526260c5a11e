"""Operations of kornia on the pixels of a clip: some of a list, drawn at random, alike for all of its frames.

As RandAugment does (arXiv 1909.13719), but no operation changes a hue or inverts anything: captions name colours. None
mirrors, for that changes captions and is pixels.Variation's. Knows pixels; knows no view and no frame encoder.
"""

from __future__ import annotations

import functools
import importlib.util
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from videobert_demo.errors import DataError

MAX_OPERATIONS = 9


def check_kornia() -> None:
    """Refuses operations where kornia is not installed.

    Raises:
        DataError: it is not.
    """
    if importlib.util.find_spec("kornia") is None:
        raise DataError("pixel_operations needs kornia, which is not installed: pip install 'videobert-demo[augment]'")


def change_pixels(frames: NDArray[np.uint8], operations: int, seed: int) -> NDArray[np.uint8]:
    """Applies so many different operations, in random order; all frames are changed alike.

    Args:
        frames: (T, H, W, 3) RGB.
        operations: 0 to `MAX_OPERATIONS`.
        seed: the same one draws the same operations in the same strength.
    """
    if not operations:
        return frames
    clip = torch.from_numpy(frames).permute(0, 3, 1, 2)[None].float() / 255  # (1, T, 3, H, W)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        changed = _sequence(operations)(clip)[0]
    found: NDArray[np.uint8] = (changed.clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).numpy()
    return found


@functools.cache
def _sequence(operations: int) -> Any:
    import kornia.augmentation as kornia  # takes seconds

    listed = [
        kornia.RandomRotation(15.0, p=1.0),
        kornia.RandomPerspective(0.25, p=1.0),
        kornia.RandomSharpness(1.0, p=1.0),
        kornia.RandomGaussianBlur((5, 5), (0.3, 1.5), p=1.0),
        kornia.RandomGamma((0.7, 1.4), p=1.0),
        kornia.RandomContrast((0.6, 1.4), p=1.0),
        kornia.RandomPosterize(4, p=1.0),
        kornia.RandomErasing((0.02, 0.2), p=1.0),
        kornia.RandomGaussianNoise(0.0, 0.03, p=1.0),
    ]
    assert len(listed) == MAX_OPERATIONS
    return kornia.VideoSequential(*listed, data_format="BTCHW", same_on_frame=True, random_apply=operations)
