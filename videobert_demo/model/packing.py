"""Packs several sentences of a clip into one row, so that the decoder reads the clip's keys and values once.

Knows ids only: no words, no model.

row         [CLS] a dog runs [CLS] a brown dog ...
sentence      0   0  0   0     1   1   1    1
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

IGNORED = -100


@dataclass(frozen=True)
class PackedCaptions:
    """K captions of each of B videos in one row each, padded to m tokens.

    decoder_input_ids, labels (IGNORED for padding), sentence_ids (-1 for padding), positions: (B, m) int64.
    """

    decoder_input_ids: Tensor
    labels: Tensor
    sentence_ids: Tensor
    positions: Tensor


def pack_captions(rows: list[list[list[int]]], start_id: int, end_id: int, pad_id: int) -> PackedCaptions:
    """Token ids of each caption of each video, without special tokens -> packed rows."""
    length = max(sum(len(caption) + 1 for caption in captions) for captions in rows)
    inputs = torch.full((len(rows), length), pad_id)
    labels = torch.full((len(rows), length), IGNORED)
    sentences = torch.full((len(rows), length), -1)
    positions = torch.zeros((len(rows), length), dtype=torch.long)
    for row, captions in enumerate(rows):
        start = 0
        for number, caption in enumerate(captions):
            span = slice(start, start + len(caption) + 1)
            inputs[row, span] = torch.tensor([start_id, *caption])
            labels[row, span] = torch.tensor([*caption, end_id])
            sentences[row, span] = number
            positions[row, span] = torch.arange(len(caption) + 1)
            start = span.stop
    return PackedCaptions(inputs, labels, sentences, positions)
