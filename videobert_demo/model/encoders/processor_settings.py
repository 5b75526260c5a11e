"""Reads what the processor of a published checkpoint says of its images: numbers per channel, height and width.

What is no such thing raises a ValueError with the setting in it. Knows files and configs; runs no model.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from transformers.image_processing_base import ImageProcessingMixin

from videobert_demo.model.encoders.building import TIMM
from videobert_demo.model.encoders.published import frames_of, patch_sides

LANDSCAPE = math.sqrt(4 / 3)
"""Frames of other proportions are this much wider, and as much lower, than square ones."""
PROCESSOR_FILES = ("preprocessor_config.json", "video_preprocessor_config.json", "processor_config.json")
MAX_SIDE = 2048


def read_settings(source: str, revision: str | None) -> dict[str, Any]:
    """The settings of the checkpoint's image or video processor; empty if it has none."""
    for name in PROCESSOR_FILES:
        try:
            found, _ = ImageProcessingMixin.get_image_processor_dict(
                source, revision=revision, image_processor_filename=name
            )
        except OSError:
            if (Path(source) / name).exists():
                raise
            continue
        if not isinstance(found, dict):
            raise ValueError(f"{name} is no JSON object")
        return dict(found.get("video_processor") or found.get("image_processor") or found)
    return {}


def input_shapes(
    config: Any, settings: dict[str, Any], timm: dict[str, Any]
) -> tuple[tuple[int, int], tuple[tuple[int, int], ...]]:
    """The height and width that the checkpoint was trained at, and those of lower and of narrower frames."""
    rows, columns = patch_sides(config)
    if hasattr(config, "num_patches") and not hasattr(config, "image_size"):
        side = math.isqrt(int(config.num_patches))
        square = side * rows, side * columns
    else:
        size = settings.get("crop_size") if settings.get("do_center_crop", True) else None
        size = size or settings.get("size") or getattr(config, "image_size", None) or getattr(config, "crop_size", None)
        size = size or (timm.get("input_size") or [3, 224, 224])[1:]
        square = _sides(size)
    if max(square) > MAX_SIDE:
        raise ValueError(f"images of {square[0]} x {square[1]} pixels are larger than {MAX_SIDE} a side")
    if config.model_type == TIMM:
        return square, ()
    height, width = square[0] // rows, square[1] // columns
    if not height or not width:
        raise ValueError(f"images of {square[0]} x {square[1]} pixels are smaller than a patch of {rows} x {columns}")
    low = max(1, round(height / LANDSCAPE))
    wide = min(round(width * LANDSCAPE), height * width // low)
    landscape, portrait = (low * rows, wide * columns), (wide * rows, low * columns)
    others = tuple(shape for shape in (landscape, portrait) if shape != square and wide > 0)
    return square, () if frames_of(config) > 1 else others


def three_numbers(name: str, values: Any) -> list[float]:
    """The red, green and blue of a setting."""
    if (
        not isinstance(values, list | tuple)
        or len(values) != 3
        or not all(isinstance(one, int | float) for one in values)
    ):
        raise ValueError(f"{name} is {values!r}, not three numbers")
    return [float(value) for value in values]


def _sides(size: Any) -> tuple[int, int]:
    """Height and width of a processor's setting, which is a dict, a list or one side."""
    if isinstance(size, dict):
        side = size.get("shortest_edge") or size.get("longest_edge") or size.get("height") or size.get("width")
        height, width = size.get("height") or side, size.get("width") or side
    else:
        height, width = (size[0], size[-1]) if isinstance(size, list | tuple) and size else (size, size)
    if not isinstance(height, int) or not isinstance(width, int) or min(height, width) < 1:
        raise ValueError(f"the size of images is {size!r}, no height and width")
    return height, width
