"""Lets a decoder write words that it never wrote: those of somebody's own captions.

A decoder that shares its encoder's words writes the first ids only (model/vocabulary.py). A word behind them is brought
to the front: its vector is the encoder's, and training does the rest. A decoder with words of its own needs nothing.
Knows words and weights; knows no clips.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.processing_videobert import VideoBertProcessor
from videobert_demo.model.vocabulary import build_tokenizer
from videobert_demo.training.consensus import normalise


def find_unwritten(
    model: VideoBertForConditionalGeneration, processor: VideoBertProcessor, texts: Iterable[str]
) -> list[str]:
    """The tokens of the texts that the encoder reads and the decoder does not write, the commonest first."""
    if not processor.shares_words:
        return []
    tokenizer, size = processor.tokenizer, model.config.decoder.vocab_size
    counts: Counter[int] = Counter()
    for ids in tokenizer([normalise(text) for text in texts], add_special_tokens=False).input_ids:
        counts.update(token for token in ids if token >= size)
    return list(tokenizer.convert_ids_to_tokens([token for token, _ in counts.most_common()]))


@torch.no_grad()
def write_more(
    model: VideoBertForConditionalGeneration, processor: VideoBertProcessor, tokens: list[str]
) -> VideoBertProcessor:
    """Gives the decoder more tokens of the encoder's; changes the model and returns the processor that belongs to it.

    What the encoder makes of a text stays the same, and so do the decoder's logits of all other tokens. A new token
    begins as unlikely as the unlikeliest one.
    """
    tokenizer, size = processor.tokenizer, model.config.decoder.vocab_size
    ids = tokenizer.convert_tokens_to_ids(tokens)
    brought = set(ids)
    order = [*range(size), *ids, *(old for old in range(size, len(tokenizer)) if old not in brought)]
    rows = torch.tensor(order)
    words = model.encoder.text_embeddings.word_embeddings.weight
    words.copy_(words[rows])
    model.word_bias.copy_(model.word_bias[rows])
    added = words[size : size + len(ids)]
    _lengthen(model.decoder.embed_tokens, added)
    lowest = model.caption_bias.min().expand(len(ids))
    model.caption_bias = nn.Parameter(torch.cat([model.caption_bias, lowest]))
    model.config.decoder.vocab_size = model.decoder.config.vocab_size = size + len(ids)
    reordered = build_tokenizer(tokenizer.convert_ids_to_tokens(order))
    return VideoBertProcessor(reordered, preparation=processor.preparation)


def _lengthen(embedding: nn.Embedding, added: Tensor) -> None:
    embedding.weight = nn.Parameter(torch.cat([embedding.weight, added]))
    embedding.num_embeddings += len(added)
