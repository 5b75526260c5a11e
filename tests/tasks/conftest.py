"""Fixtures of the tasks' tests."""

from __future__ import annotations

import pytest

from tests.tiny import random_clips, write_tiny_checkpoint
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    """A tiny random checkpoint. Not to be changed."""
    return load_checkpoint(str(write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny")))


@pytest.fixture
def clips() -> list[ClipTensors]:
    """Three clips of 4, 1 and 2 frames."""
    frames = (4, 1, 2)
    drawn = random_clips(frames)
    return [
        ClipTensors(drawn["frame_features"][row, :count], drawn["patch_features"][row, :count])
        for row, count in enumerate(frames)
    ]
