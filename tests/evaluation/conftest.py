"""Fixtures of the evaluation's tests."""

from __future__ import annotations

import pytest

from tests.tiny import write_tiny_checkpoint
from videobert_demo.model.loading import LoadedModel, load_checkpoint


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    """A tiny random checkpoint. Not to be changed."""
    return load_checkpoint(str(write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny")))
