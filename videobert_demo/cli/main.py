"""The command line: `videobert-demo COMMAND`, or `python -m videobert_demo COMMAND`. Puts the commands together.

What a command does is in the file of its group; nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from videobert_demo import __version__
from videobert_demo.cli import (
    both,
    clips,
    compressing,
    corrections,
    evaluation,
    films,
    finetune,
    happenings,
    libraries,
    models,
    own_labels,
    parts,
    scenes,
    serve,
    subtitles,
    training,
    translation,
    visual_words,
    watching,
)
from videobert_demo.errors import VideoBertDemoError
from videobert_demo.settings import rest_threads


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands; what it returns has a function `run` that takes it."""
    parser = argparse.ArgumentParser(prog="python -m videobert_demo", description="VideoBERT with a BART decoder.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    for group in (
        serve,
        clips,
        scenes,
        films,
        happenings,
        watching,
        subtitles,
        libraries,
        own_labels,
        corrections,
        both,
        models,
        visual_words,
        parts,
        training,
        finetune,
        compressing,
        translation,
        evaluation,
    ):
        group.add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status: 0 done, 1 refused with a sentence on stderr, 130 interrupted."""
    rest_threads()
    if isinstance(sys.stdout, io.TextIOWrapper):  # a file's name may hold bytes that are no Unicode
        sys.stdout.reconfigure(errors="backslashreplace")
    parsed = build_parser().parse_args(arguments)
    try:
        status = int(parsed.run(parsed))
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # who reads it has read enough, as `| head` does
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the process ends
        return 0
    except VideoBertDemoError as error:
        print(f"{parsed.command}: {error.message}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.filename is None or error.strerror is None:
            raise
        print(f"{parsed.command}: {error.filename} cannot be used ({error.strerror}).", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{parsed.command}: interrupted", file=sys.stderr)
        return 130
