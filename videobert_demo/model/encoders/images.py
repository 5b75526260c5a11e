"""Image models whose output is tokens or a map: CLIP, SigLIP, DINOv2, DINOv3, ViT, ConvNeXt, ResNet and their kin.

Tokens carry a prefix of class and register tokens; convolutional models give 4-D maps. Position encodings that the
model can interpolate let frames keep their proportions.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor

from videobert_demo.model.encoders.published import PublishedEncoder


class ImageEncoder(PublishedEncoder):
    """images (N, 3, h, w) -> what `PublishedEncoder.read` gives."""

    def forward(self, images: Tensor) -> Any:
        """Reads N images."""
        options: dict[str, Any] = {}
        size = getattr(self.model.config, "image_size", None)
        sides = tuple(size) if isinstance(size, list | tuple) else (size, size)
        if self.takes("interpolate_pos_encoding") and tuple(images.shape[2:]) != sides:
            options["interpolate_pos_encoding"] = True
        return self.read(self.model(pixel_values=images, **options), self.grid_of(*images.shape[2:]))
