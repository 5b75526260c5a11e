"""How statements and vectors weigh answers."""

from __future__ import annotations

import math

import pytest
import torch

from videobert_demo.model.features import ClipTensors, split_frames, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions import as_statements
from videobert_demo.tasks.answer import (
    answer_frame_shares,
    answer_questions,
    compare_statements,
    is_answered_by_vectors,
    write_answers,
)
from videobert_demo.tasks.evidence import group_people, read_statements, share_yes_or_no, weigh_answers, yes_or_no
from videobert_demo.types import Answer

QUESTIONS = ("what is a man doing?", "who is singing?")


def test_an_answer_that_captions_would_say_gains() -> None:
    before = (Answer("dance", 0.4), Answer("sing", 0.3), Answer("man", 0.1))
    after = weigh_answers(before, [-3.0, -2.0, -5.0], 1.0)
    assert [one.text for one in after] == ["sing", "dance", "man"]
    assert sum(one.probability for one in after) == pytest.approx(0.8)
    probabilities = {one.text: one.probability for one in after}
    assert probabilities["sing"] / probabilities["dance"] == pytest.approx(0.75 * math.e)
    assert probabilities["man"] / probabilities["dance"] == pytest.approx(0.25 * math.exp(-2))
    assert weigh_answers(before, [-3.0, -2.0, -5.0], 0.0) == before
    assert [one.text for one in weigh_answers(before, [-2000.0, -1000.0, -3000.0], 1.0)] == ["sing", "dance", "man"]
    assert weigh_answers((Answer("not sure", 0.0),), [-1.0], 1.0) == (Answer("not sure", 0.0),)


