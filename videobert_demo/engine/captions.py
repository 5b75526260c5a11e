"""Captions clips on a cluster: one Parquet row each, in shards, so that a run that was ended goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from videobert_demo.data.listing import ListedClip
from videobert_demo.engine.cluster import Connect
from videobert_demo.engine.jobs import SHARD_CLIPS, work_through
from videobert_demo.engine.shards import Row, ShardFolder
from videobert_demo.engine.stages import ModelSource, make_captioner

_CANDIDATE = pa.struct([("text", pa.string()), ("score", pa.float64()), ("probability", pa.float64())])
COLUMNS = [
    ("content_hash", pa.string()),
    ("caption", pa.string()),
    ("score", pa.float64()),
    ("probability", pa.float64()),
    ("sure", pa.bool_()),
    ("can_tell", pa.bool_()),
    ("holds", pa.string()),
    ("candidates", pa.list_(_CANDIDATE)),
    ("duration_seconds", pa.float64()),
    ("seconds", pa.float64()),
]


def caption_on_cluster(
    connect: Connect,
    clips: Iterable[ListedClip],
    out: Path,
    source: ModelSource,
    *,
    fingerprint: str,
    frames: int,
    language: str = "en",
    shard_clips: int = SHARD_CLIPS,
    retry_errors: bool = False,
    planned: Callable[[int], object] = lambda _clips: None,
) -> Iterator[Row]:
    """Captions the clips that have no row in `out`, and writes their rows there.

    Args:
        connect: gives the cluster; it is not asked for if nothing is left to do.
        clips: what is to be captioned; clips with a row are not read again unless they have changed.
        fingerprint: of the checkpoint; a folder holds captions of one.
        frames: how many are taken of a clip.
        language: as for `service.caption`; a folder holds captions in one.
        shard_clips: how many clips a shard has: that many are done again, at most, after a killed run.
        retry_errors: try clips again whose row is an error.
        planned: is told how many clips are left to do, before the first.

    Yields:
        The new rows, as soon as they are known.

    Raises:
        DataError: `out` holds something else, or cannot be written.
    """
    job = {"kind": "captions", "model": fingerprint, "neutral_words": str(source.settings.neutral_words)}
    if language != "en":
        job["language"] = language
    folder = ShardFolder(out, job, COLUMNS)
    make_work = partial(make_captioner, language=language)
    with folder.claimed():
        shards = list(folder.plan(clips, shard_clips, again=lambda row: retry_errors and row["error"] is not None))
        planned(sum(len(shard.clips) for shard in shards))
        yield from work_through(connect, folder, shards, source, make_work, _rows, frames=frames)


def _rows(results: Sequence[tuple[str, Any]]) -> list[Row]:
    return [{"file": address, "error": result} if isinstance(result, str) else result for address, result in results]
