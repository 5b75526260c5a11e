"""Films on one's own disk: they may be larger and longer than a stranger's, and whoever waits sees how far the work is.

Knows limits and the terminal; does not know what is asked of a film.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from videobert_demo.service.scenes_progress import ScenesProgress
    from videobert_demo.service.service import VideoBertService
    from videobert_demo.settings import Settings

MAX_BYTES = 2**40
MAX_SECONDS = 24 * 3600.0


def lift_limits(settings: Settings) -> Settings:
    """Settings under which a film may have a terabyte, and last a day."""
    return replace(
        settings, max_bytes=max(settings.max_bytes, MAX_BYTES), max_seconds=max(settings.max_seconds, MAX_SECONDS)
    )


def look_at(service: VideoBertService, *files: str) -> None:
    """Sees films from moment to moment, and shows how far that is; what is asked of them then is answered at once."""
    for file in files:
        show, started = _line(), time.perf_counter()
        if show is None:
            continue

        def told(share: float, show: Callable[[str, float, float | None], None] = show, since: float = started) -> None:
            spent = time.perf_counter() - since
            show("looking", share, spent * (1 / share - 1) if share > 0 else None)

        service.content(file, on_progress=told)


def progress_line() -> Callable[[ScenesProgress], None] | None:
    """Shows how far the search for scenes is, where a person looks at standard error."""
    show = _line()
    return None if show is None else lambda progress: show(progress.step, progress.share, progress.seconds_left)


def _line() -> Callable[[str, float, float | None], None] | None:
    """Writes one line over and over: what is done, which share, and the seconds that are left; it goes at the end."""
    if not sys.stderr.isatty():
        return None

    def show(step: str, share: float, seconds_left: float | None) -> None:
        left = "" if seconds_left is None else f", {seconds_left:.0f} s left"
        print(f"\r\033[K{step} {share:.0%}{left}", end="", file=sys.stderr, flush=True)
        if share == 1:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    return show
