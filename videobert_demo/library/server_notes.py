"""Notes of a library on a Milvus server: small texts by topic and name, such as labels and corrections. Knows no clip.

A field of text is limited there, and a label with forty examples is longer, so a note is stored in parts. They are
written in one request, with a number that grows from note to note; the earlier note of the same name is deleted
afterwards. Of a note that was written in part, or not yet deleted, the newest whole one counts.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable
from typing import Any

from pymilvus import MilvusClient

PART_CHARACTERS = 60_000
WORDS = {"kind": 64, "note": 64, "id": 100, "text": 65_535}
"""The fields of text, and how many bytes each holds; `kind` is the topic."""
NUMBERS = ("written", "part", "parts")
DIMENSION = 2
"""The length of the vector that every collection must have, though nobody searches this one."""
_FIELDS = ["kind", "note", "text", *NUMBERS]
_PAGE = 200


def read_note(client: MilvusClient, collection: str, topic: str, name: str) -> str | None:
    """What was noted under this name, or None."""
    rows = client.query(collection, filter=f'note == "{_key(topic, name)}"', output_fields=_FIELDS)
    return next(iter(_notes_in(rows).values()), None)


def read_notes(client: MilvusClient, collection: str, topic: str) -> dict[str, str]:
    """All notes on this topic by name, the oldest first."""
    rows: list[dict[str, Any]] = []
    wanted = f'kind == "{_key(topic, "")}"'
    pages = client.query_iterator(collection, batch_size=_PAGE, filter=wanted, output_fields=_FIELDS)
    while page := pages.next():
        rows += page
    pages.close()
    return _notes_in(rows)


def write_note(client: MilvusClient, collection: str, topic: str, name: str, text: str) -> None:
    """Notes a text, in place of what stood under this name."""
    key, written = _key(topic, name), time.time_ns()
    packed = json.dumps([name, text])  # ASCII, so that characters are bytes
    parts = [packed[start : start + PART_CHARACTERS] for start in range(0, len(packed), PART_CHARACTERS)]
    rows = [
        {
            "id": f"{key}-{written}-{number}",
            "kind": _key(topic, ""),
            "note": key,
            "written": written,
            "part": number,
            "parts": len(parts),
            "text": part,
            "vector": [0.0] * DIMENSION,
        }
        for number, part in enumerate(parts)
    ]
    client.upsert(collection, rows)
    client.delete(collection, filter=f'note == "{key}" and written < {written}')


def delete_note(client: MilvusClient, collection: str, topic: str, name: str) -> bool:
    """Forgets a text; returns whether there was one."""
    if read_note(client, collection, topic, name) is None:
        return False
    client.delete(collection, filter=f'note == "{_key(topic, name)}"')
    return True


def _key(topic: str, name: str) -> str:
    """What stands for a topic or a name in a filter: whatever is in a name, it cannot end the filter."""
    return hashlib.sha256(f"{topic}\0{name}".encode()).hexdigest()


def _notes_in(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The notes whose parts are all there, by name, the oldest first; of each name the newest."""
    versions: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in rows:
        versions.setdefault((row["written"], row["note"]), []).append(row)
    found: dict[str, str] = {}
    for _, parts in sorted(versions.items()):
        if len(parts) == parts[0]["parts"]:
            name, text = json.loads("".join(one["text"] for one in sorted(parts, key=lambda one: int(one["part"]))))
            found.pop(name, None)
            found[name] = text
    return found
