"""Batches of questions: about videos, stills and label clips."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import torch

from tests.tiny import CAPTIONS, TOKENS, tiny_tokenizer
from tests.training.runs import NOTHING, make_batches, make_config
from videobert_demo.questions import Question
from videobert_demo.training.asking import QuestionBatch, QuestionPool, ask_of_captions, sort_out

END = TOKENS.index("[SEP]")
UNKNOWN = TOKENS.index("[UNK]")
WEIGHTS = NOTHING | {"answer": 1.0}


def tokenize(texts: list[str]) -> list[list[int]]:
    ids: list[list[int]] = tiny_tokenizer()(texts, add_special_tokens=False).input_ids
    return ids


def test_the_pool_asks_by_kind_and_by_support() -> None:
    who = [Question("who is singing?", "man", "who", 4), Question("who is running?", "cat", "who", 2)]
    pool = QuestionPool([[], [*who, Question("what is red?", "car", "what")]], tokenize, UNKNOWN)
    assert pool.clips == [1]
    random = np.random.default_rng(0)
    drawn = Counter((text, TOKENS[ids[0]]) for text, ids in (pool.draw(0, random) for _ in range(400)))
    assert set(drawn) == {("who is singing?", "man"), ("who is running?", "cat"), ("what is red?", "car")}
    assert drawn["who is singing?", "man"] > 4 * drawn["who is running?", "cat"]  # twice the support counts eight times
    assert 150 < drawn["what is red?", "car"] < 290  # whichever kind it is, not one of three questions


def test_of_one_text_the_best_supported_answer_is_right() -> None:
    texts = [Question("who is singing?", answer, "who", support) for answer, support in (("cat", 1), ("man", 9))]
    pool = QuestionPool([texts], tokenize, UNKNOWN)
    random = np.random.default_rng(0)
    assert {TOKENS[pool.draw(0, random)[1][0]] for _ in range(20)} == {"man"}


def test_an_answer_that_cannot_be_written_is_never_asked_for() -> None:
    pool = QuestionPool([[Question("what is red?", "舞", "what")]], tokenize, UNKNOWN)
    assert pool.clips == []


def test_captions_give_questions_of_their_own_clip() -> None:
    asked = ask_of_captions(CAPTIONS, 0)
    assert ("what is a man playing?", "piano") in {(one.text, one.answer) for one in asked[0]}
    assert asked == ask_of_captions(CAPTIONS, 0)
    answers = Counter(one.answer for questions in asked for one in questions if one.question_type == "yes/no")
    assert answers["yes"] >= answers["no"] > 0


def test_a_batch_has_a_question_and_an_answer_a_clip(tmp_path: Path) -> None:
    config = make_config(WEIGHTS, questions_per_step=10)
    batches = make_batches(tmp_path, config, frames=4)
    (batch,) = batches.of_step(3)
    assert isinstance(batch, QuestionBatch)
    assert batch.video["frame_features"].shape[0] == len(batch.questions) == 10
    assert batch.video["frame_mask"].sum(1).tolist()[-2:] == [1, 1]  # the last fifth are stills
    assert all(text.endswith("?") for text in batch.questions)
    assert (batch.answers.labels == END).sum(1).eq(1).all()
    again = batches.of_step(3)[0]
    assert isinstance(again, QuestionBatch)
    assert again.questions == batch.questions
    assert torch.equal(again.video["patch_features"], batch.video["patch_features"])


def test_people_asked_about_videos_without_frames(tmp_path: Path) -> None:
    config = make_config(WEIGHTS, questions_per_step=2, label_clips_per_step=1, label_questions_per_step=5)
    batches = make_batches(tmp_path, config)
    pairs = [("Who plays a piano?", "man"), ("what is a man doing?", "slouse"), ("why?", "song")]
    asked = sort_out([(CAPTIONS[0], pairs), (CAPTIONS[1], [])], batches.known_words())
    assert asked == [(CAPTIONS[0], [Question("who plays a piano?", "man", "who")])]
    seen = (np.array([0, 2]), np.array([0.6, 0.3], np.float32))
    batches.add_label_clips([["dog"], ["cat"], ["piano"]], lambda _pooled: seen, asked)
    first, batch = batches.of_step(0)
    assert isinstance(first, QuestionBatch)
    assert isinstance(batch, QuestionBatch)
    assert (first.weight, batch.weight) == (2 / 3.5, 5 / 3.5)
    assert batch.questions == ["who plays a piano?"] * 5
    assert batch.video["frame_features"].shape[:2] == (5, 0)
    assert (batch.video["label_ids"] == 2).any(1).all()  # the captions name it
