"""How likely a clip shows what a word names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.tiny import random_clips, write_tiny_checkpoint
from videobert_demo.evaluation.presence import calibrate_presence, evaluate_presence
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.examples import read_examples
from videobert_demo.service.service import VideoBertService
from videobert_demo.tasks.presence import COMMON, NUMBERS, presence, presence_evidence, tells_presence, weigh_presence


def test_each_word_is_weighed_with_the_evidence_that_there_is(tmp_path: Path) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny", mentioned_words=["man", "dog"])))
    clips = random_clips([2, 3])
    both = [ClipTensors(clips["frame_features"][row], clips["patch_features"][row]) for row in range(2)]
    size = loaded.model.config.projection_size
    assert not tells_presence(loaded)
    evidence = presence_evidence(loaded, both, ["dogs", "horse"], np.ones((2, size), np.float32))
    assert evidence.shape == (2, 2, 6)
    assert np.isfinite(evidence[:, 0]).all()  # the head knows "dog"
    assert np.isnan(evidence[:, 1, 5]).all()
    assert (evidence[..., 2] >= evidence[..., 1]).all()  # the best frame is at least the mean one
    calibration = {COMMON: [0.0] * size, NUMBERS[True]: [2.0, *[0.0] * 6], NUMBERS[False]: [-2.0, *[0.0] * 5]}
    loaded.model.config.calibration.update(calibration)
    assert tells_presence(loaded)
    assert presence(loaded, both, ["dog", "horse"]) == pytest.approx(np.array([[0.881, 0.119]] * 2), abs=1e-3)
    del calibration[NUMBERS[True]]
    assert weigh_presence(calibration, evidence) == pytest.approx(0.119, abs=1e-3)


def test_the_labels_that_a_word_names_count_together(service: VideoBertService) -> None:
    loaded = service._loaded
    (path,) = (example.path for example in read_examples() if example.path.stem == "dog")
    clip = service.open(path).tensors
    names = loaded.model.config.id2label or {}
    poodles = [int(number) for number, name in names.items() if "poodle" in str(name).split(",")[0]]
    assert len(poodles) > 1
    classifier = loaded.model.encoder.frame_tower.classifier
    with torch.inference_mode():
        likeliest = classifier(clip.frame_features).softmax(-1).amax(0)[poodles]
    (evidence,) = presence_evidence(loaded, [clip], ["poodle"], np.ones((1, loaded.model.config.projection_size)))
    assert evidence[0, 3] == pytest.approx(float(likeliest.sum().log()), abs=1e-4)


def test_what_is_not_there_is_not_likely(service: VideoBertService) -> None:
    shown = {"dog": ["dog"], "cat": ["cat"], "horses": ["horse"], "surfer": ["surfer", "wave"], "street": ["bicycle"]}
    missing = {"dog": ["elephant", "pizza", "car"], "cat": ["elephant", "piano", "boat"], "surfer": ["guitar"]}
    for example in read_examples():
        name = example.path.stem
        if name not in shown:
            continue
        clip = service.open(example.path)
        assert [word for word in shown[name] if service.presence(clip, word) < 0.5] == [], name
        assert [word for word in missing.get(name, []) if service.presence(clip, word) >= 0.5] == [], name


def test_nothing_is_fitted_where_people_say_too_little(tmp_path: Path) -> None:
    from tests.tiny import write_frames

    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny")))
    data = write_frames(tmp_path / "data", split="val")
    assert calibrate_presence(loaded, data, progress=False) == {}
    assert evaluate_presence(loaded, data, split="val", progress=False) == {}
