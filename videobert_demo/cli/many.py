"""`caption` and `index` with --engine ray: the same work on a cluster. Parses nothing; prints what came of it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.cli.graphs import change_graph
from videobert_demo.cli.options import load_service
from videobert_demo.errors import DataError, SettingsError
from videobert_demo.library.opening import is_server

if TYPE_CHECKING:
    from videobert_demo.data.listing import ListedClip


def caption_by_ray(parsed: argparse.Namespace) -> int:
    """`caption FILE ... --engine ray --out DIR`; the exit status is 1 if a clip has no caption."""
    from videobert_demo.data.listing import list_clips
    from videobert_demo.engine.captions import caption_on_cluster
    from videobert_demo.engine.cluster import connecting
    from videobert_demo.engine.shards import written
    from videobert_demo.engine.stages import ModelSource

    if parsed.out is None:
        raise SettingsError("--engine ray writes Parquet files; name their folder with --out.")
    _check_options(parsed)
    service = load_service(parsed)
    source = ModelSource.of(parsed.checkpoint, parsed.revision, service.settings)
    clips = _outside(list_clips(parsed.files, source.places), parsed.out)
    if not clips:
        raise DataError(f"There is no clip in {', '.join(parsed.files)}; name a folder with clips, or a file.")
    failed = captioned = 0
    with _bar(parsed) as bar, connecting(parsed.ray_address) as connect:
        rows = caption_on_cluster(
            connect,
            clips,
            parsed.out,
            source,
            fingerprint=f"{service.model_name} {service.model_fingerprint}",
            frames=service.frames_to_sample,
            language=parsed.language,
            shard_clips=parsed.shard_clips,
            retry_errors=parsed.retry_errors,
            planned=partial(_tell, parsed, bar, len(clips)),
        )
        for row in rows:
            bar.update()
            is_error = row.get("error") is not None
            failed += is_error
            captioned += not is_error
            if is_error and not parsed.json:
                bar.write(written(f"{row['file']}: {row['error']}"))
    counts = {"captioned": captioned, "failed": failed, "done_before": len(clips) - captioned - failed}
    print(json.dumps(counts) if parsed.json else f"{_told(counts)}: {parsed.out}")
    return 1 if failed else 0


def index_by_ray(parsed: argparse.Namespace) -> int:
    """`index FOLDER --engine ray`."""
    from videobert_demo.data.listing import list_clips
    from videobert_demo.engine.cluster import connecting
    from videobert_demo.engine.indexing import index_on_cluster
    from videobert_demo.engine.shards import written
    from videobert_demo.engine.stages import ModelSource

    _check_options(parsed)
    service = load_service(parsed)
    source = ModelSource.of(parsed.checkpoint, parsed.revision, service.settings)
    library_uri = str(service.settings.library)
    shards = parsed.shards or _default_shards(library_uri)
    clips = _outside(list_clips([parsed.folder], source.places), shards, Path(library_uri))
    counts = Counter(added=0, known=0, repeated=0, unreadable=0)
    with service.open_library() as library, _bar(parsed) as bar, connecting(parsed.ray_address) as connect:
        rows = index_on_cluster(
            connect,
            clips,
            library,
            shards,
            source,
            fingerprint=service.model_fingerprint,
            frames=service.frames_to_sample,
            shard_clips=parsed.shard_clips,
            retry_errors=parsed.retry_errors,
            planned=partial(_tell, parsed, bar, len(clips)),
        )
        for row in rows:
            bar.update()
            is_error = row.get("error") is not None
            counts["unreadable" if is_error else row["outcome"]] += 1
            if is_error and not parsed.json:
                bar.write(written(f"{row['file']}: {row['error']}"))
        change_graph(library, parsed)
    told = dict(counts) | {"done_before": len(clips) - counts.total()}
    print(json.dumps(told) if parsed.json else _told(told))
    return 0


def _check_options(parsed: argparse.Namespace) -> None:
    """Refuses what cannot work before the model is loaded, which takes a while."""
    from videobert_demo.engine.cluster import check_address

    if parsed.shard_clips < 1:
        raise SettingsError(f"--shard-clips is {parsed.shard_clips}; it must be at least 1.")
    check_address(parsed.ray_address)


def _bar(parsed: argparse.Namespace) -> Any:
    """The progress of a job; it is not shown before `_tell`."""
    from tqdm import tqdm

    return tqdm(unit="clip", disable=parsed.json, delay=1e-6)


def _tell(parsed: argparse.Namespace, bar: Any, found: int, left: int) -> None:
    """Says what there is to do, and what takes a while now; without any work there is no progress to show."""
    if parsed.json:
        return
    told = "1 clip found" if found == 1 else f"{found} clips found"
    if not left:
        print(f"{told}; nothing left to do.", file=sys.stderr)
        return
    if left < found:
        told += f", {left} left to do"
    ray = "starting Ray on this machine" if parsed.ray_address is None else f"asking Ray at {parsed.ray_address}"
    print(f"{told}; {ray}. Its processes load the model first, which takes a while.", file=sys.stderr)
    bar.reset(left)


def _outside(clips: Iterable[ListedClip], *folders: Path) -> list[ListedClip]:
    """The clips that do not lie in these folders, where this program writes: its own files are no clips."""
    inside = tuple(f"{folder.absolute()}{os.sep}" for folder in folders)
    return [clip for clip in clips if not clip.address.startswith(inside)]


def _default_shards(library: str) -> Path:
    if is_server(library):
        raise DataError("A library on a server has no folder for what is done; name one with --shards.")
    return Path(library) / "index-shards"


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())
