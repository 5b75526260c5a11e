"""The command `both`: the same question, word or sentence, asked of two clips."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from videobert_demo.cli.options import (
    add_json_option,
    checkpoint_options,
    language_option,
    load_service,
    neutral_option,
    print_report,
)


def add_commands(commands: Any) -> None:
    """Adds the command to what `add_subparsers` gave."""
    both = commands.add_parser(
        "both", parents=[checkpoint_options(), neutral_option(), language_option()], help="see two clips side by side"
    )
    both.add_argument("first", type=Path, help="a video file")
    both.add_argument("second", type=Path, help="another one")
    asked = both.add_mutually_exclusive_group(required=True)
    asked.add_argument("--question", help="such as 'what is the man doing?'")
    asked.add_argument("--word", help="such as 'dog': is it there, and when")
    asked.add_argument("--sentence", help="such as 'a dog runs on the grass': does it belong to them, and when")
    add_json_option(both)
    both.set_defaults(run=run_both)


def run_both(parsed: argparse.Namespace) -> int:
    """`both FIRST SECOND`."""
    from videobert_demo.service.side_by_side import QUERIES, ask_both, side_by_side_report

    started = time.perf_counter()
    query = next(one for one in QUERIES if getattr(parsed, one) is not None)
    service = load_service(parsed)
    clips = [service.open(path) for path in (parsed.first, parsed.second)]
    found = ask_both(service, clips, query, getattr(parsed, query), language=parsed.language)
    names = [parsed.first.name, parsed.second.name]

    def lines() -> Iterable[str]:
        for name, side in zip(names, found.sides, strict=True):
            answer = f"{side.text}, " if side.text else ""
            doubt = "" if side.is_sure else ", not sure"
            moment = float(side.clip.frames.timestamps_seconds[side.peak])
            yield f"{name}: {answer}{side.probability:.0%}{doubt}, most at {moment:.1f} s"
        yield f"likeness of the two clips: {found.likeness:.2f}"

    return print_report(parsed, side_by_side_report(found, names), started, lines)
