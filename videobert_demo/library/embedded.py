"""A library in one SQLite file with its vectors also in memory, or in memory alone.

One clip is one row, so a killed process leaves a clip whole or not at all. Several processes may use one folder at
once: each sees the others' changes at its next call. The folder must not lie on a network file system, where SQLite's
write-ahead log does not work.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import LibraryError
from videobert_demo.library.base import Library
from videobert_demo.library.damage import is_damage, set_aside
from videobert_demo.library.kept_files import KeptFiles
from videobert_demo.library.notes import NOTES_TABLE, delete_note, read_note, read_notes, write_note
from videobert_demo.library.ranking import Ranked
from videobert_demo.library.resident import ResidentIndex
from videobert_demo.types import EncodedClip, LibraryEntry

DATABASE = "library.sqlite"
FORMAT = "1"
_BUSY_SECONDS = 60.0
# `number` grows for ever: a number above the last one seen is a clip that another process added.
_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS clips (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    content_hash TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    duration_seconds REAL NOT NULL,
    source TEXT NOT NULL,
    kept INTEGER NOT NULL,
    segments INTEGER NOT NULL,
    segment_seconds BLOB NOT NULL,
    vectors BLOB NOT NULL,
    thumbnail BLOB NOT NULL
);
"""
_SHOWN = "content_hash, title, duration_seconds, thumbnail, source, kept"


