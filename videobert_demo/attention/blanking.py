"""Encodes one clip many times, each time with other patches blanked.

A blanked patch is taken out of the attention (the encoder's `patch_mask`), not painted over. Whatever one paints
(black, the clip's mean) is itself a picture: the mean of a clip that shows a dog all over is still a dog. Besides, the
model has practised leaving patches out, as patch dropout.

Whatever else of a blanked patch would reach the model is removed as well:
    the visual word    a segment's pooled feature becomes the mean of its other patches, and its id is looked up anew; a
                       segment without any patch is left out as a whole, and the others keep their moments in time
    the labels         are read from those pooled features, of the segments that are left; without any, there are none
"""

from __future__ import annotations

import torch
from torch import Tensor

from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration, VideoBertOutput


def pool_kept(frame_features: Tensor, patch_features: Tensor, kept: Tensor) -> Tensor:
    """The pooled features of frames without their blanked patches.

    Args:
        frame_features: (B, T, C). patch_features: (B, T, P, C).
        kept: (B, T, P) bool.

    Returns:
        (B, T, C): the mean of the kept patches; unchanged where all patches are kept or none is.
    """
    weights = kept.to(patch_features.dtype)
    count = weights.sum(-1, keepdim=True)  # (B, T, 1)
    mean_kept = torch.einsum("btp,btpc->btc", weights, patch_features) / count.clamp(min=1)
    is_touched = (count > 0) & (count < kept.shape[-1])
    return torch.where(is_touched, mean_kept, frame_features)


def encode_kept(model: VideoBertForConditionalGeneration, inputs: dict[str, Tensor], kept: Tensor) -> VideoBertOutput:
    """Encodes a clip with some patches left out.

    Args:
        inputs: `scoring.encoder_inputs` of one clip: frame_features (1, T, C), patch_features (1, T, P, C) and, with a
            question, input_ids and attention_mask (1, n).
        kept: (N, T, P) bool, False where a patch is blanked; N passes in one batch.

    Returns:
        The encoder's output for N clips; its attention_mask leaves the blanked tokens out for the decoder as well.
    """
    count = len(kept)
    rows = {name: value.expand(count, *value.shape[1:]) for name, value in inputs.items()}
    rows["frame_features"] = pool_kept(rows["frame_features"], rows["patch_features"], kept)
    encoded: VideoBertOutput = model.encoder(**rows, patch_mask=kept)
    return encoded
