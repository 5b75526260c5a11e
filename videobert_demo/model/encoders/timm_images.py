"""Image models of timm behind transformers' TimmWrapper; needs the extra `timm` (pip install videobert-demo[timm]).

The wrapped model itself declares its class and register tokens; nothing declares its patch size, so the grid has the
proportions of the image.
"""

from __future__ import annotations

import math
from typing import Any

from torch import Tensor

from videobert_demo.model.encoders.published import PublishedEncoder


class TimmImageEncoder(PublishedEncoder):
    """images (N, 3, h, w) -> (pooled (N, C), maps (N, C, rows, columns))."""

    def forward(self, images: Tensor) -> Any:
        """Reads N images."""
        output = self.model(pixel_values=images)
        hidden: Tensor = output.last_hidden_state
        pooled: Tensor | None = output.pooler_output
        if hidden.ndim == 3:
            wrapped: Any = self.model.timm_model
            tokens = hidden[:, int(getattr(wrapped, "num_prefix_tokens", 0)) :]
            rows = round(math.sqrt(tokens.shape[1] * images.shape[2] / images.shape[3]))
            hidden = tokens.transpose(1, 2).unflatten(2, (rows, -1))
        return hidden if pooled is None else (pooled, hidden)
