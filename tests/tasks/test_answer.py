"""Answers to questions about clips, how probable they are, and questions that cannot be read."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import QuestionError
from videobert_demo.model.beam_search import search_beams
from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.tasks.answer import MAX_QUESTION_TOKENS, answer_questions, read_question, write_answers

QUESTIONS = ["what is a man playing?", "what is running on the grass?", "who is singing?"]


def test_each_clip_gets_its_answers_the_likeliest_first(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    found = answer_questions(loaded, clips, QUESTIONS)
    assert len(found) == 3
    for answers in found:
        assert 1 < len(answers) <= 5
        assert len({answer.text for answer in answers}) == len(answers)
        probabilities = [answer.probability for answer in answers]
        assert probabilities == sorted(probabilities, reverse=True)
        assert 0 < sum(probabilities) <= 1.0001
    assert len(answer_questions(loaded, clips, QUESTIONS, candidates=1)[0]) == 1


def test_an_answer_is_as_likely_as_all_its_words_together(
    loaded: LoadedModel, clips: list[ClipTensors], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tiny model's answers are all as long as they may be, so that no other ranking would show in them."""
    options: dict[str, Any] = {}

    def search(*given: Any, **named: Any) -> Any:
        options.update(named)
        return search_beams(*given, **named)

    monkeypatch.setattr("videobert_demo.tasks.answer.search_beams", search)
    found = write_answers(loaded, clips, QUESTIONS)
    assert options["length_penalty"] == 0
    text = loaded.processor(text=QUESTIONS, with_video=True)
    with torch.inference_mode():
        encoded = loaded.answerer.encoder(**text, **stack_clips(clips, loaded.device, loaded.model.dtype))
        sentences = search_beams(loaded.answerer, encoded, **options)
    likeliest = [max(math.exp(sentence.log_probability) for sentence in ended) for ended in sentences]
    assert [answers[0].probability for answers in found] == pytest.approx(likeliest, rel=1e-4)


def test_a_clip_in_company_gets_the_answers_it_gets_alone(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    together = answer_questions(loaded, clips, QUESTIONS)
    for clip, question, answers in zip(clips, QUESTIONS, together, strict=True):
        (alone,) = answer_questions(loaded, [clip], [question])
        assert [answer.text for answer in alone] == [answer.text for answer in answers]
        for one, other in zip(alone, answers, strict=True):
            assert one.probability == pytest.approx(other.probability, rel=1e-3)


def test_what_questions_share_is_computed_once(
    loaded: LoadedModel, clips: list[ClipTensors], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loaded.model.config, "answer_statement_weight", 0.6)
    monkeypatch.setattr(loaded.model.config, "answer_yes_slope", 15.0)
    asked = [(0, QUESTIONS[0]), (1, QUESTIONS[0]), (0, "is a man singing?"), (0, QUESTIONS[2]), (0, QUESTIONS[0])]
    rows: list[int] = []
    handle = loaded.model.encoder.register_forward_pre_hook(
        lambda _module, _given, named: rows.append(len(named["frame_features"])) if "frame_features" in named else None,
        with_kwargs=True,
    )
    try:
        found = answer_questions(loaded, [clips[number] for number, _ in asked], [text for _, text in asked])
    finally:
        handle.remove()
    assert sorted(rows) == [
        1,
        2,
        3,
    ]  # a clip's vector, the captions' view of two clips, three pairs of clip and question
    assert found[4] == found[0]
    for (number, text), answers in zip(asked, found, strict=True):
        (alone,) = answer_questions(loaded, [clips[number]], [text])
        assert [one.text for one in alone] == [one.text for one in answers]
        assert [one.probability for one in alone] == pytest.approx([one.probability for one in answers], rel=1e-3)


def test_the_probability_is_that_of_all_words_and_the_end(
    loaded: LoadedModel, clips: list[ClipTensors], monkeypatch: pytest.MonkeyPatch
) -> None:
    bias = loaded.model.caption_bias.detach().clone()
    bias[loaded.processor.tokenizer.sep_token_id] += 12.0  # so that the untrained decoder comes to an end
    monkeypatch.setattr(loaded.model.caption_bias, "data", bias)
    (answers,) = answer_questions(loaded, clips[:1], QUESTIONS[:1])
    tokenizer = loaded.processor.tokenizer
    video = {"frame_features": clips[0].frame_features[None], "patch_features": clips[0].patch_features[None]}
    text = loaded.processor(text=QUESTIONS[:1], with_video=True)
    matched = 0
    whole = [answer for answer in answers if "#" not in answer.text]  # the others cannot be tokenized again
    for answer in whole:
        ids = [tokenizer.cls_token_id, *tokenizer(answer.text, add_special_tokens=False).input_ids]
        with torch.inference_mode():
            logits = loaded.model(decoder_input_ids=torch.tensor([ids]), **text, **video).logits[0]
        targets = [*ids[1:], tokenizer.sep_token_id]
        probability = 1.0
        for row, word in zip(logits, targets, strict=True):
            probability *= float(row.softmax(-1)[word])
        matched += answer.probability == pytest.approx(probability, rel=1e-3)
    assert matched == len(whole) > 1


def test_question_clip_and_blanking_all_count(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    clip, other = clips[0], clips[2]
    asked = [
        answer_questions(loaded, [clip], QUESTIONS[:1]),
        answer_questions(loaded, [clip], QUESTIONS[1:2]),
        answer_questions(loaded, [other], QUESTIONS[:1]),
        answer_questions(loaded, [clip], QUESTIONS[:1], blank=True),
    ]
    for one, another in itertools.combinations(asked, 2):
        assert one != another
    blind = answer_questions(
        loaded, [ClipTensors(clip.frame_features + 1, clip.patch_features)], QUESTIONS[:1], blank=True
    )
    assert blind == asked[3]  # nothing of the frames is left


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("what is a man playing?", "what is a man playing?"),
        ("  WHAT is a man\n playing ", "what is a man playing?"),
        ("what is a man playing?!?...", "what is a man playing?"),
        ("what, exactly; is (a) man playing", "what exactly is a man playing?"),
        ("what is the man's dog", "what is the man's dog?"),
        ("what is the man’s dog", "what is the man's dog?"),
    ],
)
def test_a_question_is_read_as_training_wrote_them(loaded: LoadedModel, question: str, read: str) -> None:
    assert read_question(loaded, question) == read


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "no question yet"),
        (" \n\t", "no question yet"),
        ("???", "no words"),
        ("他在做什么?", "English"),
        ("man " * MAX_QUESTION_TOKENS, f"at most {MAX_QUESTION_TOKENS - 2} words"),
        ("x" * 100_000, "too long"),
    ],
)
def test_what_cannot_be_read_is_said_calmly(loaded: LoadedModel, question: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        read_question(loaded, question)


def test_the_adapters_write_answers(tmp_path: Path, clips: list[ClipTensors]) -> None:
    adapted = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "adapted", answer_rank=2)))
    before = write_answers(adapted, clips, QUESTIONS)
    with torch.no_grad():
        for name, value in adapted.model.named_parameters():
            if name.endswith(".up"):
                value.zero_()
    assert write_answers(adapted, clips, QUESTIONS) != before


def test_the_longest_question_is_answered(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    question = read_question(loaded, "man " * (MAX_QUESTION_TOKENS - 1))
    assert answer_questions(loaded, clips[:1], [question])[0]
