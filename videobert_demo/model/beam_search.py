"""Beam search over many clips at once, without gradients: for captions, answers, cloze and self-critical training.

The search is that of transformers' `generate` with `early_stopping=True`. `generate` copies a clip's keys and values
for every beam and moves them at every word; here the beams of a clip share them, as in `decode_packed`, which makes
the search several times faster on a CPU. Knows the decoder's layers; knows no tokenizer and no wording.

Shapes: B clips, K beams, S encoder tokens, D width, h heads, d = D / h, m words so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional
from transformers import LogitsProcessor
from transformers.models.bart.modeling_bart import BartDecoderLayer

from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration, VideoBertOutput


class Sentence(NamedTuple):
    """A sentence that the search found.

    Attributes:
        ids: Its tokens, with the end token if the sentence came to an end.
        log_probability: The sum over its tokens of what the search ranked: their log-probabilities, as the logits
            processors changed them.
    """

    ids: list[int]
    log_probability: float

    def score(self, length_penalty: float) -> float:
        """What sentences are ranked by: 1 gives the mean over the tokens, 0 their sum."""
        return self.log_probability / float(len(self.ids) ** length_penalty)


def _heads(tensor: Tensor, heads: int) -> Tensor:
    """(N, m, D) -> (N, h, m, d)."""
    return tensor.view(*tensor.shape[:-1], heads, -1).transpose(1, 2)


class _Layer:
    """One decoder layer with the clips' keys and values (B, h, S, d), and those of the words so far (B K, h, m, d)."""

    def __init__(self, layer: BartDecoderLayer, encoded: Tensor, bias: Tensor) -> None:
        self._layer, self._bias = layer, bias  # bias: (B, 1, 1, S)
        self._heads = layer.encoder_attn.num_heads
        self._keys = _heads(layer.encoder_attn.k_proj(encoded), self._heads)
        self._values = _heads(layer.encoder_attn.v_proj(encoded), self._heads)
        self._word_keys: Tensor | None = None
        self._word_values: Tensor | None = None

    def step(self, hidden: Tensor) -> Tensor:
        """The newest word of every beam, (B K, 1, D) -> the same."""
        layer, clips = self._layer, len(self._keys)
        attention = layer.self_attn
        keys, values = (_heads(part(hidden), self._heads) for part in (attention.k_proj, attention.v_proj))
        self._word_keys = keys if self._word_keys is None else torch.cat([self._word_keys, keys], dim=2)
        self._word_values = values if self._word_values is None else torch.cat([self._word_values, values], dim=2)
        query = _heads(attention.q_proj(hidden), self._heads)  # (B K, h, 1, d)
        read = functional.scaled_dot_product_attention(query, self._word_keys, self._word_values)
        hidden = layer.self_attn_layer_norm(hidden + attention.out_proj(read.transpose(1, 2).flatten(2)))
        beams = hidden.view(clips, -1, hidden.shape[-1])  # (B, K, D): a clip's beams ask its keys together
        query = _heads(layer.encoder_attn.q_proj(beams), self._heads)  # (B, h, K, d)
        read = functional.scaled_dot_product_attention(query, self._keys, self._values, attn_mask=self._bias)
        read = layer.encoder_attn.out_proj(read.transpose(1, 2).flatten(2)).view_as(hidden)
        hidden = layer.encoder_attn_layer_norm(hidden + read)
        result: Tensor = layer.final_layer_norm(hidden + layer.fc2(layer.activation_fn(layer.fc1(hidden))))
        return result

    def reorder(self, rows: Tensor) -> None:
        """Beam i goes on from the words of beam rows[i], (B K,)."""
        assert self._word_keys is not None
        assert self._word_values is not None
        self._word_keys, self._word_values = self._word_keys[rows], self._word_values[rows]


