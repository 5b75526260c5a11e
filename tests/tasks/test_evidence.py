"""How captions and vectors weigh answers."""

from __future__ import annotations

import math

import pytest

from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.answer import answer_questions, compare_statements, write_answers
from videobert_demo.tasks.evidence import caption_words, weigh_by_captions, yes_or_no
from videobert_demo.tasks.features import ClipTensors
from videobert_demo.types import Answer, Caption

CAPTIONS = (Caption("a man is singing", 0.3), Caption("a man sings on a stage", 0.1))


def test_words_count_as_lemmas_by_the_captions_scores() -> None:
    shares = caption_words(CAPTIONS)
    assert shares["sing"] == pytest.approx(1.0)
    assert shares["stage"] == pytest.approx(0.25)
    assert "dance" not in shares
    assert caption_words((Caption("a dog", 0.0), Caption("a cat", 0.0)))["dog"] == 0.5


def test_a_word_of_the_captions_gains() -> None:
    before = (Answer("dance", 0.4), Answer("sing", 0.3), Answer("man", 0.1))
    after = weigh_by_captions("what is a man doing?", before, caption_words(CAPTIONS), 1.0)
    assert [one.text for one in after] == ["sing", "dance", "man"]  # the man was asked about
    assert sum(one.probability for one in after) == pytest.approx(0.8)
    chances = {one.text: one.probability for one in after}
    assert chances["sing"] / chances["dance"] == pytest.approx(0.75 * math.e)
    assert chances["man"] / chances["dance"] == pytest.approx(0.25)
    assert weigh_by_captions("what?", before, caption_words(CAPTIONS), 0.0) == before


def test_yes_is_as_likely_as_the_curve_says() -> None:
    assert yes_or_no(0.25, 20.0, 0.25) == (Answer("yes", 0.5), Answer("no", 0.5))
    assert [one.text for one in yes_or_no(0.1, 20.0, 0.25)] == ["no", "yes"]
    assert yes_or_no(0.3, 20.0, 0.25)[0].probability == pytest.approx(1 / (1 + math.exp(-1)))
    assert yes_or_no(1.0, 1e6, 0.0)[0].probability == pytest.approx(1.0)


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
    assert open_question == written[1]
    monkeypatch.setattr(loaded.model.config, "answer_caption_weight", 2.0)
    captions = [(Caption(f"a man {written[1][-1].text}", 0.5),)] * 2
    weighed = answer_questions(loaded, clips[:2], questions, captions=captions, candidates=8)[1]
    assert weighed == weigh_by_captions(questions[1], written[1], caption_words(captions[1]), 2.0)
    assert weighed != written[1]
    assert sorted(one.text for one in weighed) == sorted(one.text for one in written[1])


def test_blank_frames_say_nothing_of_the_clip(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    other = ClipTensors(clips[0].frame_features + 1, clips[0].patch_features)
    both = [compare_statements(loaded, [clip], ["is a man singing?"], blank=True) for clip in (clips[0], other)]
    assert both[0] == both[1]
