"""Puts clips into a library on a cluster: they are read and encoded there, and added to the library here.

One process writes the library, because one in a folder must not lie on a network file system; one on a server gets
many clips at once. Adding a clip twice changes nothing, so a run that was ended goes on from its shards, and each clip
is there once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from videobert_demo.data.listing import ListedClip
from videobert_demo.engine.cluster import Connect
from videobert_demo.engine.jobs import SHARD_CLIPS, work_through
from videobert_demo.engine.shards import Row, ShardFolder
from videobert_demo.engine.stages import ModelSource, make_encoder
from videobert_demo.library.base import Library
from videobert_demo.types import EncodedClip

COLUMNS = [("content_hash", pa.string()), ("outcome", pa.string())]
ADDED, KNOWN, REPEATED = "added", "known", "repeated"
"""Outcomes: new in the library; it was there before; another clip of this job has the same bytes."""


def index_on_cluster(
    connect: Connect,
    clips: Iterable[ListedClip],
    library: Library,
    shards: Path,
    source: ModelSource,
    *,
    fingerprint: str,
    frames: int,
    shard_clips: int = SHARD_CLIPS,
    retry_errors: bool = False,
    planned: Callable[[int], object] = lambda _clips: None,
) -> Iterator[Row]:
    """Adds the clips that are not done, according to the shards in a folder.

    Args:
        shards: the folder that says what is done.
        connect, clips, fingerprint, frames, shard_clips, retry_errors, planned: as `caption_on_cluster` takes them.

    Yields:
        A row for each clip, as soon as it is in the library: `file`, and `content_hash` and `outcome`, or `error`.

    Raises:
        LibraryError: the library cannot be written.
        DataError: as `caption_on_cluster`.
    """
    folder = ShardFolder(shards, {"kind": "library", "model": fingerprint}, COLUMNS)
    job: set[str] = set()
    there: set[str] = set()

    def is_undone(row: Row) -> bool:
        if row["error"] is not None:
            return retry_errors
        return row["content_hash"] not in there  # it was removed since, or the library was made anew

    def add(results: Sequence[tuple[str, Any]]) -> list[Row]:
        are_new = iter(library.add_all([result for _, result in results if isinstance(result, EncodedClip)]))
        rows = []
        for address, result in results:
            if not isinstance(result, EncodedClip):
                rows.append({"file": address, "error": result})
                continue
            content_hash = result.entry.content_hash
            outcome = ADDED if next(are_new) else REPEATED if content_hash in job else KNOWN
            job.add(content_hash)
            rows.append({"file": address, "content_hash": content_hash, "outcome": outcome})
        return rows

    with folder.claimed():
        job.update(row["content_hash"] for row in folder.rows() if row["error"] is None)
        there.update(library.known(job))
        left = list(folder.plan(clips, shard_clips, again=is_undone))
        planned(sum(len(shard.clips) for shard in left))
        yield from work_through(connect, folder, left, source, make_encoder, add, frames=frames, batch=library.batch)
