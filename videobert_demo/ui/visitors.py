"""The libraries of the people who have the page open: one each, over the bundled examples, gone when they leave.

With a lasting library in the settings everybody shares that one instead.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from videobert_demo.library.layers import LayeredLibrary
from videobert_demo.library.store import Library
from videobert_demo.service import VideoBertService
from videobert_demo.ui.examples import ExampleClip


class VisitorLibraries:
    """Opens a visitor's library when it is first needed. Safe to use from several threads.

    Args:
        examples: clips that are in every library from the start; they are encoded once, at the first use.
    """

    def __init__(self, service: VideoBertService, examples: Sequence[ExampleClip]) -> None:
        self._service = service
        self._examples = tuple(examples)
        self._lock = threading.Lock()
        self._bundled: Library | None = None
        self._shared: LayeredLibrary | None = None
        self._own: dict[str, LayeredLibrary] = {}

    @property
    def are_lasting(self) -> bool:
        """Whether what is added stays, and is seen by all."""
        return self._service.settings.library is not None

    def of(self, session: str) -> LayeredLibrary:
        """The library of one visitor.

        Raises:
            LibraryError: the lasting library cannot be opened.
        """
        with self._lock:
            if self._bundled is None:
                bundled = self._service.temporary_library()
                for example in self._examples:
                    bundled.add(self._service.encode_for_library(example.path, title=example.title))
                self._bundled = bundled
            if self.are_lasting:
                if self._shared is None:
                    self._shared = LayeredLibrary(self._service.open_library(), self._bundled)
                return self._shared
            if session not in self._own:
                self._own[session] = LayeredLibrary(self._service.temporary_library(), self._bundled)
            return self._own[session]

    def forget(self, session: str) -> None:
        """The visitor has left: the library goes, and the files that it kept."""
        with self._lock:
            library = self._own.pop(session, None)
        if library is not None:
            library.close()
