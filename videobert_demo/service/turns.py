"""Who may use the model when: a few calls at once, and calls of one task that wait together run together.

    visitor 1  caption --+                                    +--> his captions
    visitor 2  caption --+--> caption_clips, one batch of 3 --+--> hers
    visitor 3  caption --+                                    +--> theirs

Whoever comes first leads: in the caller's own thread the leader waits for a turn, takes along those who have come by
then, and hands each their own result. While a batch is at work the next one gathers. A visitor who is alone never
waits. Knows neither tasks nor clips.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from videobert_demo.model.loading import LoadedModel, ModelCall

P = ParamSpec("P")
R = TypeVar("R")
RowType = TypeVar("RowType", covariant=True)
AT_ONCE = 2
"""How many calls of the model run at the same time."""
MOST_TOGETHER = 16
PATIENCE_SECONDS = 0.003
"""How long a leader waits for company where others are at work."""


class Rows(Protocol[RowType]):
    """One result for each caller: a list, or a tensor with a row for each."""

    def __getitem__(self, index: int, /) -> RowType:
        """The result of caller number `index`."""

    def __len__(self) -> int:
        """How many there are."""


class _Request:
    """What one caller wants; `leads` says that this caller runs the next batch."""

    def __init__(self, parts: tuple[Any, ...]) -> None:
        self.parts, self.leads, self.is_done = parts, False, False
        self.result: Any = None
        self.error: Exception | None = None
        self.woken = threading.Event()


class Turns:
    """Safe to use from any number of threads.

    Args:
        call_model: what `bind` returns.
        at_once: how many calls may run at the same time.
        most: how many callers share a call at most.
        patience_seconds: how long a leader waits for company where others are at work.
    """

    def __init__(
        self,
        call_model: ModelCall,
        *,
        at_once: int = AT_ONCE,
        most: int = MOST_TOGETHER,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._call_model, self._most, self._patience = call_model, most, patience_seconds
        self._slots = threading.Semaphore(at_once)
        self._lock = threading.Lock()
        self._inside = 0
        self._waiting: dict[Hashable, deque[_Request]] = {}  # by task; the first one leads

    def alone(self, function: Callable[Concatenate[LoadedModel, P], R], /, *given: P.args, **named: P.kwargs) -> R:
        """`function(loaded, *given, **named)`, when there is a turn."""
        with self._counted(), self._slots:
            return self._call_model(function, *given, **named)

    def together(self, function: Callable[..., Rows[R]], /, *parts: Any, **named: Hashable) -> R:
        """`function(loaded, [part], ..., **named)[0]`, perhaps in one call with those of other threads.

        Args:
            function: takes B of each part, and returns B results, each of which depends on its own parts alone.
            parts: of this caller.
            named: callers with the same ones share a call.

        Raises:
            Exception: what the function raises for these parts. Where it raises for several callers together, it is
                called for each of them by itself.
        """
        task = (function, tuple(sorted(named.items())))
        request = _Request(parts)
        with self._counted():
            self._join(task, request)
            try:
                if not request.leads:
                    request.woken.wait()
                if request.leads:
                    self._lead(task, request, named)
            finally:
                self._leave(task, request)
        if request.error is not None:
            raise request.error
        result: R = request.result
        return result

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Counts a caller who is inside."""
        with self._lock:
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1

    def _join(self, task: Hashable, request: _Request) -> None:
        with self._lock:
            waiting = self._waiting.get(task)
            if waiting is None:
                waiting = self._waiting[task] = deque()
                request.leads = True
            waiting.append(request)

    def _lead(self, task: tuple[Callable[..., Any], Any], request: _Request, named: dict[str, Hashable]) -> None:
        """Runs one batch, the leader's own request first."""
        if self._inside > 1:
            time.sleep(self._patience)
        batch: list[_Request] = []
        try:
            with self._slots:
                with self._lock:
                    waiting = self._waiting[task]
                    batch = [waiting.popleft() for _ in range(min(self._most, len(waiting)))]
                self._run(task[0], batch, named)
        finally:
            with self._lock:  # if the leader was interrupted, the others wait for the next one
                undone = [one for one in batch if not one.is_done and one is not request]
                self._waiting[task].extendleft(reversed(undone))
            for one in batch:
                if one.is_done:
                    one.woken.set()

    def _run(self, function: Callable[..., Any], batch: Sequence[_Request], named: dict[str, Hashable]) -> None:
        columns = [list(column) for column in zip(*(one.parts for one in batch), strict=True)]
        try:
            results = self._call_model(function, *columns, **named)
        except Exception as error:  # noqa: BLE001  whatever it is, it belongs to whoever asked
            if len(batch) > 1:
                for one in batch:
                    self._run(function, [one], named)
                return
            batch[0].error = error
        else:
            for number, one in enumerate(batch):
                one.result = results[number]
        for one in batch:
            one.is_done = True

    def _leave(self, task: Hashable, request: _Request) -> None:
        """Takes the request out, wherever its caller was interrupted; the next one in the row leads."""
        with self._lock:
            waiting = self._waiting.get(task)
            if waiting is None:
                return
            if request in waiting:
                waiting.remove(request)
            if not request.leads:
                return
            if waiting:
                waiting[0].leads = True
                waiting[0].woken.set()
            else:
                del self._waiting[task]
