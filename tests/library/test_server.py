"""What only the library on a server has to get right, against a client that holds rows in memory and writes down calls.

The same tests as for every library run against a real Milvus Lite in test_base.py.
"""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from pymilvus import DataType
from pymilvus.exceptions import MilvusException

from tests.library.samples import DIMENSION, axis, make_clip, with_vectors
from videobert_demo.errors import LibraryError
from videobert_demo.library import server
from videobert_demo.library.opening import open_library

URI = "http://milvus.example:19530"


class Page:
    """Rows in blocks, as `query_iterator` gives them."""

    def __init__(self, blocks: list[list[dict[str, Any]]]) -> None:
        self._blocks = blocks

    def next(self) -> list[dict[str, Any]]:
        return self._blocks.pop(0) if self._blocks else []

    def close(self) -> None:
        pass


class FakeClient:
    """The part of MilvusClient that the library uses."""

    def __init__(self, **given: Any) -> None:
        self.given = given
        self.rows: dict[str, dict[str, dict[str, Any]]] = {}
        self.fields: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, str, Any]] = []
        self.fails_at: tuple[str, str] | None = None
        self.closed = 0

    def _note(self, method: str, name: str, what: Any = None) -> None:
        collection = name.rsplit("_", 1)[1]
        if self.fails_at == (method, collection):
            raise MilvusException(message="the disk is full")
        self.calls.append((method, collection, what))

    def has_collection(self, name: str) -> bool:
        return name in self.rows

    @staticmethod
    def create_schema(**options: Any) -> Any:
        assert options == {"auto_id": False, "enable_dynamic_field": False}

        class Schema:
            fields: dict[str, Any]

            def add_field(self, field: str, data_type: DataType, **limits: Any) -> None:
                self.fields[field] = (data_type, limits)

        schema = Schema()
        schema.fields = {}
        return schema

    def prepare_index_params(self) -> Any:
        class Parameters:
            chosen: dict[str, str]

            def add_index(self, field: str, **chosen: str) -> None:
                self.chosen = {"field": field, **chosen}

        return Parameters()

    def create_collection(self, name: str, *, schema: Any, index_params: Any, consistency_level: str) -> None:
        assert consistency_level == "Strong"  # or one visitor's search would not see what another just added
        assert index_params.chosen["metric_type"] == "IP"
        self.rows[name], self.fields[name] = {}, schema.fields

    def load_collection(self, name: str) -> None:
        assert name in self.rows

    def upsert(self, name: str, rows: list[dict[str, Any]]) -> None:
        self._note("upsert", name, len(rows))
        for row in rows:
            assert set(row) == set(self.fields[name])
            self.rows[name][row.get("id", row["content_hash"])] = row

    def delete(self, name: str, *, ids: list[str] | None = None, filter: str = "") -> None:
        self._note("delete", name, ids or filter)
        gone = ids or [key for key, row in self.rows[name].items() if json.dumps(row["content_hash"]) in filter]
        for key in gone:
            self.rows[name].pop(key, None)

    def query(self, name: str, *, filter: str, output_fields: list[str]) -> list[dict[str, Any]]:
        wanted = json.loads(re.fullmatch(r"content_hash in (\[.*\])", filter)[1])  # type: ignore[index]
        self._note("query", name, len(wanted))
        return [
            {field: row[field] for field in output_fields}
            for row in self.rows[name].values()
            if row["content_hash"] in wanted
        ]

    def query_iterator(self, name: str, *, batch_size: int, output_fields: list[str]) -> Page:
        rows = [{field: row[field] for field in output_fields} for row in self.rows[name].values()]
        return Page([rows[start : start + 2] for start in range(0, len(rows), 2)])

    def search(self, name: str, *, data: list[list[float]], limit: int, **_options: Any) -> list[list[dict[str, Any]]]:
        self._note("search", name, limit)
        (vector,) = data
        best = sorted(self.rows[name].values(), key=lambda row: -float(np.dot(row["vector"], vector)))
        return [[{"entity": {"content_hash": row["content_hash"]}} for row in best[:limit]]]

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[FakeClient]:
    """The clients that libraries made; all hold the same rows, as clients of one server do."""
    clients: list[FakeClient] = []

    class Client(FakeClient):
        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            if clients:
                self.rows, self.fields = clients[0].rows, clients[0].fields
            clients.append(self)

    monkeypatch.setattr(server, "MilvusClient", Client)
    return clients


