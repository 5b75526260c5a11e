"""The interface of all libraries of clips. Knows no storage; `opening` knows the libraries that exist."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import LibraryError
from videobert_demo.library.approximate import Quality
from videobert_demo.library.ranking import Ranked, fold_duplicates
from videobert_demo.types import EncodedClip, Hit, LibraryEntry


class Library(ABC):
    """Clips that can be added, removed and searched; safe to use from several threads.

    Every method that reads or writes the store raises LibraryError if the store cannot be used.

    Attributes:
        batch: how many clips are best given to `add_all` at once; 1 where that is no faster than one after the other.
    """

    batch: int = 1

    @abstractmethod
    def add(self, clip: EncodedClip, *, keep_file: bool = False, replace: bool = False) -> bool:
        """Adds a clip whole or not at all, whatever happens in between.

        Args:
            clip: as the library's checkpoint encoded it.
            keep_file: copy the clip's file into the library, because its source will be deleted. A library without a
                folder of its own ignores this.
            replace: put it in place of a clip of the same content, because its vectors have changed. Another
                process that has the library open finds them once it opens the library anew.

        Returns:
            False if the library already has a clip of this content, which is left unchanged.

        Raises:
            LibraryError: the store cannot be written.
            ValueError: the vectors have another length than the library's.
        """

    def add_all(self, clips: Sequence[EncodedClip]) -> list[bool]:
        """Adds several clips, each as `add` does, and faster where `batch` is above 1.

        Each clip is added whole or not at all; after a killed process or an error some of them are there, and adding
        the same clips again adds the rest.

        Args:
            clips: any number of them; of clips of the same content the first one counts.

        Returns:
            For each clip what `add` would return.

        Raises:
            LibraryError: the store cannot be written.
            ValueError: vectors have another length than the library's.
        """
        return [self.add(clip) for clip in clips]

    @abstractmethod
    def remove(self, content_hashes: Iterable[str]) -> int:
        """Removes clips and the files that the library keeps of them; returns how many it had."""

    @abstractmethod
    def contains(self, content_hash: str) -> bool:
        """Whether the library has a clip of this content."""

    def known(self, content_hashes: Iterable[str]) -> set[str]:
        """Those of these contents of which the library has a clip."""
        return set(filter(self.contains, content_hashes))

    @abstractmethod
    def fetch(self, content_hashes: Sequence[str]) -> dict[str, LibraryEntry]:
        """The entries of the clips of these contents, by hash; missing ones are left out."""

    def entry(self, content_hash: str) -> LibraryEntry | None:
        """The entry of the clip of this content, or None."""
        return self.fetch([content_hash]).get(content_hash)

    @abstractmethod
    def entries(self) -> tuple[LibraryEntry, ...]:
        """All clips, ordered by title."""

    @abstractmethod
    def rank(self, vector: NDArray[np.float32], limit: int) -> list[Ranked]:
        """The best `limit` clips for a unit vector (D,), best first, duplicates not folded."""

    def build_graph(self, threads: int, tell: Callable[[int], object] = lambda _clips: None) -> Quality:
        """Builds an approximate index of all clips, in place of an earlier one; the library can be used meanwhile.

        Args:
            threads: how many build it.
            tell: is called with the number of clips that were just added to it.

        Returns:
            How well it does.

        Raises:
            LibraryError: the library gains nothing by one, which is then as before, or usearch is not installed.
        """
        raise LibraryError("Only a library in a folder gets an approximate index; a server has one of its own.")

    def drop_graph(self) -> bool:
        """Goes back to exact searches; returns whether there was an approximate index."""
        return False

    @abstractmethod
    def note(self, topic: str, name: str) -> str | None:
        """What was noted under this name; None if nothing was."""

    @abstractmethod
    def notes(self, topic: str) -> dict[str, str]:
        """All that was noted on this topic, by name, the oldest first."""

    @abstractmethod
    def put_note(self, topic: str, name: str, text: str) -> None:
        """Notes something that belongs to the library, such as a label, in place of what stood under this name.

        Args:
            topic: what sort of note it is, such as "label".
            name: under which it is found again.
            text: what is noted.
        """

    @abstractmethod
    def drop_note(self, topic: str, name: str) -> bool:
        """Forgets what was noted under this name; returns whether there was anything."""

    @abstractmethod
    def close(self) -> None:
        """Releases everything; the library cannot be used afterwards. Closing twice is harmless."""

    def search(self, vector: NDArray[np.float32], count: int = 12, *, without: Collection[str] = ()) -> tuple[Hit, ...]:
        """Finds the clips that fit a vector best.

        Args:
            vector: float32 (D,), unit length, of a sentence, a picture or a clip.
            count: how many hits are wanted at most, >= 1; clips that look the same are one hit.
            without: content hashes of clips to leave out, such as the one that is being shown.

        Returns:
            Hits, best first.
        """
        if count < 1:
            raise ValueError(f"count must be at least 1, got {count}")
        if vector.ndim != 1 or vector.dtype != np.float32 or not np.isfinite(vector).all():
            raise ValueError(f"vector must be finite float32 (D,), got {vector.dtype} {vector.shape}")
        limit = 4 * count + len(without)
        while True:
            ranked = self.rank(vector, limit)
            folded = fold_duplicates([clip for clip in ranked if clip.content_hash not in without])
            if len(folded) >= count or len(ranked) < limit:
                break
            limit *= 4
        shown = self.fetch([clip.best.content_hash for clip in folded[:count]])
        return tuple(
            Hit(shown[clip.best.content_hash], clip.best.score, clip.best.start_seconds, clip.duplicates)
            for clip in folded[:count]
            if clip.best.content_hash in shown  # it may have been removed meanwhile
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
