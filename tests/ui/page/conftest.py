"""A small page that listens on no port, for tests of what stands between a request and a handler."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gradio.routes import App

from tests.ui.page.small_page import small_page


@pytest.fixture
def small_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """The app of small_page.py, with its uploads in a folder of the test's."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    with small_page(tmp_path / "uploads") as app:
        yield app
