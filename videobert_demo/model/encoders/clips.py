"""Clip models, which read the F frames of a segment together: VideoMAE, TimeSformer, ViViT, V-JEPA 2, X-CLIP.

A model that declares `pixel_values_videos` is given that. One that lies within a pair of towers and declares frames,
but images as its input (X-CLIP), takes the frames of all segments one after another and gives tokens for each; the
segment's are their means. With `attention_type` in the config (TimeSformer) the time steps of one patch lie side by
side, except in "space_only", which has read their mean already.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor
from transformers import PreTrainedModel

from videobert_demo.model.encoders.contract import Preparation
from videobert_demo.model.encoders.published import PublishedEncoder

PREDICTOR = "skip_predictor"


class ClipEncoder(PublishedEncoder):
    """tubelets (N, F, 3, h, w) -> what `PublishedEncoder.read` gives."""

    def __init__(self, model: PreTrainedModel, preparation: Preparation, *rest: Any) -> None:
        super().__init__(model, preparation, *rest)
        kind = getattr(model.config, "attention_type", None)
        self.steps = 1 if kind == "space_only" else preparation.frames // preparation.stride
        self.has_time_inside = kind is not None

    def forward(self, tubelets: Tensor) -> Any:
        """Reads N segments of F frames."""
        options: dict[str, Any] = {PREDICTOR: True} if self.takes(PREDICTOR) else {}
        output = self.model(**{self.model.main_input_name: tubelets}, **options)
        return self.read(output, self.grid_of(*tubelets.shape[3:]))


class FrameSequenceEncoder(PublishedEncoder):
    """tubelets (N, F, 3, h, w), whose frames the model takes as images (N F, 3, h, w) and lets read each other."""

    def forward(self, tubelets: Tensor) -> Any:
        """Reads N segments of F frames."""
        count = len(tubelets)
        output = self.model(pixel_values=tubelets.flatten(0, 1))
        found = self.read(output, self.grid_of(*tubelets.shape[3:]))
        if isinstance(found, Tensor):
            return found.unflatten(0, (count, -1)).mean(1)
        pooled, maps = (part.unflatten(0, (count, -1)).mean(1) for part in found)
        return pooled, maps
