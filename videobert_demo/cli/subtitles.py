"""The command `subtitles`: what is said in a clip, searched, and what the model makes of it beside the frames."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from videobert_demo.cli.options import add_json_option, checkpoint_options, language_option, load_service, print_report

if TYPE_CHECKING:
    from videobert_demo.types import Caption, Cue


def add_commands(commands: Any) -> None:
    """Adds the command to what `add_subparsers` gave."""
    subtitles = commands.add_parser(
        "subtitles",
        parents=[checkpoint_options(), language_option()],
        help="what is said in a clip, and the caption beside it",
    )
    subtitles.add_argument("file", help="a video file")
    subtitles.add_argument("--from", dest="source", metavar="SUBTITLES", help="an .srt, .vtt or .ass file of it")
    subtitles.add_argument("--find", metavar="WORDS", help="only the cues with these words")
    subtitles.add_argument(
        "--caption", action="store_true", help="also tell the clip's caption, from frames alone and beside the words"
    )
    add_json_option(subtitles)
    subtitles.set_defaults(run=run_subtitles)


def run_subtitles(parsed: argparse.Namespace) -> int:
    """`subtitles FILE`."""
    from videobert_demo.service.subtitles import subtitles_report

    started = time.perf_counter()
    service = load_service(parsed, own_films=True)
    subtitles = service.subtitles(parsed.file, parsed.source)
    found = subtitles.cues if parsed.find is None else subtitles.find(parsed.find)
    report = subtitles_report(subtitles, found)
    captions: list[tuple[str, Caption]] = []
    if parsed.caption:
        clip = service.open(parsed.file)
        words = subtitles.words_between(0.0, float("inf"))
        captions = [
            ("frames", service.caption(clip, language=parsed.language).candidates[0]),
            (
                "frames and words",
                service.in_language(service.caption_with_words(clip, words).candidates[0], parsed.language),
            ),
        ]
        report["captions"] = {name: caption.text for name, caption in captions}
    return print_report(parsed, report, started, lambda: _lines(found, captions))


def _lines(cues: tuple[Cue, ...], captions: list[tuple[str, Caption]]) -> Iterator[str]:
    if not cues:
        yield "nobody says that"
    for cue in cues:
        yield f"{cue.start_seconds:8.1f} to {cue.end_seconds:8.1f} s  {cue.text}"
    for name, caption in captions:
        yield f"{name}: {caption.text}"
