"""Who has the page open, and which files are theirs: kept while they are here, deleted some minutes after they left.

Gradio's `delete_cache` looks only at a file's age, so it would delete the clip of a visitor who stays. Here a file is
deleted when no visitor claims it and it has been there for a while:

    upload --- claimed by the visitor's page ----------- visitor leaves --- grace --- deleted
    upload --- never claimed (an HTTP caller's) --- unclaimed ------------------------ deleted

The server notices when a page's connection breaks, but a phone breaks it whenever its owner looks at another app. Hence
the grace period: those who come back in time find everything as it was. It knows paths and times, and no Gradio.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_SCARCE_BYTES = 64 * 1024 * 1024
SCARCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept.

    Attributes:
        grace_seconds: After a visitor's last sign of life, if the page is closed.
        unclaimed_seconds: After a file was written that nobody has claimed; its sender may be waiting in the queue.
        unfinished_seconds: After the last byte of an upload that broke off.
        max_idle_seconds: After a visitor's last sign of life, if the page is still open.
        sweep_seconds: Between two sweeps.
    """

    grace_seconds: float = 180
    unclaimed_seconds: float = 600
    unfinished_seconds: float = 600
    max_idle_seconds: float = 7200
    sweep_seconds: float = 30


@dataclass(slots=True)
class _Visit:
    """One session. `claims` are its files by their purpose, such as "clip"."""

    seen: float
    has_page: bool = False
    claims: dict[str, frozenset[Path]] = field(default_factory=dict)


class Visits:
    """The visitors, and the files that they claim. Safe to use from several threads.

    Args:
        cache: Gradio's folder of uploads and results; files outside it are never deleted.
        retention: How long things are kept.
    """

    def __init__(self, cache: Path, retention: Retention) -> None:
        self.retention = retention
        self.cache = cache.resolve()
        self._lock = threading.Lock()
        self._visits: dict[str, _Visit] = {}
        self._known: set[Path] = set()
        self._left: set[Path] = set()  # the files of visits that are over

    def arrive(self, session: str) -> None:
        """A page was opened."""
        with self._lock:
            self._visit(session).has_page = True

    def leave(self, session: str) -> None:
        """The page was closed, or its connection broke."""
        with self._lock:
            if session in self._visits:
                self._visit(session).has_page = False

    def claim(self, session: str, purpose: str, paths: Iterable[str | Path]) -> None:
        """The visitor uses these files; those that had the same purpose before are released."""
        wanted = frozenset(path for path in (Path(one).resolve() for one in paths) if path.is_relative_to(self.cache))
        with self._lock:
            claims = self._visit(session).claims
            for path in claims.get(purpose, frozenset()) - wanted:
                _touch(path)  # it may still be playing, so its time begins anew
            claims[purpose] = wanted
            self._known |= wanted

    def new_paths(self, session: str, purpose: str, *names: str) -> list[Path]:
        """Paths for files that will be made for the visitor, in a new folder with a random name."""
        self.cache.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=self.cache))
        paths = [folder / name for name in names]
        self.claim(session, purpose, paths)
        return paths

    def files_of(self, session: str) -> tuple[str, ...]:
        """The files that the visitor uses now, made for them or brought by them."""
        with self._lock:
            visit = self._visits.get(session)
            return () if visit is None else tuple(str(path) for paths in visit.claims.values() for path in paths)

    def lend(self, session: str, purpose: str, path: Path) -> Path:
        """The visitor's own copy of a file that may be deleted, or that the server does not show where it lies."""
        (copy,) = self.new_paths(session, purpose, path.name)
        try:
            os.link(path, copy)
        except OSError:  # another file system
            shutil.copyfile(path, copy)
        return copy

    def end(self) -> tuple[str, ...]:
        """Ends the visits whose time is up, drops their claims, and returns their sessions."""
        now = time.monotonic()
        with self._lock:
            over = tuple(session for session, visit in self._visits.items() if now - visit.seen > self._patience(visit))
            for session in over:
                self._left.update(*self._visits.pop(session).claims.values())
        return over

    def is_here(self, session: str) -> bool:
        """Whether this visit has begun and is not over."""
        with self._lock:
            return session in self._visits

    def has_page(self, session: str) -> bool:
        """Whether this visitor's page is open."""
        with self._lock:
            visit = self._visits.get(session)
            return visit is not None and visit.has_page

    def delete(self, others: Iterable[str], *, at_once: bool = False) -> set[str]:
        """Deletes files that nobody claims and that have been there for a while.

        Args:
            others: Files that were never claimed: those that Gradio knows of.
            at_once: Delete all known files, claimed or not, because the server shuts down.

        Returns:
            Those of `others` that no longer exist.
        """
        resolved = {other: Path(other).resolve() for other in others}
        with self._lock:
            claims = (claim for visit in self._visits.values() for claim in visit.claims.values())
            claimed: set[Path] = set() if at_once else set().union(*claims)
            known = self._known | {path for path in resolved.values() if path.is_relative_to(self.cache)}
            left = self._left - claimed
        soon, late = (0.0, 0.0) if at_once else (self.retention.grace_seconds, self.retention.unclaimed_seconds)
        due = {path for path in known - claimed if _is_older(path, soon if path in left else late)}
        due |= {path for path in self._unfinished() if _is_older(path, self._unfinished_seconds())}
        gone = {path for path in due if _unlink(path, self.cache)}
        with self._lock:
            self._known -= gone
            self._left -= gone
        return {other for other, path in resolved.items() if path in gone}

    def _visit(self, session: str) -> _Visit:
        visit = self._visits.setdefault(session, _Visit(0))
        visit.seen = time.monotonic()
        return visit

    def _patience(self, visit: _Visit) -> float:
        return self.retention.max_idle_seconds if visit.has_page else self.retention.grace_seconds

    def _unfinished_seconds(self) -> float:
        """The patience with uploads that broke off; little on a full disk, which they may have filled."""
        try:
            is_full = shutil.disk_usage(self.cache).free < _SCARCE_BYTES
        except OSError:  # there is no folder yet
            return self.retention.unfinished_seconds
        return min(self.retention.unfinished_seconds, SCARCE_SECONDS) if is_full else self.retention.unfinished_seconds

    def _unfinished(self) -> Iterable[Path]:
        """Uploads that broke off: Gradio gave them a name by `tempfile`, and has lost sight of them."""
        return (path for path in self.cache.glob(f"{tempfile.gettempprefix()}????????") if path.is_file())


def _is_older(path: Path, seconds: float) -> bool:
    """Whether the file was last written, moved or touched that many seconds ago; true if it no longer exists."""
    try:
        return time.time() - path.lstat().st_ctime >= seconds
    except OSError:
        return True


def _touch(path: Path) -> None:
    with suppress(OSError):  # it is gone already
        os.utime(path)


def _unlink(path: Path, cache: Path) -> bool:
    """Deletes a file in the cache, and its folder if it is empty then; returns whether the file is gone."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    if path.parent != cache:
        with suppress(OSError):  # there are other files in it
            path.parent.rmdir()
    return True
