"""Vectors for retrieval: clips and sentences in one space, compared by dot product."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.features import ClipTensors, stack_clips


@torch.inference_mode()
def embed_clips(loaded: LoadedModel, clips: Sequence[ClipTensors]) -> Tensor:
    """B clips -> unit vectors (B, projection), fp32, on the CPU."""
    model = loaded.model
    encoded = model.encoder(**stack_clips(clips, loaded.device, model.dtype))
    return model.embed_video(encoded).float().cpu()


@torch.inference_mode()
def embed_sentences(loaded: LoadedModel, sentences: Sequence[str]) -> Tensor:
    """B sentences -> unit vectors (B, projection), fp32, on the CPU."""
    prepared = loaded.processor(text=list(sentences)).to(loaded.device)
    return loaded.model.embed_text(loaded.model.encoder(**prepared)).float().cpu()
