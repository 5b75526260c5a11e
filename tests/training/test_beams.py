"""The training's own beam search against transformers' generate."""

from __future__ import annotations

import pytest
import torch

from tests.tiny import random_clips, tiny_model
from videobert_demo.training.beams import search_beams


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_finds_the_sentences_that_generate_finds(seed: int) -> None:
    model = tiny_model(seed)
    with torch.no_grad():
        model.caption_bias[model.config.eos_token_id] += 6.0  # so that sentences end
    outputs = model.encoder(**random_clips([3, 1, 4], seed=seed))
    found = search_beams(model, outputs, beams=4, most_words=12, banned_ids=(1,))
    expected = model.generate(
        encoder_outputs=outputs,
        do_sample=False,
        num_beams=4,
        num_return_sequences=4,
        max_new_tokens=12,
        early_stopping=True,
        suppress_tokens=[1],
    ).view(3, 4, -1)
    end = model.config.eos_token_id
    for sentences, rows in zip(found, expected.tolist(), strict=True):
        finished = [row[1 : row.index(end, 1) + 1] for row in rows if end in row[1:]]
        assert finished
        assert [ids for ids in sentences if ids[-1] == end] == finished


def test_a_sentence_without_an_end_is_cut() -> None:
    model = tiny_model()
    with torch.no_grad():
        model.caption_bias[model.config.eos_token_id] -= 100.0
    ((first, *_),) = search_beams(model, model.encoder(**random_clips([2])), beams=2, most_words=5)
    assert len(first) == 5
    assert model.config.eos_token_id not in first
