"""Questions about a thing that is not seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny import random_clips, write_tiny_checkpoint
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.tasks.absence import find_absent, seen_evidence, thing_asked


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("what colour is the dog?", "dog"),
        ("what is the small dog doing?", "dog"),
        ("where are the horses?", "horse"),
        ("what is the man riding?", None),
        ("what colour is the shirt?", None),
        ("who is in the kitchen?", None),
        ("who is singing?", None),
        ("is the dog running?", None),
        ("how many dogs are there?", None),
        ("what is it?", None),
    ],
)
def test_what_a_question_takes_to_be_there(question: str, thing: str | None) -> None:
    assert thing_asked(question) == thing


def test_below_its_limit_a_thing_is_absent(tmp_path: Path) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny", mentioned_words=["man", "dog"])))
    clips = random_clips([2])
    clip = ClipTensors(clips["frame_features"][0], clips["patch_features"][0])
    question, other = "what colour is the dog?", "what colour is the horse?"
    calibration = loaded.model.config.calibration
    assert find_absent(loaded, [clip], [question]) == [None]  # nothing is measured
    evidence = seen_evidence(loaded, [clip], ["dog", "horse"])
    calibration["absent_mention"] = [evidence["mention"][0][0] + 0.01]
    assert find_absent(loaded, [clip], [question]) == ["dog"]
    assert find_absent(loaded, [clip], [other]) == [None]  # a word that the head does not know
    assert find_absent(loaded, [clip], ["is the dog red?"]) == [None]
    calibration["absent_mention"] = [evidence["mention"][0][0] - 0.01]
    assert find_absent(loaded, [clip], [question]) == [None]
    calibration["absent_vector"] = [evidence["vector"][0][0] + 0.01]
    assert find_absent(loaded, [clip], [question]) == ["dog"]  # either evidence is enough
    calibration["absent_vector"] = [evidence["vector"][0][1] + 0.01]
    assert find_absent(loaded, [clip], [other]) == ["horse"]
    asked = ["is the dog red?", other, question]
    assert find_absent(loaded, [clip] * 3, asked) == [None, "horse", find_absent(loaded, [clip], [question])[0]]
