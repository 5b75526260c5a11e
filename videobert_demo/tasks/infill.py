"""Infilling: the encoder reads a sentence with hidden words, the decoder writes it whole.

    a [MASK] is [MASK] a ball
        |         |
        |         p(. | a dog is) p(dog | a) + p(. | a man is) p(man | a) + ..      over the likeliest paths
        p(. | a)

The decoder is given the words that are not hidden; what it would write at the others counts. The result is the
geometric mean of its probabilities and those of the head of masked words: together they are right more often than
either alone, and their product would be too sure. A decoder with words of its own has no say: there the head decides.
Source of the task: BART arXiv 1910.13461, section 2.2.

Shapes: B sentences, n tokens, N masks in all, K paths, V and v the words of the head and of the decoder.
"""

from __future__ import annotations

import torch
from torch import Tensor

from videobert_demo.model.beam_search import Beams
from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.modeling_videobert import VideoBertOutput

PATHS = 8
MIN_LOG_PROBABILITY = -12.0
"""The log-probability of a word that the decoder would never write, or that its vocabulary lacks."""


@torch.inference_mode()
def infill(loaded: LoadedModel, outputs: VideoBertOutput, input_ids: Tensor, by_head: Tensor) -> Tensor:
    """What stands at every [MASK], by the decoder and the head of masked words together.

    Args:
        outputs: the encoder's, of the B sentences, beside clips or alone.
        input_ids: (B, n), [CLS] first.
        by_head: (N, V) log-probabilities by the head, mask by mask in the order of `input_ids`.

    Returns:
        (N, V) log-probabilities.
    """
    if not loaded.processor.shares_words:
        return by_head.log_softmax(-1)
    tokenizer, size = loaded.processor.tokenizer, loaded.model.config.decoder.vocab_size
    masked = input_ids == tokenizer.mask_token_id  # (B, n)
    if not len(by_head):
        return by_head
    numbers = masked.flatten().cumsum(0).view_as(input_ids) - 1  # (B, n), the row of `by_head` for each mask
    known = torch.where(input_ids < size, input_ids, tokenizer.unk_token_id)
    paths = PATHS if int(masked.sum(1).max()) > 1 else 1
    beams = Beams(loaded.model, outputs)
    scores = torch.full((len(known), paths), float("-inf"), device=known.device)
    scores[:, 0] = 0.0  # all paths start alike: only one counts
    found = by_head + MIN_LOG_PROBABILITY
    words = known[:, :1].expand(-1, paths)  # (B, K)
    for position in range(1, int(masked.any(0).nonzero().max()) + 1):
        log_probabilities = beams.read(words.flatten()).view(*words.shape, size)  # (B, K, v)
        log_probabilities = log_probabilities.clamp(min=MIN_LOG_PROBABILITY)
        words = known[:, position, None].expand(-1, paths)
        scores = scores + log_probabilities.gather(2, words[..., None])[..., 0]
        hidden = masked[:, position].nonzero()[:, 0]  # (h,)
        if not len(hidden):
            continue
        here = numbers[hidden, position]
        log_probabilities = log_probabilities[hidden]  # (h, K, v)
        before = scores[hidden] - log_probabilities[..., tokenizer.mask_token_id]
        found[here, :size] = by_head[here, :size] + (before.log_softmax(1)[..., None] + log_probabilities).logsumexp(1)
        best = (before[..., None] + log_probabilities + by_head[here, None, :size]).flatten(1).topk(paths)
        scores[hidden] = best.values
        words = words.index_put((hidden,), best.indices % size)
        parents = torch.arange(paths, device=known.device).repeat(len(known), 1)
        parents[hidden] = best.indices // size
        beams.reorder((parents + torch.arange(len(known), device=known.device)[:, None] * paths).flatten())
    return (found / 2).log_softmax(-1)
