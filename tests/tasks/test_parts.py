"""The part that holds of a clip whose caption is not sure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tiny import random_clips, write_tiny_checkpoint
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.tasks.parts import ASPECTS, Part, find_holding, guess_parts, say_parts

PERSON, DOG = Part("person", "person", 0.9), Part("object", "dog", 0.9)
MUSIC, PLAY = Part("category", "music", 0.9), Part("verb", "play", 0.9)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([], ""),
        ([PERSON], "a person; not sure what they do"),
        ([PERSON, MUSIC], "a person; kind of clip: music; not sure what they do"),
        ([PERSON, DOG, PLAY], "a person and a dog, playing"),
        ([DOG, replace(DOG, aspect="label")], "a dog; not sure what happens"),
        ([replace(DOG, text="elephant")], "an elephant; not sure what happens"),
        ([PLAY], "playing; not sure who or what"),
        ([MUSIC], "kind of clip: music; not sure what happens"),
    ],
)
def test_parts_are_said_as_one_phrase(parts: list[Part], said: str) -> None:
    assert say_parts(parts) == said


def test_only_parts_that_reach_their_limit_are_said(tmp_path: Path) -> None:
    loaded = load_checkpoint(
        str(
            write_tiny_checkpoint(
                tmp_path / "tiny", mentioned_words=["man", "dog"], verbs=["play"], categories=["music"]
            )
        )
    )
    clips = random_clips([2])
    clip = ClipTensors(clips["frame_features"][0], clips["patch_features"][0])
    (guessed,) = guess_parts(loaded, [clip])
    by_aspect = {one.aspect: one for one in guessed}
    assert {"person", "verb", "category"} <= set(by_aspect) <= set(ASPECTS)
    assert by_aspect["verb"].text == "play"
    calibration = loaded.model.config.calibration
    assert find_holding(loaded, [clip]) == [""]  # nothing is measured
    calibration |= {"part_person": [0.0], "part_verb": [1.5]}
    assert find_holding(loaded, [clip]) == ["a person; not sure what they do"]
    calibration["part_person"] = [1.5]
    assert find_holding(loaded, [clip]) == [""]
