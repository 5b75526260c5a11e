"""Encodes one clip many times, each time with other patches blanked.

A blanked patch is taken out of the attention, not painted over. Whatever one paints (black, the clip's mean) is itself
a picture: the mean of a clip that shows a dog all over is still a dog. Leaving patches out is also what the model has
practised, as patch dropout.

What else of the blanked picture would reach the model, and does not:
    the visual word    a segment's pooled feature becomes the mean of the patches that are left, and its id is looked
                       up anew; a segment with no patch left is taken out as a whole, at its place in time
    the labels         they are read from those pooled features, of the segments that are left; without any, none
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from transformers.masking_utils import create_bidirectional_mask

from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration, VideoBertOutput
from videobert_demo.model.views import view_of


def pool_kept(frame_features: Tensor, patch_features: Tensor, kept: Tensor) -> Tensor:
    """The pooled features that a frame has without its blanked patches.

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
        inputs: `explain.encoder_inputs` of one clip: frame_features (1, T, C), patch_features (1, T, P, C) and, with a
            question, input_ids and attention_mask (1, n).
        kept: (N, T, P) bool, False where a patch is blanked; N passes in one batch.

    Returns:
        The encoder's output for N clips; its attention_mask leaves the blanked tokens out, for all that reads it.
    """
    count = len(kept)
    rows = {name: value.expand(count, *value.shape[1:]) for name, value in inputs.items()}
    seen = kept.any(-1)  # (N, T)
    rows["frame_features"] = pool_kept(rows["frame_features"], rows["patch_features"], kept)
    encoder = view_of(model).encoder  # a view of its own, so that the hook below meets no other pass
    labels, chances = encoder.find_labels(rows["frame_features"], seen)
    segments = torch.cat([seen[:, :, None], kept], dim=-1).flatten(1)  # (N, T (1 + P)); the visual word, then patches
    closing = seen.new_ones(count, 1)
    video = torch.cat([chances > 0, segments, closing], dim=1)  # (N, K + T (1 + P) + 1)
    masks: list[Tensor] = []

    def blank(_: nn.Module, given: tuple[Tensor], named: dict[str, Any]) -> tuple[tuple[Tensor], dict[str, Any]]:
        tokens = given[0]  # (N, S, D)
        text = video.new_ones(count, tokens.shape[1] - video.shape[1])
        masks.append(torch.cat([text, video], dim=1))
        bias = create_bidirectional_mask(config=encoder.config.encoder, inputs_embeds=tokens, attention_mask=masks[-1])
        return given, {**named, "attention_mask": bias}

    handle = encoder.layers.register_forward_pre_hook(blank, with_kwargs=True)
    try:
        encoded: VideoBertOutput = encoder(**rows, label_ids=labels, label_probabilities=chances)
    finally:
        handle.remove()
    encoded.attention_mask = masks[-1]
    return encoded