@torch.inference_mode()
def test_a_statement_is_as_likely_as_the_decoder_says(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    model, tokenizer = loaded.model, loaded.processor.tokenizer
    answers = [(Answer("sing", 0.5), Answer("play", 0.2)), (Answer("man", 0.5),)]
    found = read_statements(loaded, clips[:2], QUESTIONS, answers)
    assert [len(row) for row in found] == [2, 1]
    size = model.config.decoder.vocab_size
    for clip, (row, question) in enumerate(zip(found, QUESTIONS, strict=True)):
        for log_probability, answer in zip(row, answers[clip], strict=True):
            ways = []
            for text in as_statements(question, answer.text):
                ids = tokenizer(text, add_special_tokens=False).input_ids
                ids = [token if token < size else tokenizer.unk_token_id for token in ids]
                alone = model.encoder(**stack_clips(clips[clip : clip + 1], loaded.device, model.dtype))
                start = torch.tensor([[tokenizer.cls_token_id, *ids[:-1]]])
                logits = model(decoder_input_ids=start, encoder_outputs=alone, use_cache=False).logits[0]
                ways.append(logits.log_softmax(-1)[range(len(ids)), ids].sum())
            assert log_probability == pytest.approx(float(torch.stack(ways).logsumexp(0)), abs=1e-3)


def test_yes_is_as_likely_as_the_curve_says() -> None:
    assert yes_or_no(0.25, 20.0, 0.25) == (Answer("yes", 0.5), Answer("no", 0.5))
    assert [one.text for one in yes_or_no(0.1, 20.0, 0.25)] == ["no", "yes"]
    assert yes_or_no(0.3, 20.0, 0.25)[0].probability == pytest.approx(1 / (1 + math.exp(-1)))
    assert yes_or_no(1.0, 1e6, 0.0)[0].probability == pytest.approx(1.0)


def test_a_yes_rests_on_the_frames_that_say_so_and_a_no_on_the_others() -> None:
    cosines = torch.tensor([0.1, 0.3, 0.2])
    yes, no = (share_yes_or_no(answer, cosines, 10.0) for answer in ("yes", "no"))
    assert yes.sum().item() == pytest.approx(1)
    assert no.sum().item() == pytest.approx(1)
    assert (yes[1] / yes[0]).item() == pytest.approx(math.exp(2), rel=1e-5)
    assert (no[0] / no[1]).item() == pytest.approx(math.exp(2), rel=1e-5)
    with pytest.raises(ValueError, match="'maybe'"):
        share_yes_or_no("maybe", cosines, 10.0)


def test_the_checkpoint_says_what_counts(
    loaded: LoadedModel, clips: list[ClipTensors], monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = ["is a man singing?", "what is a man doing?"]
    written = write_answers(loaded, clips[:2], questions)
    assert answer_questions(loaded, clips[:2], questions, candidates=8) == written
    monkeypatch.setattr(loaded.model.config, "answer_yes_slope", 30.0)
    monkeypatch.setattr(loaded.model.config, "answer_yes_middle", 0.1)
    polar, open_question = answer_questions(loaded, clips[:2], questions, candidates=8)
    (cosine,) = compare_statements(loaded, clips[:1], questions[:1])
    assert polar == yes_or_no(cosine, 30.0, 0.1)
    assert [one.text for one in open_question] == [one.text for one in written[1]]
    assert [one.probability for one in open_question] == pytest.approx(
        [one.probability for one in written[1]], rel=1e-3
    )
    monkeypatch.setattr(loaded.model.config, "answer_statement_weight", 2.0)
    weighed = answer_questions(loaded, clips[:2], questions, candidates=8)[1]
    (log_probability,) = read_statements(loaded, clips[1:2], questions[1:], written[1:])
    expected = weigh_answers(written[1], log_probability, 2.0)
    assert [one.text for one in weighed] == [one.text for one in expected]
    assert [one.probability for one in weighed] == pytest.approx([one.probability for one in expected], abs=1e-4)
    assert weighed != written[1]
    monkeypatch.setattr(loaded.model.config, "answer_yes_slope", 0.0)
    assert answer_questions(loaded, clips[:2], questions, candidates=8)[0] == written[0]  # no statement says yes


def test_blank_frames_say_nothing_of_the_clip(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    other = ClipTensors(clips[0].frame_features + 1, clips[0].patch_features)
    both = [compare_statements(loaded, [clip], ["is a man singing?"], blank=True) for clip in (clips[0], other)]
    assert both[0] == both[1]


def test_the_frames_of_an_answer_are_those_that_alone_would_give_it(
    loaded: LoadedModel, clips: list[ClipTensors], monkeypatch: pytest.MonkeyPatch
) -> None:
    question, slope = "is a man singing?", 30.0
    assert not is_answered_by_vectors(loaded, question)
    monkeypatch.setattr(loaded.model.config, "answer_yes_slope", slope)
    assert is_answered_by_vectors(loaded, question)
    assert not is_answered_by_vectors(loaded, "what is a man doing?")
    frames = split_frames(clips[0])
    probabilities = [yes_or_no(cosine, slope, 0.1) for cosine in compare_statements(loaded, frames, [question] * 4)]
    for answer in ("yes", "no"):
        odds = [one.probability / (1 - one.probability) for both in probabilities for one in both if one.text == answer]
        shares = answer_frame_shares(loaded, clips[0], question, answer)
        assert shares.tolist() == pytest.approx([one / sum(odds) for one in odds], rel=1e-3)
        assert max(shares) > 1.1 * min(shares)  # or the test would not tell the two apart


def test_words_for_people_that_say_the_same_are_one_answer() -> None:
    answers = (Answer("dog", 0.3), Answer("boy", 0.2), Answer("guy", 0.15), Answer("woman", 0.1), Answer("girl", 0.05))
    grouped = group_people(answers)
    assert [one.text for one in grouped] == ["boy", "dog", "woman"]
    assert [one.probability for one in grouped] == pytest.approx([0.35, 0.3, 0.15])
    assert group_people((Answer("dog", 0.3), Answer("cat", 0.2))) == (Answer("dog", 0.3), Answer("cat", 0.2))
