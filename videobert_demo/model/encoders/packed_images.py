"""Image models that take flattened patches with the shape of their grid: SigLIP 2 (NaFlex).

A frame becomes rows x columns patches, at most as many as the model has positions for, so nothing is padded.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from videobert_demo.model.encoders.published import PublishedEncoder


class PackedImageEncoder(PublishedEncoder):
    """images (N, 3, h, w) -> what `PublishedEncoder.read` gives."""

    def forward(self, images: Tensor) -> Any:
        """Reads N images."""
        rows, columns = self.grid_of(*images.shape[2:])
        count = len(images)
        output = self.model(
            pixel_values=pack_patches(images, rows, columns),
            pixel_attention_mask=torch.ones(count, rows * columns, dtype=torch.long, device=images.device),
            spatial_shapes=torch.tensor([[rows, columns]] * count, device=images.device),
        )
        return self.read(output, (rows, columns))


def pack_patches(images: Tensor, rows: int, columns: int) -> Tensor:
    """(N, 3, h, w) -> (N, rows * columns, h / rows * w / columns * 3): patches row by row, their channels last."""
    blocks: Tensor = images.unflatten(3, (columns, -1)).unflatten(2, (rows, -1))  # (N, 3, rows, p, columns, q)
    blocks = blocks.permute(0, 2, 4, 3, 5, 1)  # (N, rows, columns, p, q, 3)
    return blocks.flatten(3).flatten(1, 2)
