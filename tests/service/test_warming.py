"""Before the first visitor asks, an example has been captioned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tiny import write_tiny_checkpoint
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service import warming
from videobert_demo.service.examples import read_examples
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.warming import warm_up
from videobert_demo.settings import Settings


@pytest.fixture
def service(tmp_path: Path) -> VideoBertService:
    return VideoBertService(load_checkpoint(str(write_tiny_checkpoint(tmp_path))), Settings())


def test_an_example_is_captioned(service: VideoBertService, monkeypatch: pytest.MonkeyPatch) -> None:
    warm_up(service)
    monkeypatch.setattr(service, "_caption", lambda *_: pytest.fail("it was captioned before"))
    assert service.caption(service.open(read_examples()[0].path)).text


def test_what_fails_is_logged(
    service: VideoBertService, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    gone = replace(read_examples()[0], path=tmp_path / "gone.mp4")
    monkeypatch.setattr(warming, "read_examples", lambda: (gone,))
    warm_up(service)
    assert "gone.mp4 cannot be captioned" in caplog.text
