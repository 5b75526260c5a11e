"""The encoder's layers as two streams, one for text and one for video, that read each other in the later layers.

    layers 1 .. N - M       text    self-attention                      feed-forward
                            video   self-attention                      feed-forward
    layers N - M + 1 .. N   text    self-attention -> reads the video   feed-forward
                            video   self-attention -> reads the text    feed-forward        M = max(1, N // 2)

The streams share no weights. Text alone runs through the text stream and skips what reads the video.
Sources: LXMERT, arXiv 1908.07490, section 2.2; UniVL, arXiv 2002.06353. Unlike in LXMERT, cross-attention stands
between self-attention and feed-forward, as in BERT as a decoder, and each direction has weights of its own.
Knows tokens of two streams; knows no labels, segments or patches.

Shapes: B sequences, n text and m video tokens, S = n + m, D hidden size.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from transformers import BertConfig
from transformers.modeling_layers import GradientCheckpointingLayer
from transformers.modeling_outputs import BaseModelOutput
from transformers.models.bert.modeling_bert import BertAttention, BertIntermediate, BertOutput

CROSS_SHARE = 0.5
"""The share of cross-attention in each row of a joint map; self-attention has the rest."""


class TwoStreamAttention(nn.Module):
    """Self-attention of both streams, then, if the layer `crosses`, each stream's attention to the other one."""

    def __init__(self, config: BertConfig, *, crosses: bool) -> None:
        super().__init__()
        self.text = BertAttention(config)
        self.video = BertAttention(config)
        self.text_to_video = BertAttention(config, is_cross_attention=True) if crosses else None
        self.video_to_text = BertAttention(config, is_cross_attention=True) if crosses else None

    def crossings(self) -> list[tuple[BertAttention, BertAttention]]:
        """Each cross-attention of the layer, with the self-attention of its own stream."""
        pairs = (self.text_to_video, self.text), (self.video_to_text, self.video)
        return [(crossing, own) for crossing, own in pairs if crossing is not None]

    def forward(
        self, text: Tensor, video: Tensor, bias: Tensor | None
    ) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, ...]]:
        """One step of both streams; each reads the other's states from before the cross-attention.

        Args:
            text: (B, n, D). video: (B, m, D); m is 0 for text alone.
            bias: (B, 1, S, S), a mask as the chosen attention takes it; its four blocks mask the four attentions.

        Returns:
            The new text and video, and the attention maps for `join_maps`.
        """
        n = text.shape[1]
        if video.shape[1] == 0:
            text, read = self.text(text, bias)
            return (text, video), (read,)

        def between(queries: slice, keys: slice) -> Tensor | None:
            return None if bias is None else bias[:, :, queries, keys]

        words, tokens = slice(None, n), slice(n, None)
        text, text_map = self.text(text, between(words, words))
        video, video_map = self.video(video, between(tokens, tokens))
        if self.text_to_video is None or self.video_to_text is None:
            return (text, video), (text_map, video_map)
        new_text, to_video = self.text_to_video(
            text, encoder_hidden_states=video, encoder_attention_mask=between(words, tokens)
        )
        new_video, to_text = self.video_to_text(
            video, encoder_hidden_states=text, encoder_attention_mask=between(tokens, words)
        )
        return (new_text, new_video), (text_map, video_map, to_video, to_text)


class FeedForward(nn.Module):
    """The second half of a BERT layer."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.intermediate = BertIntermediate(config)
        self.output = BertOutput(config)

    def forward(self, tokens: Tensor) -> Tensor:
        """(B, s, D) -> (B, s, D)."""
        new: Tensor = self.output(self.intermediate(tokens), tokens)
        return new


class TwoStreamLayer(GradientCheckpointingLayer):
    """One layer of both streams; called as a BertLayer, with the position where the video begins."""

    def __init__(self, config: BertConfig, *, crosses: bool) -> None:
        super().__init__()
        self.attention = TwoStreamAttention(config, crosses=crosses)
        self.text_feed_forward = FeedForward(config)
        self.video_feed_forward = FeedForward(config)

    def forward(self, tokens: Tensor, attention_mask: Tensor | None, *, text_length: int) -> Tensor:
        """(B, S, D) -> (B, S, D), the first `text_length` of S being text; `attention_mask` (B, 1, S, S)."""
        (text, video), _ = self.attention(tokens[:, :text_length], tokens[:, text_length:], attention_mask)
        text = self.text_feed_forward(text)
        return torch.cat([text, self.video_feed_forward(video)], dim=1) if video.shape[1] else text


class TwoStreamEncoder(nn.Module):
    """In place of a BertEncoder: `num_hidden_layers` layers in each stream, the last half of which cross."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.config = config
        count = config.num_hidden_layers
        first_crossing = count - max(1, count // 2)
        self.layer = nn.ModuleList(TwoStreamLayer(config, crosses=number >= first_crossing) for number in range(count))

    def forward(self, tokens: Tensor, attention_mask: Tensor | None = None, *, text_length: int) -> BaseModelOutput:
        """(B, S, D) -> `last_hidden_state` (B, S, D); arguments as `TwoStreamLayer` takes them."""
        for layer in self.layer:
            tokens = layer(tokens, attention_mask, text_length=text_length)
        return BaseModelOutput(last_hidden_state=tokens)


def join_maps(maps: Tensor | Sequence[Tensor]) -> Tensor:
    """A layer's attention maps as one (B, heads, S, S), whose rows sum to 1 as theirs do.

        text  to text    text  to video       each half in a layer that crosses; elsewhere the
        video to text    video to video       diagonal blocks are whole, and beside them are zeros

    In the layer self-attention comes first; here both stand side by side, so the map leaves out what a token reads
    through one and then the other.

    Args:
        maps: one map (B, heads, S, S), which stays as it is; or text to text (B, heads, n, n), video to video
            (B, heads, m, m) and, in a layer that crosses, text to video (B, heads, n, m) and video to text
            (B, heads, m, n). Text alone has the first only.
    """
    return _join(maps, 1 - CROSS_SHARE, CROSS_SHARE)


def join_gradients(gradients: Sequence[Tensor]) -> Tensor:
    """The gradient at a joint map, from the gradients at the maps that `join_maps` took.

    A block of the joint map is its map times a share, so its gradient is divided by that share: gradient * map is the
    same in the block as in the map itself.
    """
    return _join(gradients, 1 / (1 - CROSS_SHARE), 1 / CROSS_SHARE)


def _join(blocks: Tensor | Sequence[Tensor], own_factor: float, cross_factor: float) -> Tensor:
    if isinstance(blocks, Tensor):
        return blocks
    if len(blocks) == 1:
        return blocks[0]
    text, video, *across = blocks
    if across:
        text, video, to_video, to_text = own_factor * text, own_factor * video, *(cross_factor * it for it in across)
    else:
        to_video = text.new_zeros(*text.shape[:3], video.shape[3])
        to_text = video.new_zeros(*video.shape[:3], text.shape[3])
    return torch.cat([torch.cat([text, to_video], dim=3), torch.cat([to_text, video], dim=3)], dim=2)
