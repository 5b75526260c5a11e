"""Commands that ask something of a whole film: `moments`, `summary`, `cut`. They may write a film of its parts."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.cli.options import (
    add_json_option,
    check_count,
    checkpoint_options,
    language_option,
    load_service,
    neutral_option,
    print_report,
)
from videobert_demo.cli.own_films import look_at, progress_line
from videobert_demo.errors import SettingsError
from videobert_demo.timeline.exports.cuts import CUT_FORMATS

if TYPE_CHECKING:
    from videobert_demo.service.moments import FoundMoment
    from videobert_demo.service.service import VideoBertService
    from videobert_demo.timeline.spans import Span


def add_commands(commands: Any) -> None:
    """Adds the commands to what `add_subparsers` gave."""
    moments = commands.add_parser(
        "moments", parents=[checkpoint_options()], help="find the time ranges of a clip that fit a sentence"
    )
    moments.add_argument("file", help="a video file")
    moments.add_argument("text", help="such as 'a dog runs on the grass'")
    moments.add_argument("--count", type=int, default=5, help="how many ranges at most (default: 5)")
    moments.add_argument("--reel", type=Path, metavar="PATH", help="also write the ranges as one film, .mp4 or .webm")
    moments.add_argument(
        "--cut", type=Path, metavar="PATH", help="also write the ranges as a cut list, .json, .csv or .edl"
    )
    add_json_option(moments)
    moments.set_defaults(run=run_moments)

    summary = commands.add_parser(
        "summary",
        parents=[checkpoint_options(), neutral_option(), language_option()],
        help="the few scenes that cover a clip best, and a paragraph about them",
    )
    summary.add_argument("file", help="a video file")
    summary.add_argument("--count", type=int, default=5, help="how many scenes at most (default: 5)")
    summary.add_argument("--reel", type=Path, metavar="PATH", help="also write the scenes as one film, .mp4 or .webm")
    add_json_option(summary)
    summary.set_defaults(run=run_summary)

    cut = commands.add_parser("cut", parents=[checkpoint_options()], help="cut a clip by words")
    cut.add_argument("file", help="a video file")
    cut.add_argument("text", help="such as 'remove the parts without people'; what fits a bare sentence is kept")
    cut.add_argument("--format", choices=tuple(CUT_FORMATS), default="json", help="of the cut list (default: json)")
    cut.add_argument("--out", type=Path, metavar="PATH", help="file for the cut list (default: standard output)")
    cut.add_argument("--film", type=Path, metavar="PATH", help="also write the film that is left, .mp4 or .webm")
    cut.set_defaults(run=run_cut)


def run_moments(parsed: argparse.Namespace) -> int:
    """`moments FILE TEXT`."""
    from videobert_demo.service.moments import moments_report

    check_count(parsed.count)
    check_folders(parsed.reel, parsed.cut)
    forms = {ending: name for name, (_, ending) in CUT_FORMATS.items()}
    if parsed.cut is not None and parsed.cut.suffix.lower() not in forms:
        raise SettingsError(f"{parsed.cut} is no name of a cut list; let it end with one of {', '.join(forms)}.")
    started = time.perf_counter()
    service = load_service(parsed, own_films=True)
    look_at(service, parsed.file)
    found = service.moments(parsed.file, parsed.text, count=parsed.count)
    if parsed.reel is not None:
        with written(parsed.reel):
            service.write_moments(found, parsed.reel, path=parsed.file)
    if parsed.cut is not None:
        text = CUT_FORMATS[forms[parsed.cut.suffix.lower()]][0](service.cut_of(parsed.file, found))
        with written(parsed.cut):
            parsed.cut.write_text(text, encoding="utf-8", newline="")
    return print_report(parsed, moments_report(parsed.text, found), started, lambda: map(_line, found))


def run_summary(parsed: argparse.Namespace) -> int:
    """`summary FILE`."""
    from videobert_demo.service.films import summary_report
    from videobert_demo.timeline.exports.clock import clock_seconds

    check_count(parsed.count)
    check_folders(parsed.reel)
    started = time.perf_counter()
    service = load_service(parsed, own_films=True)
    summary = service.summary_of(
        service.scenes(parsed.file, on_progress=progress_line(), language=parsed.language), count=parsed.count
    )
    summary = service.in_language(summary, parsed.language)
    _write_film(service, parsed.file, summary.spans, parsed.reel)
    lines = [summary.text, *(f"{clock_seconds(scene.start_seconds):>7}  {scene.caption}" for scene in summary.scenes)]
    return print_report(parsed, summary_report(summary), started, lambda: lines)


def run_cut(parsed: argparse.Namespace) -> int:
    """`cut FILE TEXT`."""
    check_folders(parsed.out, parsed.film)
    service = load_service(parsed, own_films=True)
    look_at(service, parsed.file)
    cuts = service.cut(parsed.file, parsed.text)
    write, _ = CUT_FORMATS[parsed.format]
    if parsed.out is None:
        sys.stdout.write(write(cuts))
    else:
        with written(parsed.out):
            parsed.out.write_text(write(cuts), encoding="utf-8", newline="")
    _write_film(service, parsed.file, cuts.kept, parsed.film)
    if not cuts.is_sure:
        print("cut: nothing in the clip is sure to fit; look at the list before you use it", file=sys.stderr)
    return 0


def check_folders(*paths: Path | None) -> None:
    """Refuses to begin work whose result could not be written."""
    for path in paths:
        if path is not None and not path.absolute().parent.is_dir():
            raise SettingsError(f"There is no folder {path.absolute().parent}; make it, or name another file.")


def _write_film(service: VideoBertService, file: str, spans: Sequence[Span], out: Path | None) -> None:
    if out is None:
        return
    with written(out):
        service.write_cut(file, spans, out)


@contextlib.contextmanager
def written(path: Path) -> Iterator[None]:
    """Tells in a sentence why a file cannot be written."""
    try:
        yield
    except OSError as error:
        raise SettingsError(f"{path} cannot be written ({error.strerror}); name another file.") from error


def _line(found: FoundMoment) -> str:
    moment = found.moment
    doubt = "" if found.is_sure else "  (not sure that it fits)"
    return f"{moment.start_seconds:8.1f} to {moment.end_seconds:8.1f} s  {moment.score:6.3f}{doubt}"
