"""A folder of its own for each server's uploads and results, and the end of those that killed servers left behind.

    the base
        videobert-x1y2.lock     locked by the server as long as its process lives, however it ends
        videobert-x1y2/         Gradio's cache of this server, readable by its user only

The next server that starts takes each lock that it can get: nobody holds it, so the folder beside it is nobody's. It
knows files and locks, and nothing of Gradio. Where there are no such locks (Windows), what a killed server left stays.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sys
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl

_PREFIX, _LOCK_SUFFIX = "videobert-", ".lock"


class UploadFolder:
    """The folder of one server; made, and locked, by `claim`.

    Attributes:
        path: The folder.
    """

    def __init__(self, path: Path, lock: IO[bytes] | None) -> None:
        self.path = path
        self._lock = lock
        self._process = os.getpid()

    @classmethod
    def claim(cls, base: Path) -> UploadFolder:
        """Makes a folder in the base, and deletes those of servers that are no more.

        Raises:
            OSError: The base cannot be made or written.
        """
        base.mkdir(parents=True, exist_ok=True)
        sweep(base)
        name = _PREFIX + secrets.token_hex(8)
        # The lock has its name only once it is locked, so that no other server takes it for a dead one's.
        young = base / f".{name}"
        lock = None
        if sys.platform != "win32":
            lock = young.open("xb")
            fcntl.flock(lock, fcntl.LOCK_EX)
            young.rename(base / (name + _LOCK_SUFFIX))
        path = base / name
        path.mkdir(mode=0o700)
        return cls(path, lock)

    def release(self) -> None:
        """Deletes the folder and its lock; does nothing in a process that was forked from the server's."""
        if os.getpid() != self._process:
            return
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            self.path.with_name(self.path.name + _LOCK_SUFFIX).unlink(missing_ok=True)
            self._lock.close()


def sweep(base: Path) -> None:
    """Deletes the folders of servers that were killed; what belongs to living ones, or to others, is left alone."""
    if sys.platform == "win32":
        return
    for lock in sorted(base.glob(f"{_PREFIX}*{_LOCK_SUFFIX}")):
        with contextlib.suppress(OSError), lock.open("rb") as file:  # another user's, or locked by its server
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink()
