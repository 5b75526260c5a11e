"""Alignment of sentences with clips and their moments."""

from __future__ import annotations

import pytest
import torch

from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.align import align, align_moments


def test_a_clip_in_company_scores_as_it_does_alone(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    sentences = ["a dog is running on the grass", "a man", "a red car is driving"]
    together = align(loaded, clips, sentences)
    assert together.shape == (3,)
    assert ((together > 0) & (together < 1)).all()
    for clip, sentence, probability in zip(clips, sentences, together.tolist(), strict=True):
        assert float(align(loaded, [clip], [sentence])[0]) == pytest.approx(probability, rel=1e-3)


def test_each_moment_is_a_clip_of_its_own(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    moments = align_moments(loaded, clips[0], "a dog")
    assert moments.shape == (4,)
    third = ClipTensors(clips[0].frame_features[2:3], clips[0].patch_features[2:3])
    torch.testing.assert_close(moments[2:3], align(loaded, [third], ["a dog"]))
    torch.testing.assert_close(align_moments(loaded, clips[1], "a dog"), align(loaded, [clips[1]], ["a dog"]))
