"""Packs several sentences of a clip into one row, so that the decoder reads the clip's keys and values once.

    row         [CLS] a dog runs [CLS] a brown dog ...
    sentence      0   0  0   0     1   1   1    1

For learning each sentence has a part of its own. For scores alone, what several begin with is read once (SentenceTree).
Knows ids only: no words, no model.
"""

from __future__ import annotations

from collections.abc import Sequence
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

    @property
    def visible(self) -> Tensor:
        """What `decode_packed` takes, by `visible_within`: (B, m, m) bool."""
        return visible_within(self.sentence_ids)

    def to(self, device: torch.device) -> PackedCaptions:
        """The same on a device."""
        return PackedCaptions(
            self.decoder_input_ids.to(device),
            self.labels.to(device),
            self.sentence_ids.to(device),
            self.positions.to(device),
        )


@dataclass(frozen=True)
class SentenceTree:
    """The sentences of each of B clips as a tree: N edges, each a word behind those before it.

        [CLS] - a - man - is - holding -+- a -+- fish
                                        |     +- ball
                                        +- fish

    Its last word is read by nobody, so that this row is `[CLS] a man is holding a`, and has six nodes.

    decoder_input_ids, positions: (B, m) int64. is_real: (B, m) bool. visible: (B, m, m) bool.
    nodes, words: (N,) int64: behind which of the real nodes of all rows an edge's word stands, and its id.
    paths, owners: int64, one for each word of each sentence: its edge, and the number of its sentence, counted
        through all rows.
    sentences: how many there are in all.
    """

    decoder_input_ids: Tensor
    positions: Tensor
    is_real: Tensor
    visible: Tensor
    nodes: Tensor
    words: Tensor
    paths: Tensor
    owners: Tensor
    sentences: int


def visible_within(sentence_ids: Tensor) -> Tensor:
    """(B, m) int64 -> (B, m, m) bool: each token reads those of its own sentence up to itself.

    Padding reads padding, so that no row is empty.
    """
    same = sentence_ids[:, :, None] == sentence_ids[:, None, :]
    return same & torch.ones(same.shape[1:], dtype=torch.bool, device=same.device).tril()


def grow_tree(rows: Sequence[Sequence[Sequence[int]]], start_id: int, pad_id: int) -> SentenceTree:
    """Token ids of each sentence of each clip, without special tokens -> their tree."""
    ids: list[list[int]] = []
    parents: list[list[int]] = []
    edges: dict[tuple[int, int], int] = {}
    paths, owners, nodes_before, sentences = [], [], 0, 0
    for row in rows:
        written, parent_of = [start_id], [0]
        node_of: dict[tuple[int, ...], int] = {(): 0}
        for sentence in row:
            for position, word in enumerate(sentence):
                node = node_of[tuple(sentence[:position])]
                paths.append(edges.setdefault((nodes_before + node, word), len(edges)))
                owners.append(sentences)
                start = tuple(sentence[: position + 1])
                if position + 1 < len(sentence) and start not in node_of:
                    node_of[start] = len(written)
                    written.append(word)
                    parent_of.append(node)
            sentences += 1
        ids.append(written)
        parents.append(parent_of)
        nodes_before += len(written)
    longest = max(map(len, ids))
    visible = torch.eye(longest, dtype=torch.bool).repeat(len(ids), 1, 1)
    positions = torch.zeros(len(ids), longest, dtype=torch.long)
    for number, parent_of in enumerate(parents):
        for node, parent in enumerate(parent_of[1:], start=1):  # parents come before their children
            visible[number, node] |= visible[number, parent]
            positions[number, node] = positions[number, parent] + 1
    return SentenceTree(
        torch.tensor([written + [pad_id] * (longest - len(written)) for written in ids]),
        positions,
        torch.tensor([[True] * len(written) + [False] * (longest - len(written)) for written in ids]),
        visible,
        torch.tensor([node for node, _ in edges], dtype=torch.long),
        torch.tensor([word for _, word in edges], dtype=torch.long),
        torch.tensor(paths, dtype=torch.long),
        torch.tensor(owners, dtype=torch.long),
        sentences,
    )


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
