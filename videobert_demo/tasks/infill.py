"""Infilling: the encoder reads a sentence with hidden words, the decoder writes it whole.

    a [MASK] is [MASK] a ball
        |         |
        |         p(. | a dog is) p(dog | a) + p(. | a man is) p(man | a) + ..      over the likeliest paths
        p(. | a)

The decoder is given the words that are not hidden; what it would write at the others counts. It learned from captions
what can be seen; together with the head of masked words it knows more than either (the geometric mean of both: their
product is too sure). Source of the task: BART arXiv 1910.13461, section 2.2.

Shapes: B sentences, n tokens, N masks in all, K paths, V and v the words of the head and of the decoder.
"""

from __future__ import annotations

import torch
from torch import Tensor

from videobert_demo.model.beam_search import Beams
from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.modeling_videobert import VideoBertOutput

PATHS = 8
LEAST_LOG_PROBABILITY = -12.0
"""Of a word that the decoder would never write, or that its vocabulary lacks."""


@torch.inference_mode()
def infill(loaded: LoadedModel, outputs: VideoBertOutput, input_ids: Tensor, said: Tensor) -> Tensor:
    """What the decoder would write at every [MASK], together with what is said of it already.

    Args:
        outputs: what the encoder made of the B sentences, beside clips or alone.
        input_ids: (B, n), [CLS] first.
        said: (N, V) log-probabilities, mask by mask in the order of `input_ids`.

    Returns:
        (N, V) log-probabilities.
    """
    tokenizer, size = loaded.processor.tokenizer, loaded.model.config.decoder.vocab_size
    masked = input_ids == tokenizer.mask_token_id  # (B, n)
    if not len(said):
        return said
    numbers = masked.flatten().cumsum(0).view_as(input_ids) - 1  # of each mask
    known = torch.where(input_ids < size, input_ids, tokenizer.unk_token_id)
    paths = PATHS if int(masked.sum(1).max()) > 1 else 1
    beams = Beams(loaded.model, outputs)
    scores = torch.full((len(known), paths), float("-inf"), device=known.device)
    scores[:, 0] = 0.0  # all paths start alike: only one counts
    found = said + LEAST_LOG_PROBABILITY
    words = known[:, :1].expand(-1, paths)  # (B, K)
    for place in range(1, int(masked.any(0).nonzero().max()) + 1):
        chances = beams.read(words.flatten()).clamp(min=LEAST_LOG_PROBABILITY).view(*words.shape, size)  # (B, K, v)
        words = known[:, place, None].expand(-1, paths)
        scores = scores + chances.gather(2, words[..., None])[..., 0]
        hidden = masked[:, place].nonzero()[:, 0]  # (h,)
        if not len(hidden):
            continue
        here = numbers[hidden, place]
        chances = chances[hidden]  # (h, K, v)
        before = scores[hidden] - chances[..., tokenizer.mask_token_id]
        found[here, :size] = said[here, :size] + (before.log_softmax(1)[..., None] + chances).logsumexp(1)
        best = (before[..., None] + chances + said[here, None, :size]).flatten(1).topk(paths)
        scores[hidden] = best.values
        words = words.index_put((hidden,), best.indices % size)
        parents = torch.arange(paths, device=known.device).repeat(len(known), 1)
        parents[hidden] = best.indices // size
        beams.reorder((parents + torch.arange(len(known), device=known.device)[:, None] * paths).flatten())
    return (found / 2).log_softmax(-1)
