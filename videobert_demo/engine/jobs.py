"""Works through a job's shards on a cluster: what both captioning and indexing do. Knows no result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from videobert_demo.engine.cluster import Cluster
from videobert_demo.engine.pipeline import LostError, run
from videobert_demo.engine.shards import Row, Shard, ShardFolder
from videobert_demo.engine.stages import ModelSource, read_listed

SHARD_CLIPS = 256
LOST = "Every process that worked on this clip ended before it was done, although it was tried alone as well."


def work_through(
    cluster: Cluster,
    folder: ShardFolder,
    shards: Iterable[Shard],
    source: ModelSource,
    make_work: Callable[[ModelSource], Callable[[Any], Any]],
    row_of: Callable[[str, Any], Row],
    *,
    frames: int,
) -> Iterator[Row]:
    """Reads the clips of shards, works on them, and finishes each shard when its last clip is done.

    Args:
        make_work: makes, in each process with a model, what is done with a `ReadClip`.
        row_of: address and result -> row, in this process; the result of a clip that was lost is a sentence.
        frames: how many are taken of a clip.

    Yields:
        The rows, as soon as they are known; a shard is on the disk before its last row comes.
    """
    planned: list[Shard] = []

    def clips() -> Iterator[Any]:
        for shard in shards:
            planned.append(shard)
            yield from shard.clips

    rows: list[Row] = []
    for clip, result in run(
        cluster, clips(), partial(read_listed, source=source, frames=frames), partial(make_work, source)
    ):
        row = row_of(clip.address, LOST if isinstance(result, LostError) else result)
        rows.append({"error": None, **row, "version": clip.version})
        if len(rows) == len(planned[0].clips):
            folder.finish(planned.pop(0), rows)
            rows = []
        yield row
