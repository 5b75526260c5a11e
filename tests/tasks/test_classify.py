"""Verbs, objects, categories and labels of a clip."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import QuestionError
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.questions.words import is_object_form, is_verb_form
from videobert_demo.tasks.classify import (
    MAX_LABELS,
    guess_by_heads,
    guess_labels,
    guess_objects,
    guess_verbs,
    head_probabilities,
    rank_labels,
)


def test_verbs_and_objects_are_of_their_kind(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    verbs, objects = guess_verbs(loaded, clips[0]), guess_objects(loaded, clips[0])
    assert len(verbs) == len(objects) == 5
    assert all(is_verb_form(guess.text) for guess in verbs)
    assert all(is_object_form(guess.text) for guess in objects)
    for guesses in (verbs, objects):
        probabilities = [guess.probability for guess in guesses]
        assert probabilities == sorted(probabilities, reverse=True)


def test_without_a_head_there_are_no_categories(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    assert head_probabilities(loaded, clips)["category"].shape == (3, 0)
    assert guess_by_heads(loaded, clips[:1]) == {"category": [()], "verb": [()], "object": [()], "action": [()]}


def test_categories_come_from_the_head(tmp_path: Path, clips: list[ClipTensors]) -> None:
    names = ["music", "people", "gaming"]
    trained = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "headed", categories=names)))
    probabilities = head_probabilities(trained, clips)["category"]
    assert probabilities.shape == (3, 3)
    assert probabilities.sum(1).tolist() == pytest.approx([1, 1, 1])
    guesses = guess_by_heads(trained, clips)["category"][0]
    assert {guess.text for guess in guesses} == set(names)
    assert guesses[0].probability == pytest.approx(float(probabilities[0].max()))
    assert guesses[0].text == names[int(probabilities[0].argmax())]


def test_the_towers_labels_are_those_that_the_encoder_reads(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    guesses = guess_labels(loaded, clips[0])
    assert len(guesses) == loaded.model.config.labels_per_clip
    assert guesses[0].probability >= guesses[-1].probability > 0


def test_typed_labels_share_all_probability(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    ranked = rank_labels(loaded, clips[0], ["a dog", " a cat ", "", "a dog", "a piano"])
    assert {label.text for label in ranked} == {"a dog", "a cat", "a piano"}
    assert sum(label.share for label in ranked) == pytest.approx(1)
    assert [label.share for label in ranked] == sorted((label.share for label in ranked), reverse=True)
    assert all(0 < label.alignment < 1 for label in ranked)


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        ([" "], "no labels"),
        ([f"dog {'a' * number}" for number in range(MAX_LABELS + 1)], "too many"),
        (["狗"], "English"),
    ],
)
def test_labels_that_cannot_be_ranked_are_refused(
    loaded: LoadedModel, clips: list[ClipTensors], labels: list[str], says: str
) -> None:
    with pytest.raises(QuestionError, match=says):
        rank_labels(loaded, clips[0], labels)
