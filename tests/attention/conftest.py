"""Fixtures of the attention tests."""

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
def clip() -> ClipTensors:
    """Three frames of 2 x 2 patches."""
    drawn = random_clips([3], seed=5)
    return ClipTensors(drawn["frame_features"][0], drawn["patch_features"][0])
