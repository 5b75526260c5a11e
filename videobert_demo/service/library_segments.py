"""The segments among which the Tokens tab looks: those of the visitor's library, or of its clips that come nearest."""

from __future__ import annotations

from collections.abc import Callable

from videobert_demo.library.base import Library
from videobert_demo.model.features import ClipFeatures
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.service.visual_words import Segment
from videobert_demo.types import Hit, LibraryEntry

MOST_CLIPS = 40


class LibrarySegments:
    """Keeps nothing: a visitor's segments come from that visitor's library. Safe to use from several threads.

    Every method raises LibraryError if the library cannot be read.
    """

    def __init__(self, service: VideoBertService, visitors: VisitorLibraries) -> None:
        self._service, self._visitors = service, visitors

    def for_clip(self, session: str, clip: ClipFeatures) -> tuple[Segment, ...]:
        """Those to compare a clip's segments with; of a large library the clips that are most like it."""
        return self._choose(session, lambda library: self._service.search_like(library, clip, count=MOST_CLIPS))

    def for_sentence(self, session: str, sentence: str) -> tuple[Segment, ...]:
        """Those to show a sentence with; of a large library the clips that fit it best."""
        return self._choose(session, lambda library: self._service.search(library, sentence, count=MOST_CLIPS))

    def _choose(self, session: str, search: Callable[[Library], tuple[Hit, ...]]) -> tuple[Segment, ...]:
        library = self._visitors.of(session)
        entries = library.entries()
        if len(entries) > MOST_CLIPS:
            entries = tuple(hit.entry for hit in search(library))
        return self._service.tokens.collect(map(_clip, entries))


def _clip(entry: LibraryEntry) -> tuple[str, str, str]:
    return entry.content_hash, entry.title, entry.source
