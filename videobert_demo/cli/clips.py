"""The commands `caption` and `ask`: a sentence for each clip, or an answer about one."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from videobert_demo.cli.options import (
    add_json_option,
    add_shard_options,
    checkpoint_options,
    engine_options,
    language_option,
    load_service,
    neutral_option,
)
from videobert_demo.errors import DataError


def add_commands(commands: Any) -> None:
    """Adds the commands to what `add_subparsers` gave."""
    caption = commands.add_parser(
        "caption",
        parents=[checkpoint_options(), neutral_option(), language_option(), engine_options()],
        help="caption clips",
    )
    caption.add_argument(
        "files", nargs="+", metavar="FILE", help="video files, folders of them; with --engine ray also addresses, @LIST"
    )
    caption.add_argument(
        "--out",
        type=Path,
        help="a .jsonl or .csv file for one row a clip; a .jsonl file of an interrupted run is continued. "
        "With --engine ray a folder of Parquet files, which is continued too",
    )
    add_shard_options(caption)
    add_json_option(caption, "one JSON object a clip")
    caption.set_defaults(run=run_caption)

    ask = commands.add_parser(
        "ask", parents=[checkpoint_options(), neutral_option(), language_option()], help="ask a question about one clip"
    )
    ask.add_argument("file", help="a video file")
    ask.add_argument("question", help="in English or Chinese, such as 'what is the man doing?'")
    add_json_option(ask)
    ask.set_defaults(run=run_ask)


def run_caption(parsed: argparse.Namespace) -> int:
    """`caption FILE ...`; the exit status is 1 if a file has no caption."""
    if parsed.engine == "ray":
        from videobert_demo.cli.many import caption_by_ray

        return caption_by_ray(parsed)
    if parsed.out is not None or len(parsed.files) > 1 or Path(parsed.files[0]).is_dir():
        return _caption_many(parsed)
    from videobert_demo.service.reports import caption_report

    service = load_service(parsed)
    started = time.perf_counter()
    clip = service.open(parsed.files[0])
    result = service.caption(clip, language=parsed.language)
    if parsed.json:
        print(json.dumps(caption_report(clip.info, clip.frames, result, time.perf_counter() - started)))
    else:
        print(_said(result.text, result.holds, unsure=result.can_tell and not result.is_sure))
    return 0


def _caption_many(parsed: argparse.Namespace) -> int:
    from tqdm import tqdm

    from videobert_demo.service.files import RowFile, caption_files, list_files

    files = list_files([Path(name) for name in parsed.files])
    if not files:
        raise DataError(f"There is no clip in {', '.join(parsed.files)}; name a folder with clips, or a file.")
    failed = 0
    with RowFile(parsed.out) as rows:
        service = load_service(parsed)
        for row in tqdm(
            caption_files(service, files, rows.kept, language=parsed.language),
            total=len(files),
            unit="clip",
            disable=not parsed.out,
        ):
            rows.add(row)
            failed += "error" in row
            if parsed.out is None:
                _print_row(row, as_json=parsed.json)
    if parsed.out is not None:
        print(f"{len(files) - failed} captioned, {failed} failed: {parsed.out}")
    return 1 if failed else 0


def _print_row(row: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(row), flush=True)
    else:
        unsure = row.get("can_tell", True) and not row.get("sure", True)
        said = _said(row.get("caption") or row["error"], row.get("holds", ""), unsure=unsure)
        print(f"{row['file']}: {said}", flush=True)


def _said(text: str, holding: str, *, unsure: bool) -> str:
    """What a person reads of a clip: its caption, or, where that is not sure, only the part that holds."""
    if not unsure:
        return text
    return f"not sure, but: {holding}" if holding else "not sure"


def run_ask(parsed: argparse.Namespace) -> int:
    """`ask FILE QUESTION`."""
    from videobert_demo.service.reports import answer_report

    service = load_service(parsed)
    started = time.perf_counter()
    clip = service.open(parsed.file)
    result = service.answer(clip, parsed.question, language=parsed.language)
    if parsed.json:
        shares = service.answer_frames(clip, result)
        print(json.dumps(answer_report(clip.frames, result, shares, time.perf_counter() - started)))
    else:
        if not result.can_tell:
            print(result.text)
            return 0
        print(f"{result.text} ({result.probability:.0%}{'' if result.is_sure else ', not sure'})")
    return 0
