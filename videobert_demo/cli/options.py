"""Options that several commands share, and what is made of them. It knows no single command."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.cli.own_films import lift_limits
from videobert_demo.errors import SettingsError

if TYPE_CHECKING:
    from videobert_demo.service.service import VideoBertService


def checkpoint_options() -> argparse.ArgumentParser:
    """--checkpoint and --revision."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--checkpoint", help="a folder or a Hub id (default: VIDEOBERT_CHECKPOINT, else the bundled one)"
    )
    options.add_argument("--revision", help="branch, tag or commit of a Hub checkpoint")
    return options


def library_options() -> argparse.ArgumentParser:
    """--library."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--library", help="a folder, or the address of a Milvus server (default: VIDEOBERT_LIBRARY_URI)"
    )
    return options


def neutral_option() -> argparse.ArgumentParser:
    """--neutral-words."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--neutral-words",
        action="store_true",
        help="say person, child and people, not man, woman, boy, girl (default: VIDEOBERT_NEUTRAL_WORDS, else off)",
    )
    return options


def language_option() -> argparse.ArgumentParser:
    """--language."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--language", choices=("en", "zh"), default="en", help="of what the model says (default: en); zh is Chinese"
    )
    return options


def engine_options() -> argparse.ArgumentParser:
    """--engine, and what belongs to it."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--engine", choices=("here", "ray"), default="here", help="where the work is done: in this process, or by Ray"
    )
    options.add_argument(
        "--ray-address",
        metavar="A",
        help="the Ray cluster that this machine belongs to: auto, or such as head:6379 (default: this machine alone)",
    )
    return options


def add_shard_options(command: argparse.ArgumentParser) -> None:
    """What a job in shards also has."""
    command.add_argument("--shard-clips", type=int, default=256, help="with --engine ray: clips a shard (default: 256)")
    command.add_argument(
        "--retry-errors", action="store_true", help="with --engine ray: try clips again that had an error"
    )


def add_json_option(command: argparse.ArgumentParser, what: str = "one JSON object") -> None:
    """--json."""
    command.add_argument("--json", action="store_true", help=f"print {what}")


def check_count(count: int) -> None:
    """Refuses a --count below 1."""
    if count < 1:
        raise SettingsError(f"--count is {count}; it must be at least 1.")


def check_new_folder(out: Path) -> None:
    """Refuses an --out that is a file, lies under one, or is a folder with something in it."""
    if any(one.exists() and not one.is_dir() for one in (out, *out.parents)):
        raise SettingsError(f"{out} is a file, or lies under one; choose another folder for --out.")
    if out.is_dir() and any(out.iterdir()):
        raise SettingsError(f"{out} is not empty; choose another folder for --out.")


def load_service(parsed: argparse.Namespace, *, own_films: bool = False) -> VideoBertService:
    """The service with the checkpoint, and the library if the command has one, that were asked for.

    Args:
        parsed: the options of the command.
        own_films: whether it reads films on one's own disk, however large and long.
    """
    from videobert_demo import load
    from videobert_demo.settings import Settings

    settings = Settings.from_environment().with_options(neutral_words=getattr(parsed, "neutral_words", False))
    if own_films:
        settings = lift_limits(settings)
    library = getattr(parsed, "library", None)
    if library is not None:
        settings = replace(settings, library=library)
    return load(parsed.checkpoint, revision=parsed.revision, settings=settings)


def print_report(
    parsed: argparse.Namespace, report: Mapping[str, Any], started: float, lines: Callable[[], Iterable[str]]
) -> int:
    """Prints a result: one JSON object with the time it took, or lines for a person; returns the exit status.

    Args:
        started: when it began, by `time.perf_counter`.
        lines: makes the lines, without line ends.
    """
    if parsed.json:
        print(json.dumps({**report, "seconds": round(time.perf_counter() - started, 3)}))
    else:
        print("\n".join(lines()))
    return 0
