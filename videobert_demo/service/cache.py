"""A bounded memory of results: the least recently used goes first. It does not know what it keeps."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """Keeps the values that were used last. Safe to use from several threads.

    Args:
        max_entries: how many values are kept at most; 0 keeps none.

    Raises:
        ValueError: `max_entries` is negative.
    """

    def __init__(self, max_entries: int) -> None:
        if max_entries < 0:
            raise ValueError(f"max_entries must be 0 or more, got {max_entries}")
        self._max_entries = max_entries
        self._entries: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        with self._lock:
            return len(self._entries)

    def get(self, key: K) -> V | None:
        """The value of this key, which is now the most recently used one; None if there is none."""
        with self._lock:
            if key not in self._entries:
                return None
            self._entries.move_to_end(key)
            return self._entries[key]

    def put(self, key: K, value: V) -> None:
        """Keeps a value as the most recently used one, and drops the least recently used ones above the bound."""
        with self._lock:
            self._entries[key] = value
            self._entries.move_to_end(key)
            while len(self._entries) > self._max_entries:
                self._entries.popitem(last=False)

    def get_or_make(self, key: K, make: Callable[[], V]) -> V:
        """The value of this key; if there is none, it is made and kept.

        Nobody waits while a value is made: two threads that miss the same key at once both make it. An error of `make`
        is raised, and nothing is kept.
        """
        known = self.get(key)
        if known is None:
            known = make()
            self.put(key, known)
        return known
