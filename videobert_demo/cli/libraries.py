"""The commands `index` and `search`: a library of clips that stays."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.cli.films import check_folders, written
from videobert_demo.cli.graphs import change_graph
from videobert_demo.cli.options import (
    add_json_option,
    add_shard_options,
    check_count,
    checkpoint_options,
    engine_options,
    library_options,
    load_service,
)
from videobert_demo.errors import SettingsError

if TYPE_CHECKING:
    from videobert_demo.service.service import VideoBertService


def add_commands(commands: Any) -> None:
    """Adds the commands to what `add_subparsers` gave."""
    parents = [checkpoint_options(), library_options()]
    index = commands.add_parser(
        "index", parents=[*parents, engine_options()], help="add a folder of clips to a library"
    )
    index.add_argument(
        "folder",
        help="searched with its subfolders; known clips are not read again. With --engine ray also a pattern, "
        "an address or @LIST",
    )
    index.add_argument(
        "--shards",
        type=Path,
        metavar="DIR",
        help="with --engine ray: where it is noted what is done (default: index-shards in the library's folder)",
    )
    add_shard_options(index)
    index.add_argument(
        "--approximate",
        action=argparse.BooleanOptionalAction,
        help="build an approximate index of a large library in a folder afterwards, anew if there is one; "
        "--no-approximate removes it (needs the extra 'approximate')",
    )
    add_json_option(index)
    index.set_defaults(run=run_index)

    search = commands.add_parser("search", parents=parents, help="find clips of a library by a sentence")
    search.add_argument(
        "text", help="such as 'a dog runs on the grass'; Chinese too, where the checkpoint has a translator"
    )
    search.add_argument("--count", type=int, default=12, help="how many hits at most (default: 12)")
    search.add_argument("--moments", action="store_true", help="time ranges within the clips, in place of whole clips")
    search.add_argument(
        "--reel", type=Path, metavar="PATH", help="with --moments: also write the ranges as one film, .mp4 or .webm"
    )
    add_json_option(search, "one JSON list")
    search.set_defaults(run=run_search)


def run_index(parsed: argparse.Namespace) -> int:
    """`index FOLDER`; under `accelerate launch` the processes share the work."""
    if parsed.engine == "ray":
        from videobert_demo.cli.many import index_by_ray

        return index_by_ray(parsed)
    from accelerate import PartialState

    service = load_service(parsed)
    with service.open_library() as library:
        report = service.index(Path(parsed.folder), library, progress=not parsed.json)
        if PartialState().is_main_process:
            change_graph(library, parsed)
    if not PartialState().is_main_process:  # the others have the same report
        return 0
    if parsed.json:
        print(json.dumps(report.to_json()))
        return 0
    for path, reason in report.unreadable:
        print(f"{path}: {reason}")
    counts = report.to_json() | {"unreadable": len(report.unreadable)}
    print(", ".join(f"{name} {count}" for name, count in counts.items()))
    return 0


def run_search(parsed: argparse.Namespace) -> int:
    """`search TEXT`."""
    from videobert_demo.service.reports import search_report

    check_count(parsed.count)
    check_folders(parsed.reel)
    if parsed.reel is not None and not parsed.moments:
        raise SettingsError("--reel is made of time ranges; add --moments.")
    service = load_service(parsed)
    if parsed.moments:
        return _print_moments(service, parsed)
    with service.open_library(create=False) as library:
        hits = service.search(library, parsed.text, count=parsed.count)
    if parsed.json:
        print(json.dumps(search_report(hits)))
        return 0
    for hit in hits:
        doubt = "" if hit.is_sure else " (not sure that it fits)"
        print(f"{hit.score:6.3f}  {hit.start_seconds:7.1f} s  {hit.entry.title}{doubt}")
    if not hits:
        print("nothing in the library fits")
    return 0


def _print_moments(service: VideoBertService, parsed: argparse.Namespace) -> int:
    from videobert_demo.service.moments import moments_report

    with service.open_library(create=False) as library:
        found = service.library_moments(library, parsed.text, count=parsed.count)
    if parsed.reel is not None and found:
        with written(parsed.reel):
            service.write_moments(found, parsed.reel)
    if parsed.json:
        print(json.dumps(moments_report(parsed.text, found)["moments"]))
        return 0
    for one in found:
        title = "" if one.entry is None else one.entry.title
        doubt = "" if one.is_sure else " (not sure that it fits)"
        moment = one.moment
        print(f"{moment.score:6.3f}  {moment.start_seconds:7.1f} to {moment.end_seconds:7.1f} s  {title}{doubt}")
    if not found:
        print("no clip of the library can be looked at; their files may have gone")
    return 0
