"""Notes of a library in SQLite: small texts by topic and name, such as labels and corrections. Knows no clip.

The column of the topic is called `kind`, as in libraries that are there already.
"""

from __future__ import annotations

import sqlite3

NOTES_TABLE = """
CREATE TABLE IF NOT EXISTS notes (kind TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (kind, name));
"""


def read_note(database: sqlite3.Connection, topic: str, name: str) -> str | None:
    """What was noted under this name, or None."""
    query = "SELECT text FROM notes WHERE kind = ? AND name = ?"
    row = database.execute(query, (topic, name)).fetchone()
    return None if row is None else str(row[0])


def read_notes(database: sqlite3.Connection, topic: str) -> dict[str, str]:
    """All notes on this topic by name, the oldest first."""
    return dict(database.execute("SELECT name, text FROM notes WHERE kind = ? ORDER BY rowid", (topic,)).fetchall())


def write_note(database: sqlite3.Connection, topic: str, name: str, text: str) -> None:
    """Notes a text, in place of what stood under this name."""
    database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", (topic, name, text))


def delete_note(database: sqlite3.Connection, topic: str, name: str) -> bool:
    """Forgets a text; returns whether there was one."""
    return database.execute("DELETE FROM notes WHERE kind = ? AND name = ?", (topic, name)).rowcount > 0