class Beams:
    """K beams of each of B clips, all of one length; the decoder reads one more word of each at a time.

    Args:
        outputs: the encoder's, of B clips; the model is in eval mode.

    Attributes:
        clips: B.
        length: how many words were read so far, the start token included.
        device: where words go and log-probabilities come from.
    """

    def __init__(self, model: VideoBertForConditionalGeneration, outputs: VideoBertOutput) -> None:
        _, mask, _ = outputs.parts()
        self._model, self.length = model, 0
        self.clips, self.device = len(mask), model.decoder.embed_tokens.weight.device
        encoded = model.as_decoder_reads(outputs).to(self.device)
        absent = ~mask.to(self.device)[:, None, None, :]
        bias = torch.zeros(absent.shape, dtype=encoded.dtype, device=encoded.device).masked_fill(absent, float("-inf"))
        self._layers = []
        for layer in model.decoder.layers:
            assert isinstance(layer, BartDecoderLayer)
            self._layers.append(_Layer(layer, encoded, bias))

    def read(self, words: Tensor) -> Tensor:
        """The newest words (B K,) -> log-probabilities of the next ones (B K, decoder vocabulary), fp32."""
        decoder = self._model.decoder
        position = torch.tensor([[self.length + decoder.embed_positions.offset]], device=words.device)
        embedded = decoder.embed_tokens(words[:, None]) + torch.nn.Embedding.forward(decoder.embed_positions, position)
        hidden = decoder.layernorm_embedding(embedded)
        for layer in self._layers:
            hidden = layer.step(hidden)
        self.length += 1
        return self._model.caption_logits(hidden[:, 0]).float().log_softmax(-1)

    def reorder(self, rows: Tensor) -> None:
        """Beam i goes on from the words of beam rows[i], (B K,); K may be another than before."""
        for layer in self._layers:
            layer.reorder(rows)


@torch.no_grad()
def search_beams(
    model: VideoBertForConditionalGeneration,
    outputs: VideoBertOutput,
    *,
    beams: int,
    max_tokens: int,
    banned_ids: Sequence[int] = (),
    logits_processors: Sequence[LogitsProcessor] = (),
    length_penalty: float = 1.0,
    ended_first: bool = True,
) -> list[list[Sentence]]:
    """The K best sentences of each clip, by log-probability / length ** length_penalty, the end token included.

    A clip's search is over when K of its sentences have ended, whatever other clips are in the batch.

    Args:
        outputs: the encoder's, of B clips; the model is in eval mode.
        max_tokens: a sentence that is longer, its end token included, is cut there and has no end.
        banned_ids: tokens that are never written.
        logits_processors: each takes the ids so far (B K, m) and log-probabilities (B K, vocabulary), the beams of a
            clip next to each other, and returns the scores to search by.
        length_penalty: 1 ranks by the mean over the tokens, 0 by their sum.
        ended_first: ranks sentences that were cut behind all that ended; False ranks all by score, as `generate` does.

    Returns:
        For each clip K sentences, the best first.
    """
    decoding = Beams(model, outputs)
    clips, device = decoding.clips, decoding.device
    end = model.config.eos_token_id
    words = torch.full((clips, 1), model.config.decoder_start_token_id, device=device)
    scores = torch.zeros((clips, 1), device=device)  # all beams start alike: the first word needs only one
    ended: list[list[Sentence]] = [[] for _ in range(clips)]
    for _ in range(max_tokens):
        log_probabilities = decoding.read(words[:, -1])  # (B K, vocabulary)
        log_probabilities[:, list(banned_ids)] = float("-inf")
        for process in logits_processors:
            log_probabilities = process(words, log_probabilities)
        size = log_probabilities.shape[-1]
        totals = (scores.view(-1, 1) + log_probabilities).view(clips, -1)  # (B, K vocabulary)
        best, flat = totals.topk(2 * beams, dim=-1)  # enough for K that go on, even if the K best all end here
        parents, chosen = flat // size, flat % size  # (B, 2 K)
        ends = chosen == end
        is_open = [len(sentences) < beams for sentences in ended]
        for clip, rank in ends[:, :beams].nonzero().tolist():
            if is_open[clip]:
                ids = [*words[clip * (len(words) // clips) + int(parents[clip, rank]), 1:].tolist(), end]
                ended[clip].append(Sentence(ids, float(best[clip, rank])))
        scores, ranks = best.masked_fill(ends, float("-inf")).topk(beams, dim=-1)  # (B, K)
        first_rows = torch.arange(clips, device=device)[:, None] * (len(words) // clips)  # (B, 1)
        rows = (parents.gather(1, ranks) + first_rows).flatten()  # (B K,)
        words = torch.cat([words[rows], chosen.gather(1, ranks).view(-1, 1)], dim=1)
        if all(len(sentences) >= beams for sentences in ended):
            break
        decoding.reorder(rows)
    if decoding.length == max_tokens:
        for row, (ids, total) in enumerate(zip(words[:, 1:].tolist(), scores.flatten().tolist(), strict=True)):
            if is_open[row // beams]:
                ended[row // beams].append(Sentence(ids, total))
    return [_best_first(found, end, length_penalty, ended_first)[:beams] for found in ended]


def _best_first(sentences: Sequence[Sentence], end: int, length_penalty: float, ended_first: bool) -> list[Sentence]:
    ranked = sorted(sentences, key=lambda sentence: -sentence.score(length_penalty))
    return sorted(ranked, key=lambda sentence: sentence.ids[-1] != end) if ended_first else ranked
