"""The project's own beam search against transformers' generate."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from transformers import LogitsProcessor, LogitsProcessorList

from tests.tiny import random_clips, tiny_model
from videobert_demo.model.beam_search import Sentence, search_beams
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration, VideoBertOutput

BANNED = 1


class NoRepeats(LogitsProcessor):
    """No word twice in a sentence, and one word likelier than it is."""

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        scores = scores.scatter(1, input_ids[:, 1:], float("-inf"))
        scores[:, 9] += 1.5
        return scores


def model_that_ends(seed: int) -> VideoBertForConditionalGeneration:
    model = tiny_model(seed)
    with torch.no_grad():
        model.caption_bias[model.config.eos_token_id] += 5.0
    return model


def generated(
    model: VideoBertForConditionalGeneration,
    outputs: VideoBertOutput,
    *,
    beams: int,
    max_tokens: int,
    rules: list[LogitsProcessor],
    length_penalty: float = 1.0,
) -> list[list[tuple[list[int], float]]]:
    """What `generate` finds: for each clip ids and score of its beams."""
    clips, end = len(outputs.last_hidden_state), model.config.eos_token_id
    found = model.generate(
        encoder_outputs=outputs,
        do_sample=False,
        num_beams=beams,
        num_return_sequences=beams,
        max_new_tokens=max_tokens,
        early_stopping=True,
        length_penalty=length_penalty,
        suppress_tokens=[BANNED],
        logits_processor=LogitsProcessorList(rules),
        return_dict_in_generate=True,
        output_scores=True,
    )
    rows = found.sequences[:, 1:].tolist()
    ids = [row[: row.index(end) + 1] if end in row else row for row in rows]
    scored = list(zip(ids, found.sequences_scores.tolist(), strict=True))
    return [scored[clip * beams : (clip + 1) * beams] for clip in range(clips)]


@pytest.mark.parametrize("rules", [[], [NoRepeats()]], ids=["plain", "processed"])
@pytest.mark.parametrize(("beams", "length_penalty"), [(1, 1.0), (4, 1.0), (3, 0.0), (5, 2.0)])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_finds_what_generate_finds(seed: int, beams: int, length_penalty: float, rules: list[LogitsProcessor]) -> None:
    model = model_that_ends(seed)
    outputs = model.encoder(**random_clips([3, 1, 4], seed=seed))
    options = {"beams": beams, "max_tokens": 6, "length_penalty": length_penalty}
    found = search_beams(model, outputs, banned_ids=[BANNED], logits_processors=rules, ended_first=False, **options)
    if beams == 1:  # greedy search has no scores of whole sentences
        expected = model.generate(
            encoder_outputs=outputs,
            do_sample=False,
            max_new_tokens=6,
            suppress_tokens=[BANNED],
            logits_processor=LogitsProcessorList(rules),
        )
        for (sentence,), row in zip(found, expected[:, 1:].tolist(), strict=True):
            assert sentence.ids == row[: len(sentence.ids)]
        return
    expected = generated(model, outputs, rules=rules, **options)
    for sentences, theirs in zip(found, expected, strict=True):
        assert [sentence.ids for sentence in sentences] == [ids for ids, _ in theirs]
        for sentence, (_, score) in zip(sentences, theirs, strict=True):
            assert sentence.score(length_penalty) == pytest.approx(score, abs=1e-4)


def test_some_sentences_end_and_some_are_cut() -> None:
    """Or the comparison with `generate` would not tell much."""
    ends = set()
    for seed in (0, 1, 2):
        model = model_that_ends(seed)
        found = search_beams(model, model.encoder(**random_clips([3, 1, 4], seed=seed)), beams=4, max_tokens=6)
        ends |= {sentence.ids[-1] == model.config.eos_token_id for sentences in found for sentence in sentences}
    assert ends == {True, False}


@pytest.mark.parametrize("ended_first", [True, False])
def test_sentences_that_end_come_first_unless_all_are_ranked_by_score(ended_first: bool) -> None:
    is_mixed = []
    for seed in (0, 1, 2):
        model = model_that_ends(seed)
        outputs = model.encoder(**random_clips([3, 1, 4], seed=seed))
        found = search_beams(
            model, outputs, beams=4, max_tokens=6, logits_processors=[NoRepeats()], ended_first=ended_first
        )
        for sentences in found:
            scores = [sentence.score(1.0) for sentence in sentences]
            is_cut = [sentence.ids[-1] != model.config.eos_token_id for sentence in sentences]
            assert len(sentences) == 4
            assert ended_first or scores == sorted(scores, reverse=True)
            is_mixed.append(is_cut != sorted(is_cut))
    assert any(is_mixed) == (not ended_first)


def test_a_clip_in_company_gets_what_it_gets_alone() -> None:
    for seed in (0, 1, 2):
        model, clips = model_that_ends(seed), random_clips([3, 1, 4], seed=seed)
        together = search_beams(model, model.encoder(**clips), beams=3, max_tokens=8, length_penalty=0.0)
        for row, sentences in enumerate(together):
            alone = {name: value[row : row + 1] for name, value in clips.items()}
            (expected,) = search_beams(model, model.encoder(**alone), beams=3, max_tokens=8, length_penalty=0.0)
            assert [one.ids for one in sentences] == [one.ids for one in expected]


def test_the_score_of_a_sentence() -> None:
    sentence = Sentence([7, 8, 9, 3], -2.0)
    assert (sentence.score(0.0), sentence.score(1.0), sentence.score(2.0)) == (-2.0, -0.5, -0.125)
    assert math.exp(sentence.score(1.0)) < 1


def test_scores_are_the_log_probabilities_of_all_words() -> None:
    model, clips = tiny_model(), random_clips([2])
    with torch.no_grad():
        model.caption_bias[model.config.eos_token_id] += 6.0
        (found,) = search_beams(model, model.encoder(**clips), beams=3, max_tokens=4, length_penalty=0.0)
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
    ((first, *_),) = search_beams(model, model.encoder(**random_clips([2])), beams=2, max_tokens=5)
    assert len(first.ids) == 5
    assert model.config.eos_token_id not in first.ids
