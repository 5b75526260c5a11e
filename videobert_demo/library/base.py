"""The one interface of all libraries of clips, and where to find a library.

`open_library` gives one of two stores behind it: a folder holds one SQLite file whose vectors are searched exactly in
memory (`embedded`), a URI names a Milvus server or cluster (`server`). What was measured before choosing the embedded
one, on two busy cores with one thread each, Python 3.11, 100,000 vectors of 384 numbers, the 20 nearest, each beside a
bare float32 matrix product over the same vectors in the same run; recall is against the exact answer, and after
`kill -9` in the middle of inserting all acknowledged vectors were there in every store that got so far:

    store                     search / product   recall   inserts/s   installed   packages
    SQLite + resident matrix              1.04     1.00       9,200        0 MB          0
    Chroma 1.5 (HNSW)                     0.47     0.21         280      418 MB         83
    zvec 0.8 (flat)                       2.7      1.00       3,100       45 MB          1
    DuckDB 2.0 (inner product)           10        1.00       2,100       68 MB          1
    LanceDB 0.40 (flat)                  20        1.00           -      373 MB         16
    Milvus Lite 3.2 (flat)        20 to 229        1.00       1,300      357 MB         19
    Milvus Lite 3.2 (HNSW)        28 to 193        1.00       5,000      357 MB         19
    Qdrant client 1.20 (local)    inserting took more than four minutes   45 MB         19
    sqlite-vec 0.1.9              does not load where Python's sqlite3 was built without extensions

Several processes may read and write one SQLite file at once, which Milvus Lite and zvec do not allow. The vectors were
random, the hardest case for HNSW. `benchmarks/library.py` measures the library as it is.
"""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from videobert_demo.library.ranking import Ranked, fold_duplicates
from videobert_demo.types import EncodedClip, Hit, LibraryEntry

_URI = re.compile(r"(https?|tcp|unix)://?\S+", re.IGNORECASE)


class Library(ABC):
    """Clips that can be added, removed and searched; safe to use from several threads.

    Every method that reads or writes the store raises LibraryError if the store cannot be used.
    """

    @abstractmethod
    def add(self, clip: EncodedClip, *, keep_file: bool = False) -> bool:
        """Adds a clip whole or not at all, whatever happens in between.

        Args:
            clip: as the library's checkpoint encoded it.
            keep_file: copy the clip's file into the library, because its source will go. A library without a folder of
                its own does not.

        Returns:
            False if a clip of the same content is there already; it stays as it is.

        Raises:
            LibraryError: the store cannot be written.
            ValueError: the vectors have another length than the library's.
        """

    @abstractmethod
    def remove(self, content_hashes: Iterable[str]) -> int:
        """Removes clips, with the files that the library keeps of them; returns how many were there."""

    @abstractmethod
    def contains(self, content_hash: str) -> bool:
        """Is a clip of this content there?"""

    @abstractmethod
    def fetch(self, content_hashes: Sequence[str]) -> dict[str, LibraryEntry]:
        """What is shown of the clips of these contents, by hash; those that are not there are left out."""

    def entry(self, content_hash: str) -> LibraryEntry | None:
        """The clip of this content, if it is there."""
        return self.fetch([content_hash]).get(content_hash)

    @abstractmethod
    def entries(self) -> tuple[LibraryEntry, ...]:
        """All clips, ordered by title."""

    @abstractmethod
    def rank(self, vector: NDArray[np.float32], limit: int) -> list[Ranked]:
        """The best `limit` clips for a unit vector (D,), best first, duplicates not folded."""

    @abstractmethod
    def close(self) -> None:
        """Gives everything back; the library cannot be used any more. Closing twice does no harm."""

    def search(self, vector: NDArray[np.float32], count: int = 12, *, without: Collection[str] = ()) -> tuple[Hit, ...]:
        """Finds the clips that fit a vector best.

        Args:
            vector: float32 (D,), unit length, of a sentence, a picture or a clip.
            count: how many hits are wanted at most, >= 1; clips that look the same are one hit.
            without: content hashes of clips that are not to be found, such as the one that is being shown.

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
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_library(location: str | os.PathLike[str], *, model: str, dimension: int, token: str = "") -> Library:
    """Opens a lasting library, and makes it if it is not there.

    Args:
        location: a folder, or the URI of a Milvus server or cluster, such as http://localhost:19530.
        model: fingerprint of the checkpoint that makes the vectors; those of two checkpoints cannot be compared.
        dimension: length of the vectors.
        token: "user:password" or an API key, for a server.

    Raises:
        LibraryError: nothing can be opened there, or it belongs to another checkpoint.
    """
    text = os.fspath(location)
    if _URI.fullmatch(text):
        from videobert_demo.library.server import ServerLibrary  # pymilvus takes a second to import

        return ServerLibrary(text, model=model, dimension=dimension, token=token)
    from videobert_demo.library.embedded import EmbeddedLibrary

    return EmbeddedLibrary(Path(text), model=model, dimension=dimension)


def open_temporary_library(*, dimension: int) -> Library:
    """An empty library in memory, for one visitor: closing it forgets all, the files that it kept included."""
    from videobert_demo.library.embedded import EmbeddedLibrary

    return EmbeddedLibrary(None, model="temporary", dimension=dimension)
