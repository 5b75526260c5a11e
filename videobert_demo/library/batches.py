"""Collects clips until there are enough for one call of `Library.add_all`. Knows neither clips nor libraries."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
SECONDS = 1.0
"""How long the first of a batch waits for others at most: nobody sees a clip much later than it was ready."""


def in_batches(items: Iterable[Item], most: int) -> Iterator[list[Item]]:
    """Items in lists, in order; each is passed on once it is full, or once its first item has waited for `SECONDS`.

    Whether it has is asked when another item comes.

    Args:
        items: may take their time, and may end with an error: what came before it is passed on first.
        most: how many are passed on together at most, >= 1.
    """
    rest = iter(items)
    waiting: list[Item] = []
    since = 0.0
    while True:
        try:
            item = next(rest)
        except StopIteration:
            break
        except BaseException:  # ctrl-C too: what was worked out is not lost
            if waiting:
                yield waiting
            raise
        if not waiting:
            since = time.monotonic()
        waiting.append(item)
        if len(waiting) >= most or time.monotonic() - since >= SECONDS:
            yield waiting
            waiting = []
    if waiting:
        yield waiting
