"""The libraries of the people who have the page open: clips, labels and corrections of each, gone when they leave.

Where the settings name a lasting library, everybody shares that one instead.
"""

from __future__ import annotations

import threading

from videobert_demo.library.layers import LayeredLibrary
from videobert_demo.service.service import VideoBertService


class VisitorLibraries:
    """Opens a visitor's library when it is first needed. Safe to use from several threads."""

    def __init__(self, service: VideoBertService) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._own: dict[str, LayeredLibrary] = {}

    @property
    def are_lasting(self) -> bool:
        """Whether what is added stays, and is seen by all."""
        return self._service.settings.library is not None

    def of(self, session: str) -> LayeredLibrary:
        """The library of one visitor, to look into. Those who have added nothing share one: it costs nothing.

        Raises:
            LibraryError: the lasting library cannot be opened.
        """
        with self._lock:
            own = self._own.get(session)
        return self._service.shared_library() if own is None else own

    def own(self, session: str) -> LayeredLibrary:
        """The library of one visitor, to add to; raises as `of` does."""
        if self.are_lasting:
            return self._service.shared_library()
        bundled = self._service.bundled_library()
        with self._lock:
            if session not in self._own:
                self._own[session] = LayeredLibrary(self._service.temporary_library(), bundled)
            return self._own[session]

    def forget(self, session: str) -> None:
        """The visit is over: the library goes, and the files that it kept."""
        with self._lock:
            library = self._own.pop(session, None)
        if library is not None:
            library.close()
