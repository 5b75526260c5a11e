"""Sees clips from moment to moment for whoever waits: how far that is, and an end as soon as nobody waits any more.

    look: progress, progress, ...   what is asked then has its answer at once
    Cancel, or the page is gone ---^ the work stops

It knows clips and their share that was seen. It does not know what is asked, and what the page shows.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.page.pace import Progress

_SECONDS_BETWEEN_LOOKS = 0.5
_PATIENCE_SECONDS = 1.0
"""Who waits no longer than this sees no bar that changes."""


def look(service: VideoBertService, paths: Sequence[str]) -> Iterator[Progress]:
    """Where the work stands, twice a second, until the clips are seen or nobody asks for more.

    What is wrong with a clip is told by what is asked of it next, not here.
    """
    stop, shares, started = threading.Event(), [0.0] * len(paths), time.monotonic()

    def see(index: int) -> None:
        def note(share: float) -> None:
            shares[index] = share

        service.content(paths[index], on_progress=note, is_cancelled=stop.is_set)
        shares[index] = 1.0

    def work() -> None:
        for index in range(len(paths)):
            see(index)

    with ThreadPoolExecutor(1, "looking") as pool:
        working = pool.submit(copy_context().run, work)
        try:
            while not wait([working], _SECONDS_BETWEEN_LOOKS).done:
                spent, done = time.monotonic() - started, sum(shares) / len(shares)
                if spent > _PATIENCE_SECONDS and done > 0:
                    yield Progress(done, 1 - done, spent * (1 / done - 1), 0.0)
        finally:
            stop.set()
    error = working.exception()
    if error is not None and not isinstance(error, VideoBertDemoError):
        raise error