class EmbeddedLibrary(Library):
    """A library in a folder or in memory.

    Args:
        folder: where the library is; None keeps it in memory.
        model: fingerprint of the checkpoint.
        dimension: length of the vectors.
        create: whether a library that is missing is made, and a damaged one set aside, when it is opened or later.

    Raises:
        LibraryError: the folder cannot be used, belongs to another checkpoint, holds a damaged library, or none.
    """

    def __init__(self, folder: Path | None, *, model: str, dimension: int, create: bool = True) -> None:
        self._folder, self._creates = folder, create
        self._name = folder.name if folder else "in memory"
        self._files = KeptFiles(folder)
        self._lock = threading.RLock()
        self._closed, self._damage = False, ""
        self._last_number, self._seen_version = 0, -1
        if folder is not None and not create and not (folder / DATABASE).is_file():
            raise LibraryError(
                "There is no library in {name}; check the name, or make one with the command index.", name=folder.name
            )
        with self._readable_errors():
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(
                ":memory:" if folder is None else folder / DATABASE,
                timeout=_BUSY_SECONDS,
                isolation_level=None,  # every statement is a transaction of its own
                check_same_thread=False,  # the lock above takes care of that
            )
            self._inode = self._inode_now()
        try:
            with self._readable_errors():
                self._prepare(model, dimension)
                self._inode = self._inode_now()
                (rows,) = self._database.execute("SELECT COALESCE(SUM(segments + 1), 0) FROM clips").fetchone()
                self._index = ResidentIndex(dimension, max(64, rows))
                self._refresh()
        except LibraryError:
            self._database.close()
            raise

    def _prepare(self, model: str, dimension: int) -> None:
        if self._folder is not None:
            self._use_write_ahead_log()
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript("BEGIN IMMEDIATE;" + _TABLES + NOTES_TABLE + "COMMIT;")
        wanted = {"format": FORMAT, "model": model, "dimension": str(dimension)}
        self._database.executemany("INSERT OR IGNORE INTO facts VALUES (?, ?)", wanted.items())
        found = dict(self._database.execute("SELECT name, value FROM facts"))
        if found != wanted:
            name = self._name
            if found["format"] != FORMAT:
                raise LibraryError(
                    "The library {name} was made by another version; choose another folder and index the clips anew.",
                    name=name,
                )
            raise LibraryError(
                "The library {name} was made with another checkpoint; choose another folder and index the clips anew.",
                name=name,
            )

    def _use_write_ahead_log(self) -> None:
        """Retries by itself: SQLite refuses two connections that switch a new file at once, whatever the timeout."""
        deadline = time.monotonic() + _BUSY_SECONDS
        while self._database.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                self._database.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    @contextmanager
    def _readable_errors(self) -> Iterator[None]:
        if self._damage:
            raise self._damaged_error()
        if self._closed:
            raise LibraryError("The library {name} is closed; open it again.", name=self._name)
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if is_damage(error):
                self._leave_damaged(str(error))
                raise self._damaged_error() from error
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise LibraryError(
                "The library {name} cannot be used ({reason}); check that its folder can be written and has space.",
                name=self._name,
                reason=reason,
            ) from error

    def _damaged_error(self) -> LibraryError:
        return LibraryError(
            "The library {name} is damaged ({reason}); to rebuild it, index the folders of its clips again: "
            "the damaged file is kept beside the new one.",
            name=self._name,
            reason=self._damage,
        )

    def _leave_damaged(self, reason: str) -> None:
        """Stops using a damaged database, and sets it aside, so that the next opening makes a new one.

        One that is only read leaves the file there. If another process was faster, the file is its new one.
        """
        self._damage = reason
        if self._folder is not None and self._creates and self._inode == self._inode_now():
            with suppress(OSError):  # no room: it stays, and the next opening meets it
                set_aside(self._folder / DATABASE, self._database.close)

    def _inode_now(self) -> int | None:
        """The inode of the file at the database's path; None if there is none."""
        try:
            return None if self._folder is None else (self._folder / DATABASE).stat().st_ino
        except OSError:
            return None

    @contextmanager
    def _using(self) -> Iterator[None]:
        """Lets one thread at a time use the database, after taking over what other processes changed."""
        with self._lock, self._readable_errors():
            self._refresh()
            yield

    def _refresh(self) -> None:
        """Takes over what other connections changed since the last call."""
        (version,) = self._database.execute("PRAGMA data_version").fetchone()
        if version == self._seen_version:
            return
        living = {name for (name,) in self._database.execute("SELECT content_hash FROM clips")}
        for content_hash in self._index.hashes - living:
            self._index.remove(content_hash)
        query = "SELECT number, content_hash, segment_seconds, vectors FROM clips WHERE number > ? ORDER BY number"
        for number, content_hash, seconds, vectors in self._database.execute(query, (self._last_number,)):
            self._last_number = number
            if content_hash not in self._index:
                rows = np.frombuffer(vectors, dtype="<f4").reshape(-1, self._index.dimension)
                self._index.add(content_hash, rows, np.frombuffer(seconds, dtype="<f8")[::2], number)
        self._seen_version = version

    def add(self, clip: EncodedClip, *, keep_file: bool = False, replace: bool = False) -> bool:
        """See `Library.add`. A file that cannot be copied is a LibraryError."""
        if clip.vector.shape != (self._index.dimension,):
            raise ValueError(f"this library's vectors have {self._index.dimension} numbers, got {clip.vector.shape}")
        entry, vectors = clip.entry, np.vstack([clip.vector[None], clip.segment_vectors])
        with self._using():
            if entry.content_hash in self._index and not replace:
                return False
            source = self._files.keep(entry) if keep_file else entry.source
            cursor = self._database.execute(
                f"INSERT OR {'REPLACE' if replace else 'IGNORE'} INTO clips"
                f" ({_SHOWN}, segments, segment_seconds, vectors)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    entry.content_hash,
                    entry.title,
                    entry.duration_seconds,
                    entry.thumbnail,
                    json.dumps(source),  # a path may hold bytes that are no Unicode
                    keep_file,
                    len(clip.segment_vectors),
                    clip.segment_seconds.astype("<f8").tobytes(),
                    vectors.astype("<f4").tobytes(),
                ),
            )
            if cursor.rowcount != 1:  # another process was faster; its clip comes with the next refresh
                return False
            self._index.remove(entry.content_hash)
            self._index.add(entry.content_hash, vectors, clip.segment_seconds[:, 0], cursor.lastrowid or 0)
            return True

    def remove(self, content_hashes: Iterable[str]) -> int:
        """See `Library.remove`."""
        removed = 0
        for content_hash in content_hashes:
            with self._using():
                query = "DELETE FROM clips WHERE content_hash = ? RETURNING source, kept"
                rows = self._database.execute(query, (content_hash,)).fetchall()
                self._index.remove(content_hash)
                for source, kept in rows:
                    removed += 1
                    if kept:
                        self._files.remove(json.loads(source))
        return removed

    def contains(self, content_hash: str) -> bool:
        """See `Library.contains`."""
        with self._using():
            return content_hash in self._index

    def fetch(self, content_hashes: Sequence[str]) -> dict[str, LibraryEntry]:
        """See `Library.fetch`."""
        query = f"SELECT {_SHOWN} FROM clips WHERE content_hash IN (SELECT value FROM json_each(?))"
        with self._lock, self._readable_errors():
            rows = self._database.execute(query, (json.dumps(content_hashes),)).fetchall()
        return {entry.content_hash: entry for entry in map(self._entry, rows)}

    def entries(self) -> tuple[LibraryEntry, ...]:
        """See `Library.entries`."""
        with self._lock, self._readable_errors():
            rows = self._database.execute(f"SELECT {_SHOWN} FROM clips ORDER BY title, content_hash").fetchall()
        return tuple(self._entry(row) for row in rows)

    def rank(self, vector: NDArray[np.float32], limit: int) -> list[Ranked]:
        """See `Library.rank`."""
        with self._using():
            pass
        return self._index.rank(vector, limit)

    def note(self, topic: str, name: str) -> str | None:
        """See `Library.note`."""
        with self._lock, self._readable_errors():
            return read_note(self._database, topic, name)

    def notes(self, topic: str) -> dict[str, str]:
        """See `Library.notes`."""
        with self._lock, self._readable_errors():
            return read_notes(self._database, topic)

    def put_note(self, topic: str, name: str, text: str) -> None:
        """See `Library.put_note`."""
        with self._lock, self._readable_errors():
            write_note(self._database, topic, name, text)

    def drop_note(self, topic: str, name: str) -> bool:
        """See `Library.drop_note`."""
        with self._lock, self._readable_errors():
            return delete_note(self._database, topic, name)

    def _entry(self, row: Sequence[Any]) -> LibraryEntry:
        """A row of the columns `_SHOWN`."""
        content_hash, title, duration_seconds, thumbnail, source, kept = row
        path: str = json.loads(source)
        full = str(self._files.path(path)) if kept else path
        return LibraryEntry(content_hash, title, duration_seconds, thumbnail, full)

    def close(self) -> None:
        """See `Library.close`."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._database.close()
            self._index = ResidentIndex(self._index.dimension)
            self._files.close()
