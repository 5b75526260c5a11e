"""The command `scenes`: what happens when in one clip, however long, in the form that somebody's tool reads.

The file is the person's own and the work can be interrupted, so it may be larger and longer than a stranger's.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from videobert_demo.cli.options import checkpoint_options, language_option, load_service, neutral_option
from videobert_demo.cli.own_films import progress_line
from videobert_demo.errors import SettingsError
from videobert_demo.timeline.exports.formats import FORMATS

_INTERRUPTED = 130


def add_commands(commands: Any) -> None:
    """Adds the command to what `add_subparsers` gave."""
    scenes = commands.add_parser(
        "scenes",
        parents=[checkpoint_options(), neutral_option(), language_option()],
        help="scenes and chapters of one clip, for players and editors",
    )
    scenes.add_argument("file", help="a video file")
    scenes.add_argument("--format", choices=tuple(FORMATS), default="json", help="default: json")
    scenes.add_argument("--out", type=Path, metavar="PATH", help="file to write (default: standard output)")
    scenes.add_argument("--film", type=Path, metavar="PATH", help="also write a copy of the film with its chapters")
    scenes.set_defaults(run=run_scenes)


def run_scenes(parsed: argparse.Namespace) -> int:
    """`scenes FILE`. Interrupted once it writes what it has; the exit status is then 130."""
    for path in (parsed.out, parsed.film):
        if path is not None and not path.absolute().parent.is_dir():
            raise SettingsError(f"There is no folder {path.absolute().parent}; make it, or name another file.")
    service = load_service(parsed, own_films=True)
    with _interrupts_counted() as is_cancelled:
        timeline = service.scenes(
            parsed.file, on_progress=progress_line(), is_cancelled=is_cancelled, language=parsed.language
        )
    timeline = service.in_language(timeline, parsed.language)
    text = FORMATS[parsed.format].write(timeline)
    if parsed.out is None:
        sys.stdout.write(text)
    else:
        try:
            parsed.out.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise SettingsError(f"{parsed.out} cannot be written ({error.strerror}); name another --out.") from error
    if parsed.film is not None:
        try:
            service.film_with_chapters(parsed.file, timeline, parsed.film)
        except OSError as error:
            raise SettingsError(f"{parsed.film} cannot be written ({error.strerror}); name another --film.") from error
    if timeline.scenes_left_out:
        print(
            f"scenes: the {len(timeline.scenes)} clearest scenes are listed; "
            f"{timeline.scenes_left_out} more were found and joined to them",
            file=sys.stderr,
        )
    if not timeline.is_complete:
        print(f"scenes: interrupted at {timeline.scenes[-1].end_seconds:.1f} s", file=sys.stderr)
        return _INTERRUPTED
    return 0


@contextlib.contextmanager
def _interrupts_counted() -> Iterator[Callable[[], bool]]:
    """Within the block the first Ctrl-C only makes the yielded function return True; a second one raises as always."""
    is_interrupted = False

    def note(_signal: int, _frame: object) -> None:
        nonlocal is_interrupted
        is_interrupted = True
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: is_interrupted
    finally:
        signal.signal(signal.SIGINT, before)
