"""The commands `correct` and `corrections`: a mended caption or answer, and all of a library as training data."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from videobert_demo.cli.options import (
    add_json_option,
    checkpoint_options,
    library_options,
    load_service,
    print_report,
)
from videobert_demo.errors import LibraryError, QuestionError


def add_commands(commands: Any) -> None:
    """Adds the commands to what `add_subparsers` gave."""
    parents = [checkpoint_options(), library_options()]
    correct = commands.add_parser("correct", parents=parents, help="keep the right caption or answer of a clip")
    correct.add_argument("file", type=Path, help="a video file; it is copied into the library")
    correct.add_argument("text", nargs="?", help="what is right")
    correct.add_argument("--question", default="", help="the text is the answer to it; otherwise it is a caption")
    correct.add_argument("--take-back", action="store_true", help="forget what was kept, in place of a text")
    add_json_option(correct)
    correct.set_defaults(run=run_correct)

    written = commands.add_parser(
        "corrections", parents=[checkpoint_options()], help="write a library's corrections as training data"
    )
    written.add_argument("library", metavar="LIBRARY", help="the library's folder")
    written.add_argument("--out", type=Path, required=True, help="a folder for the clips and captions.jsonl")
    add_json_option(written)
    written.set_defaults(run=run_corrections)


def run_correct(parsed: argparse.Namespace) -> int:
    """`correct FILE TEXT`, or `correct FILE --take-back`."""
    started = time.perf_counter()
    if (parsed.text is None) != parsed.take_back:
        raise QuestionError("Give the right words, or --take-back, and not both.")
    service = load_service(parsed)
    if parsed.take_back:
        with service.open_library(create=False) as library:
            kept = service.find_correction(library, parsed.file, question=parsed.question)
            if kept is None:
                raise LibraryError("Nothing is kept of {name} that could be taken back.", name=parsed.file.name)
            service.drop_correction(library, kept)
        return print_report(parsed, kept.row(), started, lambda: [f"taken back: {kept.sentence}"])
    with service.open_library() as library:
        correction = service.make_correction(parsed.file, parsed.text, question=parsed.question)
        service.keep_correction(library, parsed.file, correction)
    return print_report(parsed, correction.row(), started, lambda: [f"kept: {correction.sentence}"])


def run_corrections(parsed: argparse.Namespace) -> int:
    """`corrections LIBRARY --out DATA`; the exit status is 1 if a clip is no longer there."""
    started = time.perf_counter()
    service = load_service(parsed)
    with service.open_library(create=False) as library:
        count, gone = service.export_corrections(library, parsed.out)
    for name in gone:
        print(f"{name} is no longer in the library", file=sys.stderr)
    report = {"rows": count, "gone": list(gone)}
    print_report(parsed, report, started, lambda: [f"{count} corrections: {parsed.out}"])
    return 1 if gone else 0
