"""Tells a damaged SQLite file from other trouble, and sets it aside. Knows files; knows nothing about clips."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

_PARTS = ("", "-wal", "-shm")


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite found that a file is no database, or not a whole one."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def set_aside(database: Path, close: Callable[[], None]) -> Path:
    """Keeps a damaged database, and what SQLite has beside it, as they are, and makes room for a new one.

    They are copied before the connection is closed: closing it, SQLite would write its log into the damaged file.

    Args:
        database: its path.
        close: closes this process's connection.

    Returns:
        The copy's path, which was free: the old one with ".damaged-1" or a higher number.

    Raises:
        OSError: there is no room for the copy; then nothing was removed.
    """
    targets = (database.with_name(f"{database.name}.damaged-{number}") for number in itertools.count(1))
    target = next(path for path in targets if not path.exists())
    parts = [(database.with_name(database.name + end), target.with_name(target.name + end)) for end in _PARTS]
    for part, copy in parts:
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(part, copy)
    close()
    for part, _ in parts:
        part.unlink(missing_ok=True)
    return target
