"""Fixtures that several test folders share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.resources.make_clips import make_clips
from videobert_demo.types import ClipLimits


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every clip of resources/make_clips.py."""
    folder = tmp_path_factory.mktemp("clips")
    make_clips(folder)
    return folder


@pytest.fixture
def limits() -> ClipLimits:
    """The limits that hold if nobody sets others."""
    return ClipLimits()
