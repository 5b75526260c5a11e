"""The model in processes of its own, so that calls run side by side where threads would take turns in one interpreter.

    thread --- function, arguments ---pickled---> a free process: function(loaded, arguments) ---pickled---> result

Every process loads the checkpoint itself and has its share of the cores. A process that is killed is replaced, and its
call is made once more. Knows a checkpoint's name and functions of `LoadedModel`: no clips, no visitors.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

import psutil

from videobert_demo.errors import CheckpointError
from videobert_demo.model.loading import LoadedModel, load_checkpoint

_LOG = logging.getLogger(__name__)
PROCESS_BYTES = 450 * 2**20
"""What a process takes beside the weights: Python, PyTorch, and what a batch of clips needs; measured with VmRSS."""
WEIGHT_COPIES = 2
"""The weights themselves, and for a moment what they are read from."""


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """What each process does when it starts.

    Attributes:
        checkpoint, revision, int8: as `load_checkpoint` takes them.
        count: how many processes there are.
        threads: of each.
    """

    checkpoint: str
    revision: str | None
    int8: bool | None
    count: int
    threads: int


def plan_workers(
    loaded: LoadedModel, checkpoint: str, revision: str | None, int8: bool | None, wanted: int
) -> WorkerPlan:
    """As many processes as are wanted and memory allows; at least one.

    Args:
        loaded: the checkpoint, loaded.
        wanted: how many processes are wanted; 1 or more.
    """
    size = sum(value.numel() * value.element_size() for value in loaded.model.parameters())
    room = psutil.virtual_memory().available // (PROCESS_BYTES + WEIGHT_COPIES * size)
    count = max(1, min(wanted, int(room)))
    if count < wanted:
        _LOG.warning("memory is free for %d model processes, not for %d", count, wanted)
    return WorkerPlan(checkpoint, revision, int8, count, max(1, (os.cpu_count() or 1) // count))


class Workers:
    """Calls functions of the loaded model in other processes. Safe to use from any number of threads.

    Args:
        plan: how many there are, and of which checkpoint.
    """

    def __init__(self, plan: WorkerPlan) -> None:
        self.plan = plan
        self._lock = threading.Lock()
        self._pool = self._start()

    def call(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        """`function(loaded, *given, **named)`; function, arguments and result are such as can be pickled.

        Raises:
            CheckpointError: two processes in a row ended while they worked on it.
            Exception: what the function raises.
        """
        pool = self._pool
        try:
            return pool.submit(_call, function, given, named).result()
        except BrokenProcessPool:
            _LOG.warning("a model process ended; it is replaced")
        pool = self._replace(pool)
        try:
            return pool.submit(_call, function, given, named).result()
        except BrokenProcessPool as error:
            self._replace(pool)
            raise CheckpointError(
                "The process that had the model ended in the middle of this; there may be too little memory for it."
            ) from error

    def close(self) -> None:
        """Ends the processes; what they are at is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(
            self.plan.count,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(self.plan,),
        )
        for _ in range(self.plan.count):  # they start at once, not with the first calls
            pool.submit(os.getpid)
        return pool

    def _replace(self, broken: ProcessPoolExecutor) -> ProcessPoolExecutor:
        """New processes, unless another thread has already started some."""
        with self._lock:
            if self._pool is broken:
                broken.shutdown(wait=False, cancel_futures=True)
                self._pool = self._start()
            return self._pool


_loaded: list[LoadedModel] = []
"""The model of a worker process."""


def _begin(plan: WorkerPlan) -> None:
    """Runs first in every process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its workers
    threading.Thread(target=_end_with_server, name="end with the server", daemon=True).start()

    import torch

    torch.set_num_threads(plan.threads)
    _loaded.append(load_checkpoint(plan.checkpoint, plan.revision, int8=plan.int8))


def _end_with_server() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _call(function: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    return function(_loaded[0], *given, **named)
