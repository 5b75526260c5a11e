"""Notes on a server that were written, or deleted, only in part."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pymilvus import MilvusClient

from videobert_demo.library.server_notes import read_note


def row(text: str, written: int, part: int = 0, parts: int = 1) -> dict[str, Any]:
    return {"note": "key", "kind": "kind", "text": text, "written": written, "part": part, "parts": parts}


OLD, NEW = json.dumps(["name", "old"]), json.dumps(["name", "new"])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], None),
        ([row(NEW[:5], 2, 0, 2)], None),
        ([row(OLD, 1), row(NEW[:5], 2, 0, 2)], "old"),  # the newer one was not written to its end
        ([row(NEW[5:], 2, 1, 2), row(OLD, 1), row(NEW[:5], 2, 0, 2)], "new"),  # the older one was not deleted yet
        ([row(NEW, 2), row(OLD[5:], 1, 1, 2)], "new"),
    ],
)
def test_the_newest_whole_note_counts(rows: list[dict[str, Any]], expected: str | None) -> None:
    client = cast(MilvusClient, SimpleNamespace(query=lambda *_names, **_wanted: rows))
    assert read_note(client, "notes", "label", "name") == expected
