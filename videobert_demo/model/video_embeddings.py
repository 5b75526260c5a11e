"""The tokens of the video part: labels, visual words and patches as vectors of the encoder's width.

Knows features and ids; knows neither the text part nor the encoder's layers.

Shapes: B clips, T segments, P patches a frame, K labels, C tower channels, D hidden size.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from videobert_demo.model.configuration_videobert import VideoBertConfig
from videobert_demo.model.sequence_layout import interleave

MIN_LABEL_PROBABILITY = 1e-3


class VideoEmbeddings(nn.Module):
    """Labels, pooled features and patches of T frames -> the tokens of the video part, before the closing [SEP].

    label:        E_label[label] + log(probability) e_label    (+ token type)
    visual word:  E_id[id] + W_v f                             (+ time, + token type)
    patch:        W_p patch + E_place[index]                   (+ time, + token type)
    """

    def __init__(self, config: VideoBertConfig) -> None:
        super().__init__()
        width = config.encoder.hidden_size
        self.max_frames = config.max_frames
        self.word_embeddings = nn.Embedding(config.codebook_size, width)
        self.label_embeddings = nn.Embedding(config.label_count, width)
        self.frame_projection = nn.Linear(config.frame_channels, width)
        self.patch_projection = nn.Linear(config.frame_channels, width)
        self.place_embeddings = nn.Embedding(config.patches_per_frame, width)
        self.time_embeddings = nn.Embedding(config.max_frames, width)
        self.masked_segment = nn.Parameter(torch.zeros(width))
        self.label_certainty = nn.Parameter(torch.zeros(width))
        self.LayerNorm = nn.LayerNorm(width, eps=config.encoder.layer_norm_eps)
        self.dropout = nn.Dropout(config.encoder.hidden_dropout_prob)

    def time_bins(self, frame_mask: Tensor) -> Tensor:
        """(B, T) bool -> (B, T) int64: the bin that the middle of segment t is in, of `max_frames` equal bins.

        Four frames and max_frames = 8:  |  1  |  3  |  5  |  7  |
        """
        count = frame_mask.sum(1, keepdim=True).clamp(min=1)  # (B, 1)
        middle = (torch.arange(frame_mask.shape[1], device=frame_mask.device)[None] + 0.5) / count
        return (middle * self.max_frames).long().clamp(max=self.max_frames - 1)

    def forward(
        self,
        frame_features: Tensor,  # (B, T, C)
        patch_features: Tensor,  # (B, T, P, C)
        label_ids: Tensor,  # (B, K)
        label_probabilities: Tensor,  # (B, K)
        visual_word_ids: Tensor,  # (B, T)
        frame_mask: Tensor,  # (B, T) bool
        segment_mask: Tensor | None,  # (B, T) bool, True where the segment is hidden from the model
        kept_patches: Tensor | None,  # (B, T, k) int64, the indices of the patches to read; None reads all P
        token_type: Tensor,  # (D,)
    ) -> Tensor:
        """The tokens (B, K + T (1 + P), D) of the video part; k in place of P where patches are dropped."""
        certainty = label_probabilities.clamp(min=MIN_LABEL_PROBABILITY).log().to(self.label_certainty.dtype)
        labels = self.label_embeddings(label_ids) + certainty[:, :, None] * self.label_certainty  # (B, K, D)
        words = self.word_embeddings(visual_word_ids) + self.frame_projection(frame_features)  # (B, T, D)
        positions = self.place_embeddings.weight  # (P, D)
        if kept_patches is not None:
            index = kept_patches[..., None].expand(-1, -1, -1, patch_features.shape[-1])
            patch_features, positions = patch_features.gather(2, index), positions[kept_patches]
        patches = self.patch_projection(patch_features) + positions  # (B, T, P, D)
        if segment_mask is not None:
            hidden = self.masked_segment.to(words.dtype)
            words = torch.where(segment_mask[:, :, None], hidden, words)
            patches = torch.where(segment_mask[:, :, None, None], hidden, patches)
        times = self.time_embeddings(self.time_bins(frame_mask))  # (B, T, D)
        tokens = interleave(words + times, patches + times[:, :, None])  # (B, T (1 + P), D)
        everything = torch.cat([labels, tokens], dim=1) + token_type  # (B, K + T (1 + P), D)
        normed: Tensor = self.dropout(self.LayerNorm(everything))
        return normed
