"""Clips of different lengths become one batch."""

from __future__ import annotations

import pytest
import torch

from videobert_demo.model.features import ClipTensors, find_distinct, stack_clips


def test_shorter_clips_are_padded() -> None:
    clips = [ClipTensors(torch.full((count, 6), 1.0 + count), torch.full((count, 4, 6), 2.0)) for count in (1, 3)]
    stacked = stack_clips(clips, torch.device("cpu"), torch.float32)
    assert stacked["frame_mask"].tolist() == [[True, False, False], [True, True, True]]
    assert stacked["frame_features"][:, :, 0].tolist() == [[2.0, 0.0, 0.0], [4.0, 4.0, 4.0]]
    assert stacked["patch_features"].shape == (2, 3, 4, 6)
    assert stacked["patch_features"][0, 1:].abs().max() == 0
    assert stack_clips(clips, torch.device("cpu"), torch.bfloat16)["patch_features"].dtype == torch.bfloat16


@pytest.mark.parametrize(
    ("frames", "patches"), [((0, 6), (0, 4, 6)), ((2, 6), (3, 4, 6)), ((6,), (1, 4, 6)), ((2, 6), (2, 6))]
)
def test_what_does_not_fit_together_is_refused(frames: tuple[int, ...], patches: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"frames|expected"):
        ClipTensors(torch.zeros(frames), torch.zeros(patches))


def test_a_clip_is_found_once_and_hidden_ones_by_their_length() -> None:
    short, long, other = (ClipTensors(torch.ones(count, 6), torch.ones(count, 4, 6)) for count in (1, 3, 3))
    assert find_distinct([long, short, long, other]) == ([long, short, other], [0, 1, 0, 2])
    assert find_distinct([long, short, long, other], blank=True) == ([long, short], [0, 1, 0, 0])
