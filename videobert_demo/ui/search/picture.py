"""A picture file that someone searches by -> pixels. It knows nothing about the page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from videobert_demo.errors import UnreadableClipError


def read_picture(path: str, max_pixels: int) -> NDArray[np.uint8]:
    """A picture file -> (H, W, 3) uint8 RGB.

    Args:
        path: The file as it was uploaded: nothing is known about it yet.
        max_pixels: H x W at most.

    Raises:
        UnreadableClipError: It is no picture, or has more than `max_pixels`.
    """
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > max_pixels:
                raise UnreadableClipError("{name} has too many pixels; choose a smaller picture.", name=Path(path).name)
            return np.asarray(picture.convert("RGB"), dtype=np.uint8)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableClipError(
            "{name} cannot be read as a picture; choose a JPEG, PNG or WebP file.", name=Path(path).name
        ) from error
