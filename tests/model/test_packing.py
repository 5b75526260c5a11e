"""Sentences as a tree: what several begin with is there once, and each reads what it would read alone."""

from __future__ import annotations

import torch

from tests.tiny import random_clips, tiny_model
from videobert_demo.model.packing import grow_tree

START, PAD = 2, 0
ROWS = [[[8, 9, 10], [8, 9, 11, 12], [8, 9, 10]], [[7], []], [[9, 9], [8, 9], [9, 9, 9]]]


def test_what_sentences_begin_with_is_there_once() -> None:
    tree = grow_tree(ROWS, START, PAD)
    assert tree.decoder_input_ids.tolist() == [[2, 8, 9, 11], [2, 0, 0, 0], [2, 9, 8, 9]]
    assert tree.positions.tolist() == [[0, 1, 2, 3], [0, 0, 0, 0], [0, 1, 1, 2]]
    assert tree.is_real.sum(1).tolist() == [4, 1, 4]
    assert tree.visible[2].long().tolist() == [[1, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 0, 1]]
    assert tree.visible[1].long().tolist() == torch.eye(4, dtype=torch.long).tolist()  # padding reads itself
    edges = list(zip(tree.nodes.tolist(), tree.words.tolist(), strict=True))
    assert edges[:5] == [(0, 8), (1, 9), (2, 10), (2, 11), (3, 12)]
    assert len(set(edges)) == len(edges)
    assert [tree.paths[tree.owners == number].tolist() for number in (0, 1, 2, 4)] == [
        [0, 1, 2],
        [0, 1, 3, 4],
        [0, 1, 2],
        [],
    ]
    assert tree.sentences == 8


@torch.inference_mode()
def test_each_word_is_as_likely_as_in_its_sentence_alone() -> None:
    model, video = tiny_model(), random_clips([3, 1, 4])
    encoded, tree = model.encoder(**video), grow_tree(ROWS, START, PAD)
    hidden = model.decode_packed(encoded, tree.decoder_input_ids, tree.visible, tree.positions)
    found = model.caption_logits(hidden[tree.is_real]).log_softmax(-1)[tree.nodes, tree.words]
    owners = [(row, sentence) for row, sentences in enumerate(ROWS) for sentence in sentences]
    for number, (row, sentence) in enumerate(owners):
        if sentence:
            clip = {name: value[row : row + 1] for name, value in video.items()}
            logits = model(decoder_input_ids=torch.tensor([[START, *sentence[:-1]]]), **clip).logits[0]
            expected = logits.log_softmax(-1)[range(len(sentence)), sentence]
            torch.testing.assert_close(found[tree.paths[tree.owners == number]], expected, atol=1e-5, rtol=1e-5)
