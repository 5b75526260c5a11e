"""The command `models`: two checkpoints side by side on one clip."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.cli.options import (
    add_json_option,
    checkpoint_options,
    language_option,
    neutral_option,
    print_report,
)

if TYPE_CHECKING:
    from videobert_demo.service.compare_models import Form, ModelSide

_FORMS: dict[Form, str] = {
    "running": "",
    "named": "",
    "eight_bits": ", weights in 8 bits",
    "light": ", computing in 8 bits",
    "full": ", computing in full precision",
}


def add_commands(commands: Any) -> None:
    """Adds the command to what `add_subparsers` gave."""
    models = commands.add_parser(
        "models",
        parents=[checkpoint_options(), neutral_option(), language_option()],
        help="see two checkpoints side by side",
    )
    models.add_argument("clip", type=Path, help="a video file")
    models.add_argument(
        "--second",
        help="a folder or a Hub id (default: VIDEOBERT_SECOND_CHECKPOINT, else the first one in another form)",
    )
    models.add_argument("--question", default="", help="such as 'what is the man doing?'; both answer it")
    models.add_argument("--word", default="", help="both look for it (default: the main noun of the first caption)")
    add_json_option(models)
    models.set_defaults(run=run_models)


def run_models(parsed: argparse.Namespace) -> int:
    """`models CLIP`."""
    from videobert_demo import load
    from videobert_demo.service.compare_models import model_comparison_report
    from videobert_demo.settings import Settings

    started = time.perf_counter()
    settings = Settings.from_environment().with_options(neutral_words=parsed.neutral_words)
    if parsed.second is not None:
        settings = replace(settings, second_checkpoint=parsed.second)
    service = load(parsed.checkpoint, revision=parsed.revision, settings=settings)
    found = service.compare_models(parsed.clip, question=parsed.question, word=parsed.word)
    found = service.in_language(found, parsed.language)

    def lines() -> Iterable[str]:
        for side in found.sides:
            yield from _lines(side, found.word)

    return print_report(parsed, model_comparison_report(found), started, lines)


def _lines(side: ModelSide, word: str) -> Iterable[str]:
    yield f"{side.name}{_FORMS[side.form]}: {side.megabytes:.1f} MB"
    yield f"  {side.caption.text}{'' if side.caption.is_sure else ' (not sure)'}"
    if side.answer is not None:
        yield f"  {side.answer.question} {side.answer.text}, {side.answer.probability:.0%}"
    if side.heatmap is not None:
        yield f"  {word}: most at {float(side.heatmap.timestamps_seconds[side.hottest]):.1f} s"
    yield "  " + ", ".join(f"{step} {1000 * taken:.0f} ms" for step, taken in side.seconds.items())
