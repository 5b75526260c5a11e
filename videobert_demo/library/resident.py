"""All vectors of a library in one float32 matrix in memory, searched exactly.

Knows arrays; knows no files. Any thread may search while another one adds: a search works on the rows that were there
when it began, because new rows are only ever written behind them.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from videobert_demo.library.ranking import Ranked, combine, sort_ranked

_MIN_DEAD_ROWS = 1024


class _Rows:
    """An array that grows at its end; views of it that were taken before stay valid."""

    def __init__(self, shape: tuple[int, ...], dtype: Any) -> None:
        self._array = np.empty(shape, dtype=dtype)
        self.count = 0

    @property
    def view(self) -> NDArray[Any]:
        """The rows so far."""
        return self._array[: self.count]

    def append(self, rows: NDArray[Any]) -> None:
        """Adds rows (n, ...)."""
        needed = self.count + len(rows)
        if needed > len(self._array):
            grown = np.empty((max(needed, 2 * len(self._array)), *self._array.shape[1:]), dtype=self._array.dtype)
            grown[: self.count] = self.view
            self._array = grown
        self._array[self.count : needed] = rows
        self.count = needed


class ResidentIndex:
    """Clips by their vectors. A clip's rows lie together, the whole clip's first.

        rows       whole a | a1 a2 a3 | whole b | b1 b2 | ..
        first_row  0                    4                       (of clip a, of clip b)

    Args:
        dimension: length of the vectors.
        rows: how many vectors are expected.
    """

    def __init__(self, dimension: int, rows: int = 64) -> None:
        self.dimension = dimension
        self._lock = threading.Lock()
        self._reset(rows)

    def _reset(self, rows: int) -> None:
        self._vectors = _Rows((max(rows, 1), self.dimension), np.float32)
        self._starts = _Rows((max(rows, 1),), np.float64)
        self._first_row = _Rows((16,), np.int64)
        self._alive = _Rows((16,), np.bool_)
        self._hashes: list[str] = []
        self._index_of: dict[str, int] = {}
        self._dead_rows = 0

    def __len__(self) -> int:
        return len(self._index_of)

    def __contains__(self, content_hash: object) -> bool:
        return content_hash in self._index_of

    @property
    def hashes(self) -> set[str]:
        """The clips that can be found."""
        with self._lock:
            return set(self._index_of)

    def add(self, content_hash: str, vectors: NDArray[np.float32], start_seconds: NDArray[np.float64]) -> None:
        """Adds a clip that is not there yet.

        Args:
            content_hash: by which it is known.
            vectors: (1 + S, D), the whole clip's first.
            start_seconds: (S,), where its segments start.
        """
        with self._lock:
            self._append(content_hash, vectors, np.append(0.0, start_seconds))

    def _append(self, content_hash: str, vectors: NDArray[np.float32], starts: NDArray[np.float64]) -> None:
        self._first_row.append(np.array([self._vectors.count]))
        self._vectors.append(vectors)
        self._starts.append(starts)
        self._alive.append(np.array([True]))
        self._index_of[content_hash] = len(self._hashes)
        self._hashes.append(content_hash)

    def remove(self, content_hash: str) -> None:
        """Removes a clip, if it is there. Once most rows belong to removed clips, their memory is given back."""
        with self._lock:
            index = self._index_of.pop(content_hash, None)
            if index is None:
                return
            self._alive.view[index] = False
            ends = np.append(self._first_row.view[1:], self._vectors.count)
            self._dead_rows += int(ends[index] - self._first_row.view[index])
            if self._dead_rows > max(_MIN_DEAD_ROWS, self._vectors.count // 2):
                self._compact(ends)

    def _compact(self, ends: NDArray[np.int64]) -> None:
        vectors, starts, first = self._vectors.view, self._starts.view, self._first_row.view
        living = [(name, slice(first[index], ends[index])) for name, index in self._index_of.items()]
        self._reset(self._vectors.count - self._dead_rows)
        for name, rows in living:
            self._append(name, vectors[rows], starts[rows])

    def rank(self, vector: NDArray[np.float32], limit: int) -> list[Ranked]:
        """The `limit` clips with the best scores for a unit vector (D,), best first."""
        with self._lock:
            vectors, starts, first = self._vectors.view, self._starts.view, self._first_row.view
            alive, hashes = self._alive.view, self._hashes
        if not len(first):
            return []
        similar = vectors @ vector  # (rows,)
        bounds = np.stack([first, first + 1], axis=1).reshape(-1)
        best = np.maximum.reduceat(similar, bounds)  # whole a, best of a's segments, whole b, ..
        scores = np.where(alive, combine(best[0::2], best[1::2]), -np.inf)
        limit = min(limit, len(scores))
        chosen = np.argpartition(-scores, limit - 1)[:limit] if limit < len(scores) else np.arange(limit)
        found = []
        for index in chosen[np.isfinite(scores[chosen])].tolist():
            start = first[index]
            end = first[index + 1] if index + 1 < len(first) else len(vectors)
            segment = start + 1 + int(similar[start + 1 : end].argmax())
            found.append(Ranked(hashes[index], float(scores[index]), float(starts[segment]), vectors[start]))
        return sort_ranked(found)
