"""Runs work that reports its steps, and gives each step to whoever iterates, as soon as it begins.

    the caller's thread     next() ----------> "reading" -> next() ---> "looking" -> next() --> the result
    a thread of its own        work(report): report("reading") ... report("looking") ... return

Whoever stops iterating stops the work at its next report. It does not know what the work is.
"""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """The last thing that comes: what the work returned."""

    result: Result


class AbandonedError(BaseException):
    """Raised in the work at its next report when nobody waits for it any more. No handler of errors may hold it up."""


def in_steps(work: Callable[[Callable[[str], None]], Result]) -> Generator[str | Done[Result], None, None]:
    """The names of the steps as they begin, then what the work returned.

    Args:
        work: Takes a function that it calls with the name of each step.

    Raises:
        Exception: Whatever the work raises.
    """
    happened: queue.SimpleQueue[str | Future[Result]] = queue.SimpleQueue()
    is_stopped = threading.Event()

    def report(step: str) -> None:
        if is_stopped.is_set():
            raise AbandonedError
        happened.put(step)

    executor = ThreadPoolExecutor(max_workers=1)
    # The context goes along: on ZeroGPU it says for whom the GPU is asked.
    executor.submit(contextvars.copy_context().run, work, report).add_done_callback(happened.put)
    try:
        while isinstance(one := happened.get(), str):
            yield one
        yield Done(one.result())
    finally:
        is_stopped.set()
        executor.shutdown(wait=False)
