"""From attention maps and gradients to how much each encoder token counts. Pure tensor maths: knows no model.

One clip at a time: S encoder tokens, m decoder tokens; a map is (heads, queries, keys), one for each layer.
Sources: attention rollout, Abnar & Zuidema, arXiv 2005.00928; gradient-weighted relevance, Chefer, Gur & Wolf, arXiv
2103.15679. Equations are numbered as there.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional


def raw_attention(maps: Sequence[Tensor], rows: Tensor, layer: int | None = None, head: int | None = None) -> Tensor:
    """Attention of some queries as it stands, averaged over them.

    Args:
        maps: (heads, m, S) each.
        rows: int64 (r,), the queries.
        layer, head: only this one; None averages over all.

    Returns:
        (S,).
    """
    stacked = torch.stack(list(maps))[:, :, rows].mean(2)  # (layers, heads, S)
    if layer is not None:
        stacked = stacked[layer : layer + 1]
    if head is not None:
        stacked = stacked[:, head : head + 1]
    return stacked.mean((0, 1))


def rollout(maps: Sequence[Tensor]) -> Tensor:
    """Attention rollout over the layers of one stack.

    arXiv 2005.00928, section 3:  A = 0.5 W_att + 0.5 I,  and eq. 1:  A~(l) = A(l) A~(l - 1). Heads are averaged.

    Args:
        maps: (heads, S, S) each, the first layer first.

    Returns:
        (S, S); its rows sum to 1 as those of the maps do.
    """
    joint: Tensor | None = None
    for weights in maps:
        mean = weights.mean(0)
        layer = 0.5 * mean + 0.5 * torch.eye(len(mean), dtype=mean.dtype, device=mean.device)
        joint = layer if joint is None else layer @ joint
    if joint is None:
        raise ValueError("rollout needs at least one layer")
    return joint


def rollout_across(encoder: Sequence[Tensor], cross: Sequence[Tensor]) -> Tensor:
    """Rollout from the encoder's tokens to the decoder's: the last cross-attention over the rolled-out encoder.

    The paper knows encoders only; arXiv 2103.15679 (section 4) compares with rollout on encoder-decoders like this, but
    also rolls out the decoder's own words, which hold no pictures.

    Args:
        encoder: (heads, S, S) each. cross: (heads, m, S) each.

    Returns:
        (m, S).
    """
    return cross[-1].mean(0) @ rollout(encoder)


def weighted_heads(weights: Tensor, gradient: Tensor) -> Tensor:
    """Equation 5 of arXiv 2103.15679:  A- = E_h[(grad A * A)+].  (heads, q, k) twice -> (q, k)."""
    return (gradient * weights).clamp(min=0).mean(0)


def normalised(relevance: Tensor) -> Tensor:
    """Equations 8 and 9 of arXiv 2103.15679:  R^ = R - I,  R- = R^ / (its row sums) + I.  (s, s) -> (s, s).

    A row that has gathered nothing yet stays a row of the identity.
    """
    identity = torch.eye(len(relevance), dtype=relevance.dtype, device=relevance.device)
    gathered = relevance - identity
    sums = gathered.sum(-1, keepdim=True)
    return torch.where(sums > 0, gathered / sums.clamp(min=torch.finfo(sums.dtype).tiny), 0.0) + identity


def self_attention_relevance(maps: Sequence[Tensor], gradients: Sequence[Tensor]) -> Tensor:
    """Relevance in a stack of self-attention alone: R = I, then in each layer eq. 6:  R <- R + A- R.

    Args:
        maps, gradients: (heads, S, S) each.

    Returns:
        (S, S): row i tells how much each input token counts in token i.
    """
    if not maps:
        raise ValueError("relevance needs at least one layer")
    relevance = torch.eye(maps[0].shape[-1], dtype=maps[0].dtype, device=maps[0].device)
    for weights, gradient in zip(maps, gradients, strict=True):
        relevance = relevance + weighted_heads(weights, gradient) @ relevance
    return relevance


def encoder_decoder_relevance(
    encoder: Sequence[Tensor],
    encoder_gradients: Sequence[Tensor],
    decoder: Sequence[Tensor],
    decoder_gradients: Sequence[Tensor],
    cross: Sequence[Tensor],
    cross_gradients: Sequence[Tensor],
) -> Tensor:
    """The rules of arXiv 2103.15679 for an encoder-decoder (section 3, as for DETR); i the encoder's, q the decoder's.

        encoder:   R_ii = I, and in each layer  R_ii <- R_ii + A-_ii R_ii                          (eq. 6)
        decoder:   R_qq = I, R_qi = 0, and in each layer
            self-attention    R_qi <- R_qi + A-_qq R_qi                                            (eq. 7)
                              R_qq <- R_qq + A-_qq R_qq                                            (eq. 6)
            cross-attention   R_qi <- R_qi + (R-_qq)^T A-_qi R-_ii                                 (eq. 10)

    Args:
        encoder: (heads, S, S) each. decoder: (heads, m, m) each. cross: (heads, m, S) each; gradients likewise.

    Returns:
        R_qi (m, S): how much each encoder token counts for each decoder token.
    """
    encoded = normalised(self_attention_relevance(encoder, encoder_gradients))
    words = torch.eye(decoder[0].shape[-1], dtype=encoded.dtype, device=encoded.device)
    across = torch.zeros(cross[0].shape[-2:], dtype=encoded.dtype, device=encoded.device)
    layers = zip(decoder, decoder_gradients, cross, cross_gradients, strict=True)
    for own, own_gradient, seen, seen_gradient in layers:
        own_weights = weighted_heads(own, own_gradient)
        across = across + own_weights @ across
        words = words + own_weights @ words
        across = across + normalised(words).T @ weighted_heads(seen, seen_gradient) @ encoded
    return across


def gradient_times_input(tokens: Tensor, gradient: Tensor) -> Tensor:
    """The sum over channels of gradient * input (arXiv 1605.01713): each token's first-order share of the score.

    (S, D) twice -> (S,), signed.
    """
    return (gradient * tokens).sum(-1)


def word_over_others(word: Tensor, others: Tensor) -> Tensor:
    """A word's unit vector (D,) and those of other words (n, D) -> the direction from their mean to the word (D,)."""
    return word - others.mean(0)


def word_probability(vectors: Tensor, word: Tensor, others: Tensor, scale: float) -> Tensor:
    """How probable a word is for each token, among other words: the softmax of token-wise contrast.

    arXiv 2111.07783 (FILIP), section 3.1, where text and image tokens are compared one by one; here the word is
    compared with other words in place of other images.

    Args:
        vectors: contrastive vectors (..., D), of any length.
        word: unit vector (D,). others: unit vectors (n, D) of other words, n >= 1.
        scale: the inverse temperature that the contrast was trained with, above 0.

    Returns:
        Probabilities (...).
    """
    logits = scale * functional.normalize(vectors, dim=-1) @ torch.cat([word[None], others]).T  # (..., 1 + n)
    return logits.softmax(-1)[..., 0]


def to_unit_range(scores: Tensor) -> Tensor:
    """Scores of any sign and shape -> [0, 1]: the least is 0, the greatest 1. If all are equal, all are 0."""
    low, high = scores.min(), scores.max()
    if not torch.isfinite(low) or not torch.isfinite(high):
        raise ValueError("scores must be finite")
    spread = high - low
    return torch.zeros_like(scores) if spread <= 0 else ((scores - low) / spread).clamp(0, 1)
