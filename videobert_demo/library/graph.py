"""A graph of nearest vectors in one file, which finds the best of a million without comparing all. Knows no clip.

Needs usearch. Vectors are kept in half precision, and the file is read where it lies, so that several processes share
its memory. Its checksum is compared before anything reads it: a damaged file could end the process.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import LibraryError

_PREFIX = "library.graph-"
_LINKS, _BUILDING_WIDTH = 16, 128
_BLOCK_BYTES = 1 << 24
_ABANDONED_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class GraphFile:
    """What tells a graph's file from others.

    Attributes:
        name: of the file, in the library's folder.
        digest: of its bytes.
        rows: how many vectors it has.
    """

    name: str
    digest: str
    rows: int

    def to_json(self) -> str:
        """As a note of the library."""
        return json.dumps(asdict(self))


def load_usearch() -> Any:
    """The module of the class `Index`.

    Raises:
        LibraryError: it is not installed.
    """
    try:
        import usearch.index
    except ImportError as error:
        raise LibraryError(
            "An approximate index needs usearch; install it with pip install 'videobert-demo[approximate]'."
        ) from error
    return usearch.index


class Graph:
    """Vectors by label, of which the likely best ones for a vector are found.

    Args:
        dimension: length of the vectors.
        index: usearch's, if there is one already.
    """

    def __init__(self, dimension: int, index: Any = None) -> None:
        self._dimension, self._lock = dimension, threading.Lock()
        self._index = index or load_usearch().Index(
            ndim=dimension, metric="ip", dtype="f16", connectivity=_LINKS, expansion_add=_BUILDING_WIDTH
        )

    def __len__(self) -> int:
        return len(self._index)

    def add(self, labels: NDArray[np.int64], vectors: NDArray[np.float32], threads: int) -> None:
        """Adds vectors (n, D) under labels (n,) >= 0."""
        self._index.add(labels.astype(np.uint64), vectors, threads=threads, copy=True)

    def nearest(self, vector: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        """Labels (at most `count`,) of the likely largest products with a vector (D,), best first.

        The more are asked for, the fewer of the best are missed.
        """
        with self._lock:  # with one thread each call of usearch works in the same place
            self._index.expansion_search = count
            found = self._index.search(vector, count, threads=1)
            return np.asarray(found.keys, dtype=np.int64)

    def save(self, folder: Path) -> GraphFile:
        """Writes it into a folder, whole or not at all, under a name that nothing has yet.

        Raises:
            OSError: it cannot be written.
        """
        path = folder / f"{_PREFIX}{uuid.uuid4().hex[:12]}"
        new = path.with_name(path.name + ".new")
        try:
            try:
                self._index.save(str(new))
            except (RuntimeError, ValueError) as error:  # usearch's own words for a full disk and the like
                raise OSError(0, str(error)) from error
            with new.open("rb+") as file:
                os.fsync(file.fileno())
            digest = _digest(new)
            new.replace(path)
        except OSError:
            new.unlink(missing_ok=True)
            raise
        return GraphFile(path.name, digest, len(self))

    @classmethod
    def open(cls, folder: Path, file: GraphFile, dimension: int) -> Graph:
        """Opens a graph that was saved.

        Raises:
            LibraryError: usearch is not installed, or the file is missing, damaged or of another kind.
        """
        path = folder / file.name
        usearch = load_usearch()
        try:
            if _digest(path) != file.digest:
                raise LibraryError("The approximate index {name} is damaged.", name=path.name)
            index = usearch.Index.restore(str(path), view=True)
        except (OSError, RuntimeError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise LibraryError(
                "The approximate index {name} cannot be read ({reason}).", name=path.name, reason=reason
            ) from error
        if index is None or index.ndim != dimension or len(index) != file.rows:
            raise LibraryError("The approximate index {name} is of another kind.", name=path.name)
        return cls(dimension, index)


def read_graph_file(text: str) -> GraphFile:
    """What `GraphFile.to_json` gave.

    Raises:
        LibraryError: it is something else.
    """
    try:
        file = GraphFile(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise LibraryError("What is noted of the approximate index cannot be read.") from error
    if not file.name.startswith(_PREFIX) or "/" in file.name:
        raise LibraryError("What is noted of the approximate index cannot be read.")
    return file


def remove_graphs(folder: Path, but: Iterable[str] = ()) -> None:
    """Removes the graphs in a folder but those of these names. One that is just being written stays."""
    kept = set(but)
    for path in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            is_new = path.suffix == ".new" and time.time() - path.stat().st_mtime < _ABANDONED_SECONDS
            if path.name not in kept and not is_new:
                path.unlink()


def _digest(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
