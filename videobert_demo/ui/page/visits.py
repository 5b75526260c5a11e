"""Who has the page open, and which files are theirs: claimed while they are here, deleted some minutes after they left.

Gradio's `delete_cache` looks at a file's age only, so it would take the clip of a visitor who stays. Here a file goes
when nobody who is here claims it and it has been lying for a while:

    upload --- claimed by the visitor's page ----------- visitor leaves --- grace --- deleted
    upload --- never claimed (an HTTP caller's) --- unclaimed ------------------------ deleted

A visitor's page is a connection that tells when it breaks; a telephone breaks it whenever another app is looked at.
Therefore the grace: who comes back within it finds everything as it was. It knows paths and times, and no Gradio.
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


@dataclass(frozen=True, slots=True)
class Keeping:
    """For how long things are kept.

    Attributes:
        grace_seconds: After a visitor's last sign of life, when the page is closed.
        unclaimed_seconds: After a file was written, when nobody ever claimed it; its sender may wait in the queue.
        unfinished_seconds: After the last byte of an upload that did not reach its end.
        longest_seconds: After a visitor's last sign of life, when the page is still open.
        sweep_seconds: Between two looks at what can go.
    """

    grace_seconds: float = 180
    unclaimed_seconds: float = 600
    unfinished_seconds: float = 600
    longest_seconds: float = 7200
    sweep_seconds: float = 30


@dataclass(slots=True)
class _Visit:
    """One session. `claims` are files by what they are for, such as "clip"."""

    seen: float
    has_page: bool = False
    claims: dict[str, frozenset[Path]] = field(default_factory=dict)


class Visits:
    """See the module. Safe to use from several threads.

    Args:
        cache: Gradio's folder of uploads and results; files outside of it are nobody's.
        keeping: For how long things are kept.
    """

    def __init__(self, cache: Path, keeping: Keeping) -> None:
        self.keeping = keeping
        self._cache = cache.resolve()
        self._lock = threading.Lock()
        self._visits: dict[str, _Visit] = {}
        self._known: set[Path] = set()
        self._left: set[Path] = set()  # by visits that are over

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
        """The visitor works on these files; those that were for this purpose before are let go."""
        wanted = frozenset(path for path in (Path(one).resolve() for one in paths) if path.is_relative_to(self._cache))
        with self._lock:
            claims = self._visit(session).claims
            for path in claims.get(purpose, frozenset()) - wanted:
                _touch(path)  # what still plays somewhere gets its time
            claims[purpose] = wanted
            self._known |= wanted

    def place(self, session: str, purpose: str, *names: str) -> list[Path]:
        """Paths of files that will be made for the visitor, in a new folder of the cache with a name by chance."""
        self._cache.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=self._cache))
        paths = [folder / name for name in names]
        self.claim(session, purpose, paths)
        return paths

    def lend(self, session: str, purpose: str, path: Path) -> Path:
        """A copy of a file that may go, or must not be seen, where it is; the copy is the visitor's."""
        (copy,) = self.place(session, purpose, path.name)
        try:
            os.link(path, copy)
        except OSError:  # another file system
            shutil.copyfile(path, copy)
        return copy

    def end(self) -> tuple[str, ...]:
        """The sessions that are over now; their claims are dropped."""
        now = time.monotonic()
        with self._lock:
            over = tuple(session for session, visit in self._visits.items() if now - visit.seen > self._patience(visit))
            for session in over:
                self._left.update(*self._visits.pop(session).claims.values())
        return over

    def is_here(self, session: str) -> bool:
        """Is this a visit that is not over?"""
        with self._lock:
            return session in self._visits

    def delete(self, others: Iterable[str], *, at_once: bool = False) -> set[str]:
        """Deletes what nobody claims and has been lying for a while.

        Args:
            others: Files in the cache beside those that were claimed once: what Gradio knows of.
            at_once: Delete what is known, claimed or not, because the server goes.

        Returns:
            Those of `others` that are not there any more.
        """
        places = {other: Path(other).resolve() for other in others}
        with self._lock:
            claims = (claim for visit in self._visits.values() for claim in visit.claims.values())
            claimed: set[Path] = set() if at_once else set().union(*claims)
            known = self._known | {path for path in places.values() if path.is_relative_to(self._cache)}
            left = self._left - claimed
        soon, late = (0.0, 0.0) if at_once else (self.keeping.grace_seconds, self.keeping.unclaimed_seconds)
        due = {path for path in known - claimed if _is_older(path, soon if path in left else late)}
        due |= {path for path in self._unfinished() if _is_older(path, self.keeping.unfinished_seconds)}
        gone = {path for path in due if _unlink(path, self._cache)}
        with self._lock:
            self._known -= gone
            self._left -= gone
        return {other for other, path in places.items() if path in gone}

    def _visit(self, session: str) -> _Visit:
        visit = self._visits.setdefault(session, _Visit(0))
        visit.seen = time.monotonic()
        return visit

    def _patience(self, visit: _Visit) -> float:
        return self.keeping.longest_seconds if visit.has_page else self.keeping.grace_seconds

    def _unfinished(self) -> Iterable[Path]:
        """Uploads that broke off: Gradio wrote them under a name of `tempfile`, and knows nothing of them now."""
        return (path for path in self._cache.glob(f"{tempfile.gettempprefix()}????????") if path.is_file())


def _is_older(path: Path, seconds: float) -> bool:
    """Was it written, moved or touched before so many seconds? It was if it is gone already."""
    try:
        return time.time() - path.lstat().st_ctime >= seconds
    except OSError:
        return True


def _touch(path: Path) -> None:
    with suppress(OSError):  # it is gone already
        os.utime(path)


def _unlink(path: Path, cache: Path) -> bool:
    """Deletes a file in the cache, and its folder if that is empty now; says whether the file is gone."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    if path.parent != cache:
        with suppress(OSError):  # others lie in it
            path.parent.rmdir()
    return True
