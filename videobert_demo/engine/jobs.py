"""Works through a job's shards on a cluster: what both captioning and indexing do. Knows no result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from videobert_demo.engine.cluster import Connect
from videobert_demo.engine.pipeline import LostError, run
from videobert_demo.engine.shards import Row, Shard, ShardFolder
from videobert_demo.engine.stages import ModelSource, read_listed
from videobert_demo.library.batches import in_batches

SHARD_CLIPS = 256
LOST = "Every process that worked on this clip ended before it was done, although it was tried alone as well."


def work_through(
    connect: Connect,
    folder: ShardFolder,
    shards: Sequence[Shard],
    source: ModelSource,
    make_work: Callable[[ModelSource], Callable[[Any], Any]],
    rows_of: Callable[[Sequence[tuple[str, Any]]], Sequence[Row]],
    *,
    frames: int,
    batch: int = 1,
) -> Iterator[Row]:
    """Reads the clips of shards, works on them, and finishes each shard when its last clip is done.

    Args:
        connect: is called only if there is a shard.
        make_work: makes, in each process with a model, what is done with a `ReadClip`.
        rows_of: addresses and results -> a row for each, in this process; the result of a clip that was lost is a
            sentence.
        frames: how many are taken of a clip.
        batch: how many results `rows_of` gets at once, at most; they wait about a second for each other.

    Yields:
        The rows, as soon as they are known; a shard is on the disk before its last row comes.
    """
    if not shards:
        return
    planned: list[Shard] = []

    def clips() -> Iterator[Any]:
        for shard in shards:
            planned.append(shard)
            yield from shard.clips

    rows: list[Row] = []
    results = run(connect(), clips(), partial(read_listed, source=source, frames=frames), partial(make_work, source))
    for some in in_batches(results, batch):
        told = [(clip.address, LOST if isinstance(result, LostError) else result) for clip, result in some]
        for (clip, _), row in zip(some, rows_of(told), strict=True):
            rows.append({"error": None, **row, "version": clip.version})
            if len(rows) == len(planned[0].clips):
                folder.finish(planned.pop(0), rows)
                rows = []
            yield row
