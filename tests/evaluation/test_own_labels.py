"""Labels that are taught with a few stills, on held-out ones, with vectors that are made up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import torch

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.everyday import LabelledClip
from videobert_demo.evaluation import own_labels
from videobert_demo.evaluation.own_labels import choose_examples, evaluate_own_labels
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel

LABELS = ("running", "cooking", "sleeping")


def still(kind: str, label: str, number: int) -> LabelledClip:
    name = f"{kind}/{label}/{number}"
    split = "train" if number % 10 else "val"
    return LabelledClip(CaptionedVideo(name, split, None, (name,), ("a caption",)), kind, label)


def test_examples_are_taken_evenly_of_what_is_not_held_out() -> None:
    stills = [still("action", "running", number) for number in range(41)]
    chosen = choose_examples(stills, 4)
    assert [one.clip.video_id.rsplit("/", 1)[1] for one in chosen] == ["1", "14", "26", "39"]
    assert all(one.clip.split == "train" for one in chosen)
    assert len(choose_examples(stills, 99)) == 36


@pytest.mark.parametrize(("spread", "top", "accuracy"), [(0.05, 100.0, 100.0), (30.0, 33.0, 50.0)])
def test_what_is_alike_is_told_and_noise_is_not(
    spread: float, top: float, accuracy: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    stills = [still("action", label, number) for label in LABELS for number in range(201)]
    vectors = []
    for one in stills:
        vector = np.eye(24)[LABELS.index(one.label)] + spread * rng.standard_normal(24)
        vectors.append(torch.tensor(vector / np.linalg.norm(vector), dtype=torch.float32))
    monkeypatch.setattr(own_labels, "embed_clips", lambda _, rows: torch.stack([row.vector for row in rows]))
    pairs = {
        id(one): (one, cast(ClipTensors, SimpleNamespace(vector=vector)))
        for one, vector in zip(stills, vectors, strict=True)
    }
    shown = [pairs[id(one)] for one in choose_examples(stills)]
    held_out = [pair for pair in pairs.values() if pair[0].clip.split == "val"]
    scores: dict[str, Any] = evaluate_own_labels(cast(LoadedModel, None), shown, held_out)
    assert scores["action_stills"] == 63
    assert set(scores) == {"action_stills"} | {
        f"action_{count}_{name}" for count in (5, 20) for name in ("top1", "found", "taken", "accuracy", "told")
    }
    for count in (5, 20):
        assert scores[f"action_{count}_top1"] == pytest.approx(top, abs=20)
        assert scores[f"action_{count}_accuracy"] == pytest.approx(accuracy, abs=15)
        assert scores[f"action_{count}_told"] == pytest.approx(accuracy, abs=25), "what is told is near what is so"
