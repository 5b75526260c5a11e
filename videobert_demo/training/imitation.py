"""Which captions a run imitates, how often each, and as which token ids.

Knows sentences and tokenizers; knows no video and no batch.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from videobert_demo.model.tokenizers import Tokenizer
from videobert_demo.training.consensus import has_two_verbs

MAX_CAPTION_TOKENS = 24


def well_formed(captions: list[str]) -> list[str]:
    """The captions to imitate: the well-formed ones, or all of them if there are none."""
    return [caption for caption in captions if not has_two_verbs(caption)] or captions


def imitation_shares(captions: list[str], agreement: Sequence[float], temperature: float) -> np.ndarray:
    """How often each of a video's captions is drawn: exp(agreement / temperature), and never one that is ill-formed.

    Args:
        agreement: how well each caption agrees with the others.

    Returns:
        (captions,) shares that add up to 1.
    """
    scores = np.array(agreement) / temperature
    imitated = set(well_formed(captions))
    shares: np.ndarray = np.exp(scores - scores.max()) * [text in imitated for text in captions]
    shares /= shares.sum()
    return shares


def tokenize_captions(tokenizer: Tokenizer, captions: list[str], decoder_vocab_size: int) -> list[list[int]]:
    """Token ids of each caption, without special tokens: at most MAX_CAPTION_TOKENS, [UNK] for what is not written.

    Args:
        decoder_vocab_size: the decoder writes the ids below it.
    """
    unknown = tokenizer.unk_token_id
    encoded = tokenizer(captions, add_special_tokens=False).input_ids
    return [[token if token < decoder_vocab_size else unknown for token in ids[:MAX_CAPTION_TOKENS]] for ids in encoded]
