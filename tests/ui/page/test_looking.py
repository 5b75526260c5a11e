"""Seeing clips for whoever waits: how far it is, and an end once nobody waits any more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import cast

import pytest

from videobert_demo.errors import StoppedError, UnreadableClipError
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.page import looking
from videobert_demo.ui.page.looking import look


class Service:
    """Sees a clip in two halves; the second one when somebody lets it."""

    def __init__(self) -> None:
        self.go_on, self.was_stopped = threading.Event(), threading.Event()

    def content(self, path: str, *, on_progress: Callable[[float], None], is_cancelled: Callable[[], bool]) -> None:
        if path == "bad":
            raise UnreadableClipError("{name} is damaged.", name=path)
        if path == "worse":
            raise KeyError(path)
        on_progress(0.5)
        while not self.go_on.wait(0.01):
            if is_cancelled():
                self.was_stopped.set()
                raise StoppedError("The work was stopped before {name} was seen.", name=path)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setattr(looking, "_SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(looking, "_PATIENCE_SECONDS", 0.0)
    return Service()


def test_it_tells_how_far_it_is_and_ends_when_all_is_seen(service: Service) -> None:
    looks = look(cast(VideoBertService, service), ["a", "b"])
    first = next(looks)
    assert (first.done, first.share, first.later_seconds) == (0.25, 0.75, 0.0)
    assert first.expected_seconds is not None
    service.go_on.set()
    assert all(one.done >= 0.25 for one in looks)
    assert not service.was_stopped.is_set()


def test_who_leaves_stops_the_work(service: Service) -> None:
    looks = look(cast(VideoBertService, service), ["a"])
    next(looks)
    looks.close()
    assert service.was_stopped.is_set()


def test_what_is_wrong_with_a_clip_is_told_by_who_asks_next(service: Service) -> None:
    service.go_on.set()
    assert list(look(cast(VideoBertService, service), ["bad"])) == []
    with pytest.raises(KeyError):
        list(look(cast(VideoBertService, service), ["worse"]))
