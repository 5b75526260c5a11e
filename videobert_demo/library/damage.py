"""Tells a damaged SQLite file from other trouble, and sets it aside. Knows files; knows nothing about clips."""

from __future__ import annotations

import itertools
import sqlite3
from pathlib import Path


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite found that a file is no database, or not a whole one."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def set_aside(database: Path) -> Path:
    """Renames a database and what SQLite keeps beside it, so that a new one can be made and nothing is overwritten.

    Returns:
        Its new path, which was free: the old one with ".damaged-1" or a higher number.

    Raises:
        OSError: it cannot be renamed.
    """
    targets = (database.with_name(f"{database.name}.damaged-{number}") for number in itertools.count(1))
    target = next(path for path in targets if not path.exists())
    for suffix in ("", "-wal", "-shm"):
        part = database.with_name(database.name + suffix)
        if part.exists():
            part.rename(target.with_name(target.name + suffix))
    return target