def open_fake(model: str = "model", token: str = "") -> server.ServerLibrary:
    library = open_library(URI, model=model, dimension=DIMENSION, token=token)
    assert isinstance(library, server.ServerLibrary)
    return library


def test_it_connects_with_the_token_and_makes_two_collections_a_checkpoint(made: list[FakeClient]) -> None:
    open_fake(token="root:secret")
    assert made[0].given == {"uri": URI, "token": "root:secret", "timeout": 10.0}
    assert set(made[0].rows) == {"videobert_model_clips", "videobert_model_segments"}
    open_fake("a/b-1")
    assert "videobert_a_b_1_clips" in made[0].rows
    vector = made[0].fields["videobert_model_segments"]["vector"]
    assert vector == (DataType.FLOAT_VECTOR, {"dim": DIMENSION})
    keys = {
        name: [field for field, (_, limits) in fields.items() if limits.get("is_primary")]
        for name, fields in made[0].fields.items()
    }
    assert keys["videobert_model_segments"] == ["id"]
    assert keys["videobert_model_clips"] == ["content_hash"]


def test_a_clip_is_there_only_when_all_its_segments_are(made: list[FakeClient]) -> None:
    library, clip = open_fake(), make_clip("cut off", segments=3)
    (client,) = made
    client.fails_at = ("upsert", "clips")
    with pytest.raises(LibraryError, match="the disk is full"):
        library.add(clip)
    assert len(client.rows["videobert_model_segments"]) == 3
    assert not library.contains(clip.entry.content_hash)
    assert library.search(clip.vector) == ()
    client.fails_at = None
    assert library.add(clip)
    assert len(client.rows["videobert_model_segments"]) == 3  # written over, not beside
    assert library.search(clip.vector)[0].entry == clip.entry


