"""A library on a Milvus server or cluster, reached by its URI through pymilvus; several machines may share it.

Two collections for each checkpoint: `.._segments` has one vector a segment, `.._clips` one a clip, with what is shown
of it; a third, `.._notes`, is made with the first label or correction. A clip is in the library when its row
in `.._clips` is there. That row is written last and removed first, so what a killed process leaves of a clip is never
seen, and is overwritten when the clip is added again. Files are not copied.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymilvus import DataType, MilvusClient
from pymilvus.exceptions import MilvusException

from videobert_demo.errors import LibraryError
from videobert_demo.library import server_notes
from videobert_demo.library.base import Library
from videobert_demo.library.ranking import Ranked, combine, sort_ranked
from videobert_demo.types import EncodedClip, LibraryEntry

_CONNECT_SECONDS = 10.0
_MAX_NEIGHBOURS = 16_384  # the server's own limit
_CLIPS_PER_QUERY = 100
_ROWS_PER_CALL = 4096  # of segments: 6 MB; the server takes 64 MB
_HASH = re.compile("[0-9a-f]{64}")
_SHOWN = ["content_hash", "title", "duration_seconds", "thumbnail", "source"]


class ServerLibrary(Library):
    """A library on a Milvus server.

    Args:
        uri: such as http://localhost:19530.
        model: fingerprint of the checkpoint; it is part of the collections' names.
        dimension: length of the vectors.
        token: "user:password" or an API key; "" for none.
        create: whether collections that are missing are made.

    Raises:
        LibraryError: the server does not answer, or refuses, or has no library of this checkpoint and none is to be
            made.
    """

    batch = 256  # with the largest thumbnails and paths 33 MB in one call

    def __init__(self, uri: str, *, model: str, dimension: int, token: str = "", create: bool = True) -> None:
        self._dimension = dimension
        name = "videobert_" + re.sub("[^0-9a-zA-Z]", "_", model)[:32]
        self._clips, self._segments, self._notes = f"{name}_clips", f"{name}_segments", f"{name}_notes"
        self._closed = False
        with self._readable_errors():
            self._client = MilvusClient(uri=uri, token=token, timeout=_CONNECT_SECONDS)
            if not create and not all(map(self._client.has_collection, (self._clips, self._segments))):
                self._client.close()
                raise LibraryError(
                    "There is no library of this checkpoint on the server; check VIDEOBERT_LIBRARY_URI, or make one "
                    "with the command index."
                )
            self._create(self._segments, {"content_hash": 64, "id": 80}, {"start_seconds": DataType.DOUBLE})
            words = {"title": 2000, "thumbnail": 65_535, "source": 65_535}  # bytes at most
            self._create(self._clips, {"content_hash": 64} | words, {"duration_seconds": DataType.DOUBLE})

    def _create(
        self, name: str, words: dict[str, int], numbers: dict[str, DataType], dimension: int | None = None
    ) -> None:
        if not self._client.has_collection(name):
            schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
            key = "id" if "id" in words else "content_hash"
            for field, max_bytes in words.items():
                schema.add_field(field, DataType.VARCHAR, max_length=max_bytes, is_primary=field == key)
            for field, data_type in numbers.items():
                schema.add_field(field, data_type)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension or self._dimension)
            indexes = self._client.prepare_index_params()
            indexes.add_index("vector", index_type="AUTOINDEX", metric_type="IP")
            self._client.create_collection(name, schema=schema, index_params=indexes, consistency_level="Strong")
        self._client.load_collection(name)

    @contextmanager
    def _readable_errors(self) -> Iterator[None]:
        if self._closed:
            raise LibraryError("The library is closed; open it again.")
        try:
            yield
        except MilvusException as error:
            raise LibraryError(
                "The library's server does not do what it should ({reason}); check VIDEOBERT_LIBRARY_URI.",
                reason=error.message,
            ) from error

    def add(self, clip: EncodedClip, *, keep_file: bool = False, replace: bool = False) -> bool:
        """See `Library.add`; `keep_file` does nothing here."""
        if replace:
            self._check([clip])
            self.remove([clip.entry.content_hash])
        return self.add_all([clip])[0]

    def add_all(self, clips: Sequence[EncodedClip]) -> list[bool]:
        """See `Library.add_all`: `batch` clips are written by one call for their segments and one for themselves."""
        self._check(clips)
        there = self.known(clip.entry.content_hash for clip in clips)
        outcomes: list[bool] = []
        new: list[EncodedClip] = []
        for clip in clips:
            outcomes.append(clip.entry.content_hash not in there)
            if outcomes[-1]:
                there.add(clip.entry.content_hash)
                new.append(clip)
        for start in range(0, len(new), self.batch):
            some = new[start : start + self.batch]
            segments = [row for clip in some for row in _segment_rows(clip)]
            with self._readable_errors():
                for first in range(0, len(segments), _ROWS_PER_CALL):
                    self._client.upsert(self._segments, segments[first : first + _ROWS_PER_CALL])
                self._client.upsert(self._clips, [_clip_row(clip) for clip in some])  # from here on they are there
        return outcomes

    def _check(self, clips: Iterable[EncodedClip]) -> None:
        for clip in clips:
            if clip.vector.shape != (self._dimension,):
                raise ValueError(f"this library's vectors have {self._dimension} numbers, got {clip.vector.shape}")

    def remove(self, content_hashes: Iterable[str]) -> int:
        """See `Library.remove`."""
        removed = 0
        for content_hash in content_hashes:
            if self.contains(content_hash):
                with self._readable_errors():
                    self._client.delete(self._clips, ids=[content_hash])  # from here on it is gone
                    self._client.delete(self._segments, filter=f'content_hash == "{content_hash}"')
                removed += 1
        return removed

    def contains(self, content_hash: str) -> bool:
        """See `Library.contains`."""
        return bool(self.known([content_hash]))

    def known(self, content_hashes: Iterable[str]) -> set[str]:
        """See `Library.known`: a hundred are asked for at once."""
        return {row["content_hash"] for row in self._query(self._clips, content_hashes, ["content_hash"])}

    def fetch(self, content_hashes: Sequence[str]) -> dict[str, LibraryEntry]:
        """See `Library.fetch`."""
        return {row["content_hash"]: _entry(row) for row in self._query(self._clips, content_hashes, _SHOWN)}

    def entries(self) -> tuple[LibraryEntry, ...]:
        """See `Library.entries`."""
        found: list[LibraryEntry] = []
        with self._readable_errors():
            pages = self._client.query_iterator(self._clips, batch_size=200, output_fields=_SHOWN)
            while rows := pages.next():
                found += [_entry(row) for row in rows]
            pages.close()
        return tuple(sorted(found, key=lambda entry: (entry.title, entry.content_hash)))

    def rank(self, vector: NDArray[np.float32], limit: int) -> list[Ranked]:
        """See `Library.rank`: the server names the clips that come near, their scores are computed here, exactly."""
        near = self._near(self._clips, vector, limit) | self._near(self._segments, vector, 4 * limit)
        wholes = self._query(self._clips, near, ["content_hash", "vector"])
        parts: dict[str, list[tuple[float, list[float]]]] = {}
        for row in self._query(self._segments, near, ["content_hash", "start_seconds", "vector"]):
            parts.setdefault(row["content_hash"], []).append((row["start_seconds"], row["vector"]))
        ranked = []
        for row in wholes:
            content_hash, whole = row["content_hash"], np.asarray(row["vector"], dtype=np.float32)
            starts, rows = zip(*sorted(parts[content_hash]), strict=True)
            similar = np.asarray(rows, dtype=np.float32) @ vector
            best = int(similar.argmax())
            score = float(combine(whole @ vector, similar[best]))
            ranked.append(Ranked(content_hash, score, float(starts[best]), whole))
        return sort_ranked(ranked)[:limit]

    def _near(self, collection: str, vector: NDArray[np.float32], limit: int) -> set[str]:
        """Hashes of the clips to which the collection's nearest vectors belong."""
        with self._readable_errors():
            (rows,) = self._client.search(
                collection,
                data=[vector.tolist()],
                anns_field="vector",
                limit=min(limit, _MAX_NEIGHBOURS),
                output_fields=["content_hash"],
                search_params={"metric_type": "IP"},
            )
        return {row["entity"]["content_hash"] for row in rows}

    def _query(self, collection: str, content_hashes: Iterable[str], fields: list[str]) -> list[dict[str, Any]]:
        """The rows of these clips; names that are not hashes are left out."""
        names = sorted(name for name in content_hashes if _HASH.fullmatch(name))
        rows: list[dict[str, Any]] = []
        with self._readable_errors():
            for start in range(0, len(names), _CLIPS_PER_QUERY):
                wanted = json.dumps(names[start : start + _CLIPS_PER_QUERY])
                rows += self._client.query(collection, filter=f"content_hash in {wanted}", output_fields=fields)
        return rows

    def note(self, topic: str, name: str) -> str | None:
        """See `Library.note`."""
        with self._readable_errors():
            return server_notes.read_note(self._client, self._notes, topic, name) if self._has_notes() else None

    def notes(self, topic: str) -> dict[str, str]:
        """See `Library.notes`."""
        with self._readable_errors():
            return server_notes.read_notes(self._client, self._notes, topic) if self._has_notes() else {}

    def put_note(self, topic: str, name: str, text: str) -> None:
        """See `Library.put_note`."""
        with self._readable_errors():
            numbers = dict.fromkeys(server_notes.NUMBERS, DataType.INT64)
            self._create(self._notes, server_notes.WORDS, numbers, server_notes.DIMENSION)
            server_notes.write_note(self._client, self._notes, topic, name, text)

    def drop_note(self, topic: str, name: str) -> bool:
        """See `Library.drop_note`."""
        with self._readable_errors():
            return self._has_notes() and server_notes.delete_note(self._client, self._notes, topic, name)

    def _has_notes(self) -> bool:
        return bool(self._client.has_collection(self._notes))

    def close(self) -> None:
        """See `Library.close`; the clips stay on the server."""
        if not self._closed:
            self._closed = True
            self._client.close()


def _segment_rows(clip: EncodedClip) -> list[dict[str, Any]]:
    """What the collection of segments holds of a clip."""
    return [
        {
            "id": f"{clip.entry.content_hash}-{number}",
            "content_hash": clip.entry.content_hash,
            "start_seconds": float(start),
            "vector": vector.tolist(),
        }
        for number, (vector, (start, _)) in enumerate(zip(clip.segment_vectors, clip.segment_seconds, strict=True))
    ]


def _clip_row(clip: EncodedClip) -> dict[str, Any]:
    """What the collection of clips holds of a clip."""
    entry = clip.entry
    return {
        "content_hash": entry.content_hash,
        "title": entry.title,
        "duration_seconds": entry.duration_seconds,
        "thumbnail": base64.b64encode(entry.thumbnail).decode("ascii"),
        "source": json.dumps(entry.source),  # a path may hold bytes that are no Unicode
        "vector": clip.vector.tolist(),
    }


def _entry(row: dict[str, Any]) -> LibraryEntry:
    return LibraryEntry(
        row["content_hash"],
        row["title"],
        float(row["duration_seconds"]),
        base64.b64decode(row["thumbnail"]),
        json.loads(row["source"]),
    )
