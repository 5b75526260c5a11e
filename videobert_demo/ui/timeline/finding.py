"""Looks for scenes in the background, one search for each visitor, which can be stopped or given up.

    a clip is described -> find: progress, progress, ... the timeline
    the visitor stops it ----------^ what was found by then
    another clip arrives, or the visit is over ---^ nothing: nobody wants it any more

It knows visitors by their sessions. It does not know what the page shows.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field

from videobert_demo.service.service import VideoBertService
from videobert_demo.service.timeline import ScenesProgress
from videobert_demo.timeline.timeline import Timeline

_SECONDS_BETWEEN_LOOKS = 0.5


@dataclass(slots=True, eq=False)
class _Search:
    """One visitor's search; `is_unwanted` once nobody waits for it any more."""

    stop: threading.Event = field(default_factory=threading.Event)
    is_unwanted: bool = False


class SceneFinder:
    """The searches of all visitors. Safe to use from several threads.

    Args:
        service: The model.
    """

    def __init__(self, service: VideoBertService) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._searches: dict[str, _Search] = {}

    def find(
        self, session: str, path: str, neutral_words: bool = False, language: str | None = None
    ) -> Iterator[ScenesProgress | Timeline]:
        """How far the search is, about twice a second, and at last the timeline, unless it was given up.

        Args:
            session: The visitor's; an earlier search of theirs is given up.
            path: The clip.
            neutral_words, language: As for `service.scenes`.

        Raises:
            ClipError: The file is no clip that can be read within the limits.
        """
        search = self._begin(session)
        progress = [ScenesProgress("reading", 0.0, None)]

        def work() -> Timeline:
            return self._service.scenes(
                path,
                on_progress=lambda report: progress.__setitem__(0, report),
                is_cancelled=search.stop.is_set,
                neutral_words=neutral_words,
                language=language,
            )

        try:
            with ThreadPoolExecutor(1, "scenes") as pool:
                working = pool.submit(copy_context().run, work)
                try:
                    while not wait([working], _SECONDS_BETWEEN_LOOKS).done:
                        yield progress[0]
                finally:
                    search.stop.set()  # also if the page that waited for it is gone
            if not search.is_unwanted:
                yield working.result()
        finally:
            with self._lock:
                if self._searches.get(session) is search:
                    del self._searches[session]

    def stop(self, session: str) -> None:
        """The visitor has seen enough: the search ends with what was found by now."""
        with self._lock:
            search = self._searches.get(session)
        if search is not None:
            search.stop.set()

    def give_up(self, session: str) -> None:
        """Nobody wants to know any more: the search ends without a result."""
        with self._lock:
            search = self._searches.pop(session, None)
        if search is not None:
            search.is_unwanted = True
            search.stop.set()

    def _begin(self, session: str) -> _Search:
        self.give_up(session)
        search = _Search()
        with self._lock:
            self._searches[session] = search
        return search