def test_many_clips_are_written_by_few_calls(made: list[FakeClient], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_ROWS_PER_CALL", 20)
    monkeypatch.setattr(server.ServerLibrary, "batch", 8)
    library, clips = open_fake(), [make_clip(f"clip {number}", segments=3) for number in range(10)]
    (client,) = made
    assert all(library.add_all(clips))
    written = [(collection, rows) for method, collection, rows in client.calls if method == "upsert"]
    assert written == [("segments", 20), ("segments", 4), ("clips", 8), ("segments", 6), ("clips", 2)]
    with pytest.raises(ValueError, match="16 numbers"):
        library.add_all([make_clip("fine"), with_vectors("short", axis(0)[:4], [axis(1)[:4]])])
    assert not library.contains(make_clip("fine").entry.content_hash)


def test_of_many_clips_those_that_were_cut_off_come_again_whole(made: list[FakeClient]) -> None:
    library, clips = open_fake(), [make_clip(f"clip {number}", segments=3) for number in range(5)]
    (client,) = made
    library.add(clips[0])
    client.fails_at = ("upsert", "clips")
    with pytest.raises(LibraryError, match="the disk is full"):
        library.add_all(clips)
    assert len(client.rows["videobert_model_segments"]) == 15
    assert library.entries() == (clips[0].entry,)
    client.fails_at = None
    assert library.add_all(clips) == [False, True, True, True, True]
    assert len(client.rows["videobert_model_segments"]) == 15  # written over, not beside
    assert len(library.entries()) == 5


def test_a_clip_that_is_being_removed_is_gone_before_its_segments_are(made: list[FakeClient]) -> None:
    library, clip, other = open_fake(), make_clip("gone"), make_clip("other")
    library.add(clip)
    library.add(other)
    (client,) = made
    client.fails_at = ("delete", "segments")
    with pytest.raises(LibraryError):
        library.remove([clip.entry.content_hash])
    assert [hit.entry.title for hit in library.search(clip.vector)] == ["other"]
    client.fails_at = None
    assert library.remove([clip.entry.content_hash, other.entry.content_hash]) == 1
    assert [row["content_hash"] for row in client.rows["videobert_model_segments"].values()] == [
        clip.entry.content_hash
    ] * 3


def test_scores_are_computed_from_all_segments_of_the_clips_that_come_near(made: list[FakeClient]) -> None:
    library = open_fake()
    diagonal = ((axis(0) + axis(1)) / np.sqrt(2)).astype(np.float32)
    library.add(with_vectors("whole", axis(0), [axis(2), axis(3)]))
    library.add(with_vectors("part", axis(4), [axis(5), axis(6), axis(0)]))
    library.add(with_vectors("both", diagonal, [axis(0), axis(1)]))
    found = {one.content_hash: (one.score, one.start_seconds) for one in library.rank(axis(0), 3)}
    hashes = {name: make_clip(name).entry.content_hash for name in ("whole", "part", "both")}
    assert found[hashes["both"]] == (pytest.approx((np.sqrt(0.5) + 1) / 2), 0.0)
    assert found[hashes["whole"]] == (pytest.approx(0.5), 0.0)
    assert found[hashes["part"]] == (pytest.approx(0.5), 4.0)
    assert library.rank(axis(0), 1)[0].content_hash == hashes["both"]


def test_no_query_asks_for_more_than_the_server_takes(made: list[FakeClient]) -> None:
    library = open_fake()
    (client,) = made
    library.add(make_clip("one"))
    library.rank(axis(0), 100_000)
    assert {limit for method, _, limit in client.calls if method == "search"} == {16_384}
    client.calls.clear()
    hashes = [f"{number:064x}" for number in range(250)]
    assert library.fetch([*hashes, make_clip("one").entry.content_hash]).keys() == {make_clip("one").entry.content_hash}
    assert [count for _, _, count in client.calls] == [100, 100, 51]


def test_what_is_no_hash_never_reaches_a_filter(made: list[FakeClient]) -> None:
    library = open_fake()
    made[0].calls.clear()
    assert library.fetch(['" or content_hash != "', "../x", "F" * 64, "0" * 63]) == {}
    assert library.remove(['" or true or "']) == 0
    assert made[0].calls == []


def test_all_pages_of_entries_come_ordered_by_title(made: list[FakeClient]) -> None:
    library = open_fake()
    for name in "dbeca":
        library.add(make_clip(name))
    assert [entry.title for entry in library.entries()] == list("abcde")


def test_closing_closes_the_connection_once(made: list[FakeClient]) -> None:
    with open_fake() as library:
        pass
    library.close()
    assert made[0].closed == 1
    with pytest.raises(LibraryError, match="closed"):
        library.entries()


def test_a_server_that_does_not_answer_is_a_readable_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_given: Any) -> None:
        raise MilvusException(message="nobody is there")

    monkeypatch.setattr(server, "MilvusClient", refuse)
    with pytest.raises(LibraryError, match=r"nobody is there.*VIDEOBERT_LIBRARY_URI"):
        open_library(URI, model="model", dimension=DIMENSION)


def test_reading_makes_no_library(made: list[FakeClient]) -> None:
    with pytest.raises(LibraryError, match="no library of this checkpoint on the server"):
        open_library(URI, model="model", dimension=DIMENSION, create=False)
    (client,) = made
    assert (client.rows, client.closed) == ({}, 1)
    open_fake().close()
    open_library(URI, model="model", dimension=DIMENSION, create=False).close()
    with pytest.raises(LibraryError, match="no library of this checkpoint"):
        open_library(URI, model="other", dimension=DIMENSION, create=False)
