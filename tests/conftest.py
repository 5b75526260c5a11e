"""Fixtures that several test folders share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.resources.make_clips import make_clips
from videobert_demo.settings import rest_threads
from videobert_demo.types import ClipLimits

rest_threads()  # before PyTorch is imported: several processes share the cores
RUNNING_APP = frozenset({"app_url", "soon_url", "scripted_url"})
"""Fixtures that start the whole app."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks tests of the running app as slow, through whichever fixture they reach it.

    Browser tests have a mark of their own.
    """
    for item in items:
        if RUNNING_APP & set(getattr(item, "fixturenames", ())) and item.get_closest_marker("e2e") is None:
            item.add_marker(pytest.mark.slow)


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
