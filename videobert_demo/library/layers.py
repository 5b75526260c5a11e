"""A visitor's own library on top of one that all share: both are searched, only the visitor's is changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from videobert_demo.library.base import Library
from videobert_demo.library.ranking import Ranked, sort_ranked
from videobert_demo.types import EncodedClip, LibraryEntry


class LayeredLibrary(Library):
    """Two libraries that are searched as one.

    Args:
        own: takes what is added; closed with this library.
        shared: only read; stays open.
    """

    def __init__(self, own: Library, shared: Library) -> None:
        self._own = own
        self._shared = shared

    def add(self, clip: EncodedClip, *, keep_file: bool = False, replace: bool = False) -> bool:
        """See `Library.add`; a clip that the shared library has is there already, unless the visitor's replaces it."""
        if replace:
            return self._own.add(clip, keep_file=keep_file, replace=True)
        if self._shared.contains(clip.entry.content_hash):
            return False
        return self._own.add(clip, keep_file=keep_file)

    def remove(self, content_hashes: Iterable[str]) -> int:
        """See `Library.remove`; clips of the shared library stay and are not counted."""
        return self._own.remove(content_hashes)

    def contains(self, content_hash: str) -> bool:
        """See `Library.contains`."""
        return self._own.contains(content_hash) or self._shared.contains(content_hash)

    def owns(self, content_hash: str) -> bool:
        """Whether it is one of the visitor's clips, which can be removed."""
        return self._own.contains(content_hash)

    def fetch(self, content_hashes: Sequence[str]) -> dict[str, LibraryEntry]:
        """See `Library.fetch`."""
        return self._shared.fetch(content_hashes) | self._own.fetch(content_hashes)

    def entries(self) -> tuple[LibraryEntry, ...]:
        """See `Library.entries`."""
        merged = {entry.content_hash: entry for entry in (*self._shared.entries(), *self._own.entries())}
        return tuple(sorted(merged.values(), key=lambda entry: (entry.title, entry.content_hash)))

    def rank(self, vector: NDArray[np.float32], limit: int) -> list[Ranked]:
        """See `Library.rank`."""
        merged = {
            clip.content_hash: clip for clip in (*self._shared.rank(vector, limit), *self._own.rank(vector, limit))
        }
        return sort_ranked(list(merged.values()))[:limit]

    def note(self, topic: str, name: str) -> str | None:
        """See `Library.note`; the visitor's counts before the shared library's."""
        found = self._own.note(topic, name)
        return self._shared.note(topic, name) if found is None else found

    def notes(self, topic: str) -> dict[str, str]:
        """See `Library.notes`."""
        return self._shared.notes(topic) | self._own.notes(topic)

    def put_note(self, topic: str, name: str, text: str) -> None:
        """See `Library.put_note`."""
        self._own.put_note(topic, name, text)

    def drop_note(self, topic: str, name: str) -> bool:
        """See `Library.drop_note`; what the shared library has noted stays."""
        return self._own.drop_note(topic, name)

    def close(self) -> None:
        """Closes the visitor's library."""
        self._own.close()
