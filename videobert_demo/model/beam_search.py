"""Beam search over many clips at once, several sentences of each, without gradient: for answers, cloze and training.

`generate()` copies a clip's keys and values for every beam and moves them about at every word. Here the beams of a clip
share them, as `decode_packed` does, which is several times faster on a CPU. Knows the decoder's layers, no rewards.

Shapes: B clips, K beams, S encoder tokens, D width, h heads, d = D / h, m words so far.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional
from transformers.models.bart.modeling_bart import BartDecoderLayer

from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration, VideoBertOutput


class Sentence(NamedTuple):
    """Token ids, with the end token if the sentence came to an end, and the sum of their log-probabilities."""

    ids: list[int]
    log_probability: float


def _heads(tensor: Tensor, heads: int) -> Tensor:
    """(N, m, D) -> (N, h, m, d)."""
    return tensor.view(*tensor.shape[:-1], heads, -1).transpose(1, 2)


class _Layer:
    """One decoder layer with the clips' keys and values (B, h, S, d) and the growing ones of the words."""

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
    """K beams of each of B clips, all equally long; the decoder reads one more word of each at a time.

    Args:
        outputs: the encoder's, of B clips; the model is in eval mode.
    """

    def __init__(self, model: VideoBertForConditionalGeneration, outputs: VideoBertOutput) -> None:
        assert outputs.last_hidden_state is not None
        assert outputs.attention_mask is not None
        self._model, self._length = model, 0
        encoded = outputs.last_hidden_state
        absent = ~outputs.attention_mask[:, None, None, :]
        bias = torch.zeros(absent.shape, dtype=encoded.dtype, device=encoded.device).masked_fill(absent, float("-inf"))
        self._layers = []
        for layer in model.decoder.layers:
            assert isinstance(layer, BartDecoderLayer)
            self._layers.append(_Layer(layer, encoded, bias))

    def read(self, words: Tensor) -> Tensor:
        """The newest words (B K,) -> log-probabilities of the next ones (B K, decoder vocabulary), fp32."""
        decoder = self._model.decoder
        place = torch.tensor([[self._length + decoder.embed_positions.offset]], device=words.device)
        embedded = decoder.embed_tokens(words[:, None]) + torch.nn.Embedding.forward(decoder.embed_positions, place)
        hidden = decoder.layernorm_embedding(embedded)
        for layer in self._layers:
            hidden = layer.step(hidden)
        self._length += 1
        return self._model.caption_logits(hidden[:, 0]).float().log_softmax(-1)

    def reorder(self, rows: Tensor) -> None:
        """Beam i goes on from the words of beam rows[i], (B K,)."""
        for layer in self._layers:
            layer.reorder(rows)


@torch.no_grad()
def search_beams(
    model: VideoBertForConditionalGeneration,
    outputs: VideoBertOutput,
    *,
    beams: int,
    most_words: int,
    banned_ids: tuple[int, ...] = (),
    length_penalty: float = 1.0,
) -> list[list[Sentence]]:
    """The K best sentences of each clip by log-probability / length ** length_penalty, the end included.

    Args:
        outputs: the encoder's, of B clips; the model is in eval mode.
        most_words: a sentence that is longer is cut there and has no end.
        banned_ids: words that are never written.
        length_penalty: 1 ranks by the mean of the words, 0 by all words together.

    Returns:
        For each clip K sentences, finished ones first, the best first.
    """
    assert outputs.last_hidden_state is not None
    clips, device = len(outputs.last_hidden_state), outputs.last_hidden_state.device
    end, decoding = model.config.eos_token_id, Beams(model, outputs)
    words = torch.full((clips * beams, 1), model.config.decoder_start_token_id, device=device)
    scores = torch.full((clips, beams), float("-inf"), device=device)
    scores[:, 0] = 0.0  # all beams start alike: only one counts
    first_rows = torch.arange(clips, device=device)[:, None] * beams  # (B, 1)
    finished: list[list[tuple[float, Sentence]]] = [[] for _ in range(clips)]
    for length in range(1, most_words + 1):
        chances = decoding.read(words[:, -1])  # (B K, vocabulary)
        chances[:, list(banned_ids)] = float("-inf")
        totals = (scores.view(-1, 1) + chances).view(clips, -1)  # (B, K vocabulary)
        best, flat = totals.topk(2 * beams, dim=-1)
        size = chances.shape[-1]
        parents, chosen = flat // size, flat % size  # (B, 2 K)
        ends = chosen == end
        for clip, rank in ends[:, :beams].nonzero().tolist():
            ids = [*words[clip * beams + int(parents[clip, rank]), 1:].tolist(), end]
            total = float(best[clip, rank])
            finished[clip].append((total / length**length_penalty, Sentence(ids, total)))
        going = best.masked_fill(ends, float("-inf"))
        scores, ranks = going.topk(beams, dim=-1)  # (B, K)
        rows = (parents.gather(1, ranks) + first_rows).flatten()
        words = torch.cat([words[rows], chosen.gather(1, ranks).view(-1, 1)], dim=1)
        if all(len(sentences) >= beams for sentences in finished):
            break
        decoding.reorder(rows)
    results = []
    for clip, sentences in enumerate(finished):
        ranked = [sentence for _, sentence in sorted(sentences, key=lambda entry: -entry[0])]
        for beam in range(beams):
            ranked.append(Sentence(words[clip * beams + beam, 1:].tolist(), float(scores[clip, beam])))
        results.append(ranked[:beams])
    return results
