"""Commands that tell what happens in a film: `events`, `slots`, `compare`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from videobert_demo.cli.options import (
    add_json_option,
    check_count,
    checkpoint_options,
    load_service,
    print_report,
)
from videobert_demo.cli.own_films import look_at, progress_line
from videobert_demo.errors import SettingsError

if TYPE_CHECKING:
    from videobert_demo.timeline.events import Events


def add_commands(commands: Any) -> None:
    """Adds the commands to what `add_subparsers` gave."""
    events = commands.add_parser(
        "events", parents=[checkpoint_options()], help="when something happens in a clip, how often, how long"
    )
    events.add_argument("file", help="a video file")
    events.add_argument("text", help="what happens, such as 'a man rides a bicycle'")
    add_json_option(events)
    events.set_defaults(run=run_events)

    slots = commands.add_parser(
        "slots", parents=[checkpoint_options()], help="where an interruption of a clip hurts least"
    )
    slots.add_argument("file", help="a video file")
    slots.add_argument("--count", type=int, default=5, help="how many places at most (default: 5)")
    slots.add_argument("--gap", type=float, default=0.0, metavar="SECONDS", help="how far apart they are at least")
    shown = slots.add_mutually_exclusive_group()
    shown.add_argument("--text", help="what is to be shown there")
    shown.add_argument("--clip", metavar="FILE", help="the same as a video file")
    add_json_option(slots)
    slots.set_defaults(run=run_slots)

    compare = commands.add_parser("compare", parents=[checkpoint_options()], help="find what two clips share")
    compare.add_argument("file", help="a video file")
    compare.add_argument("other", help="another one")
    add_json_option(compare)
    compare.set_defaults(run=run_compare)


def run_events(parsed: argparse.Namespace) -> int:
    """`events FILE TEXT`."""
    from videobert_demo.service.happenings import events_report

    started = time.perf_counter()
    service = load_service(parsed, own_films=True)
    look_at(service, parsed.file)
    events = service.events(parsed.file, parsed.text)
    return print_report(parsed, events_report(parsed.text, events), started, lambda: _event_lines(events))


def run_slots(parsed: argparse.Namespace) -> int:
    """`slots FILE`."""
    from videobert_demo.service.happenings import slots_report

    check_count(parsed.count)
    if not 0 <= parsed.gap < float("inf"):
        raise SettingsError(f"--gap is {parsed.gap}; it must be a number of seconds, 0 or more.")
    started = time.perf_counter()
    service = load_service(parsed, own_films=True)
    service.scenes(parsed.file, on_progress=progress_line())
    look_at(service, parsed.file)
    slots = service.slots(
        parsed.file, count=parsed.count, text=parsed.text, clip=parsed.clip, min_gap_seconds=parsed.gap
    )
    lines = [f"{one.seconds:8.1f} s  {one.score:.3f}  change {one.change:.2f}, calm {one.calm:.2f}" for one in slots]
    return print_report(
        parsed, slots_report(slots), started, lambda: lines or ["the clip is one scene: there is no such place"]
    )


def run_compare(parsed: argparse.Namespace) -> int:
    """`compare FILE OTHER`."""
    from videobert_demo.service.happenings import passages_report

    started = time.perf_counter()
    service = load_service(parsed, own_films=True)
    look_at(service, parsed.file, parsed.other)
    passages = service.compare(parsed.file, parsed.other)
    lines = [
        f"{one.first[0]:8.1f} to {one.first[1]:8.1f} s  is  {one.second[0]:8.1f} to {one.second[1]:8.1f} s  "
        f"(offset {one.offset_seconds:+.1f} s, likeness {one.likeness:.2f})"
        for one in passages
    ]
    return print_report(parsed, passages_report(passages), started, lambda: lines or ["the clips share no passage"])


def _event_lines(events: Events) -> Iterator[str]:
    least, most = events.count_range
    count = len(events.events)
    yield (
        f"{count} {'time' if count == 1 else 'times'} (between {least} and {most}), "
        f"{events.total_seconds:.1f} s in all (± {events.total_deviation_seconds:.1f})"
    )
    for one in events.events:
        yield (
            f"{one.start_seconds:8.1f} to {one.end_seconds:8.1f} s  {one.probability:4.0%}  "
            f"starts {one.start_range[0]:.1f} to {one.start_range[1]:.1f}, "
            f"ends {one.end_range[0]:.1f} to {one.end_range[1]:.1f}"
        )
