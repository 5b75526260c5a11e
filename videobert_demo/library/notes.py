"""Notes of a library in SQLite: small texts by kind and name, such as labels and corrections. Knows no clip."""

from __future__ import annotations

import sqlite3

NOTES_TABLE = """
CREATE TABLE IF NOT EXISTS notes (kind TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (kind, name));
"""


def read_note(database: sqlite3.Connection, kind: str, name: str) -> str | None:
    """What was noted under this name, or None."""
    query = "SELECT text FROM notes WHERE kind = ? AND name = ?"
    row = database.execute(query, (kind, name)).fetchone()
    return None if row is None else str(row[0])


def read_notes(database: sqlite3.Connection, kind: str) -> dict[str, str]:
    """All of this kind by name, the oldest first."""
    return dict(database.execute("SELECT name, text FROM notes WHERE kind = ? ORDER BY rowid", (kind,)).fetchall())


def write_note(database: sqlite3.Connection, kind: str, name: str, text: str) -> None:
    """Notes a text, in place of what stood under this name."""
    database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", (kind, name, text))


def delete_note(database: sqlite3.Connection, kind: str, name: str) -> bool:
    """Forgets a text; returns whether there was one."""
    return database.execute("DELETE FROM notes WHERE kind = ? AND name = ?", (kind, name)).rowcount > 0
