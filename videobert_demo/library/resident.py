"""All vectors of a library in one float32 matrix in memory, searched exactly: among all clips, or among some.

Knows arrays; knows no files. Any thread may search while another one adds: a search works on the rows that were there
when it began, because new rows are only ever written behind them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
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
        self._numbers = _Rows((16,), np.int64)
        self._index_at: dict[int, int] = {}
        self._hashes: list[str] = []
        self._index_of: dict[str, int] = {}
        self._dead_rows = 0

    def __len__(self) -> int:
        return len(self._index_of)

    @property
    def vectors(self) -> int:
        """How many vectors its clips have."""
        with self._lock:
            return self._vectors.count - self._dead_rows

    def __contains__(self, content_hash: object) -> bool:
        return content_hash in self._index_of

    @property
    def hashes(self) -> set[str]:
        """The clips that can be found."""
        with self._lock:
            return set(self._index_of)

    def add(
        self, content_hash: str, vectors: NDArray[np.float32], start_seconds: NDArray[np.float64], number: int = 0
    ) -> None:
        """Adds a clip that is not there yet.

        Args:
            content_hash: by which it is known.
            vectors: (1 + S, D), the whole clip's first.
            start_seconds: (S,), where its segments start.
            number: a higher one than those of all clips that were stored before, for `rank` among some.
        """
        with self._lock:
            self._append(content_hash, vectors, np.append(0.0, start_seconds), number)

    def _append(
        self, content_hash: str, vectors: NDArray[np.float32], starts: NDArray[np.float64], number: int
    ) -> None:
        self._index_at[number] = len(self._hashes)
        self._numbers.append(np.array([number]))
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
            self._index_at.pop(int(self._numbers.view[index]), None)
            ends = np.append(self._first_row.view[1:], self._vectors.count)
            self._dead_rows += int(ends[index] - self._first_row.view[index])
            if self._dead_rows > max(_MIN_DEAD_ROWS, self._vectors.count // 2):
                self._compact(ends)

    def _compact(self, ends: NDArray[np.int64]) -> None:
        vectors, starts, first = self._vectors.view, self._starts.view, self._first_row.view
        numbers = self._numbers.view
        living = [
            (name, slice(first[index], ends[index]), int(numbers[index])) for name, index in self._index_of.items()
        ]
        self._reset(self._vectors.count - self._dead_rows)
        for name, rows, number in living:
            self._append(name, vectors[rows], starts[rows], number)

    def count_among(self, numbers: NDArray[np.int64]) -> int:
        """How many clips that can be found have one of these numbers, each of which is given once."""
        with self._lock:
            return sum(number in self._index_at for number in numbers.tolist())

    def count_after(self, number: int) -> int:
        """How many clips that can be found have a higher number."""
        with self._lock:
            return int((self._alive.view & (self._numbers.view > number)).sum())

    def blocks(self, clips: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]]:
        """All clips that can be found, in blocks of at most so many.

        Yields:
            numbers (n,), vectors of all of them (rows, D), and the row at which each clip's begin (n,).
        """
        with self._lock:
            vectors, first, numbers = self._vectors.view, self._first_row.view, self._numbers.view
            living = np.flatnonzero(self._alive.view)
        ends = np.append(first[1:], len(vectors))
        for start in range(0, len(living), clips):
            some = living[start : start + clips]
            rows, begins = _rows_of(first[some], ends[some])
            yield numbers[some], vectors[rows], begins

    def draw(self, random: np.random.Generator, count: int) -> NDArray[np.float32]:
        """Whole-clip vectors (count, D) of clips that can be found, drawn evenly; there must be one."""
        with self._lock:
            vectors, first = self._vectors.view, self._first_row.view
            living = np.flatnonzero(self._alive.view)
        return np.asarray(vectors[first[random.choice(living, count)]])

    def rank(
        self, vector: NDArray[np.float32], limit: int, among: NDArray[np.int64] | None = None, after: int = -1
    ) -> list[Ranked]:
        """The clips with the best scores, best first.

        Args:
            vector: a unit vector (D,).
            limit: how many at most.
            among: only clips with these numbers, and those with higher ones than `after`; None for all.
            after: a number; clips that were stored since are compared one and all.
        """
        with self._lock:
            vectors, starts, first = self._vectors.view, self._starts.view, self._first_row.view
            alive, hashes, numbers = self._alive.view, self._hashes, self._numbers.view
            asked = [] if among is None else [self._index_at[one] for one in among.tolist() if one in self._index_at]
        if not len(first):
            return []
        ends = np.append(first[1:], len(vectors))
        newer = 0 if among is None else _first_above(numbers, after)
        few = np.unique(np.array([index for index in asked if index < newer], dtype=np.int64))
        rows, begins = _rows_of(first[few], ends[few])
        offset = first[newer] if newer < len(first) else len(vectors)
        scores = np.append(
            _score(vectors[rows], begins, vector), _score(vectors[offset:], first[newer:] - offset, vector)
        )
        compared = np.concatenate([few, np.arange(newer, len(first))])
        scores = np.where(alive[compared], scores, -np.inf)
        limit = min(limit, len(scores))
        chosen = np.argpartition(-scores, limit - 1)[:limit] if limit < len(scores) else np.arange(limit)
        found = []
        for place in chosen[np.isfinite(scores[chosen])].tolist():
            index = compared[place]
            start, end = first[index], ends[index]
            segment = start + 1 + int((vectors[start + 1 : end] @ vector).argmax())
            found.append(Ranked(hashes[index], float(scores[place]), float(starts[segment]), vectors[start]))
        return sort_ranked(found)


def _first_above(numbers: NDArray[np.int64], after: int) -> int:
    """The place of the first number that is higher; their count if none is."""
    higher = numbers > after
    place = int(higher.argmax())
    return place if higher[place] else len(numbers)


def _rows_of(first: NDArray[np.int64], ends: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Clips' rows [first, end), (n,) each -> all these rows (r,), and where each clip's begin among them (n,)."""
    counts = ends - first
    begins = np.cumsum(counts) - counts
    return np.repeat(first - begins, counts) + np.arange(counts.sum()), begins


def _score(vectors: NDArray[np.float32], first: NDArray[np.int64], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows (r, D) of clips, each beginning at `first` (n,) -> the clips' scores (n,)."""
    if not len(first):
        return np.empty(0, np.float32)
    bounds = np.stack([first, first + 1], axis=1).reshape(-1)
    best = np.maximum.reduceat(vectors @ vector, bounds)  # whole a, best of a's segments, whole b, ..
    return combine(best[0::2], best[1::2])
