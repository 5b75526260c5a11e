"""The libraries of the people who have the page open: one each, over the bundled examples, gone when they leave.

With a lasting library in the settings everybody shares that one instead.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from videobert_demo.library.base import Library
from videobert_demo.library.layers import LayeredLibrary
from videobert_demo.service.examples import ExampleClip
from videobert_demo.service.service import VideoBertService


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
        self._shared: LayeredLibrary | None = None  # read by those who have added nothing, or everybody's
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
            return self._own[session] if session in self._own else self._open_shared()

    def own(self, session: str) -> LayeredLibrary:
        """The library of one visitor, to add to; raises as `of` does."""
        with self._lock:
            shared = self._open_shared()
            if self.are_lasting:
                return shared
            if session not in self._own:
                self._own[session] = LayeredLibrary(self._service.temporary_library(), self._open_bundled())
            return self._own[session]

    def _open_bundled(self) -> Library:
        if self._bundled is None:
            bundled = self._service.temporary_library()
            for example in self._examples:
                bundled.add(self._service.encode_for_library(example.path, title=example.title))
            self._bundled = bundled
        return self._bundled

    def _open_shared(self) -> LayeredLibrary:
        if self._shared is None:
            bundled = self._open_bundled()
            lasting = self._service.open_library() if self.are_lasting else self._service.temporary_library()
            self._shared = LayeredLibrary(lasting, bundled)
        return self._shared

    def forget(self, session: str) -> None:
        """The visit is over: the library goes, and the files that it kept."""
        with self._lock:
            library = self._own.pop(session, None)
        if library is not None:
            library.close()
