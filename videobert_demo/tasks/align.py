"""Alignment: whether a sentence belongs to a clip, and to which of its moments.

Source: VideoBERT arXiv 1904.01766, section 3.3.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from videobert_demo.model.features import ClipTensors, split_frames, stack_clips
from videobert_demo.model.loading import LoadedModel


@torch.inference_mode()
def align(loaded: LoadedModel, clips: Sequence[ClipTensors], sentences: Sequence[str]) -> Tensor:
    """B clips and B sentences -> the probabilities (B,) that each pair belongs together, fp32, on the CPU."""
    model = loaded.model
    video = stack_clips(clips, loaded.device, model.dtype)
    texts = model.embed_text(model.encoder(**loaded.processor(text=list(sentences)).to(loaded.device)))
    videos = model.embed_video(model.encoder(**video))
    together = model.encoder(**loaded.processor(text=list(sentences), with_video=True).to(loaded.device), **video)
    probabilities: Tensor = model.predict_alignment(together, texts, videos).float().sigmoid().cpu()
    return probabilities


def align_moments(loaded: LoadedModel, clip: ClipTensors, sentence: str) -> Tensor:
    """The same for the sentence and each of the clip's T frames, read as a clip of its own: (T,)."""
    frames = split_frames(clip)
    return align(loaded, frames, [sentence] * len(frames))
