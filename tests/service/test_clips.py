"""A clip that was decoded elsewhere is encoded as one that is opened here."""

from __future__ import annotations

from pathlib import Path

import torch

import videobert_demo
from tests.resources.make_clips import encode
from tests.tiny import write_tiny_checkpoint
from videobert_demo.video.sampled import sample_clip


def test_sampling_and_encoding_are_opening(tmp_path: Path) -> None:
    service = videobert_demo.load(str(write_tiny_checkpoint(tmp_path / "tiny")))
    path = encode(tmp_path / "clip.mp4", "libx264", numbers=range(20))
    sampled = sample_clip(path, service.frames_to_sample, service.settings.limits)
    apart, opened = service.encode(sampled), service.open(path)
    assert apart.content_hash == opened.content_hash
    assert torch.equal(apart.tensors.frame_features, opened.tensors.frame_features)
    assert torch.equal(apart.tensors.patch_features, opened.tensors.patch_features)
    assert (apart.frames.timestamps_seconds == opened.frames.timestamps_seconds).all()
