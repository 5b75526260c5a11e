"""The project's own beam search against transformers' generate."""

from __future__ import annotations

import pytest
import torch

from tests.tiny import random_clips, tiny_model
from videobert_demo.model.beam_search import search_beams


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
        assert [ids for ids, _ in sentences if ids[-1] == end] == finished


def test_scores_are_the_log_probabilities_of_all_words() -> None:
    model, clips = tiny_model(), random_clips([2])
    with torch.no_grad():
        model.caption_bias[model.config.eos_token_id] += 6.0
        (found,) = search_beams(model, model.encoder(**clips), beams=3, most_words=4, length_penalty=0.0)
        totals = [sentence.log_probability for sentence in found if sentence.ids[-1] == model.config.eos_token_id]
        assert totals == sorted(totals, reverse=True)
        assert len({len(sentence.ids) for sentence in found}) > 1
        for ids, total in found:
            start = model.config.decoder_start_token_id
            logits = model(decoder_input_ids=torch.tensor([[start, *ids[:-1]]]), **clips).logits[0]
            expected = logits.log_softmax(-1).gather(1, torch.tensor(ids)[:, None]).sum()
            assert total == pytest.approx(float(expected), abs=1e-3)


def test_a_sentence_without_an_end_is_cut() -> None:
    model = tiny_model()
    with torch.no_grad():
        model.caption_bias[model.config.eos_token_id] -= 100.0
    ((first, *_),) = search_beams(model, model.encoder(**random_clips([2])), beams=2, most_words=5)
    assert len(first.ids) == 5
    assert model.config.eos_token_id not in first.ids
