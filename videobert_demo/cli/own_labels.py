"""The commands `label` and `labels`: names that a person teaches a library with a few clips or moments."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.cli.options import (
    add_json_option,
    checkpoint_options,
    library_options,
    load_service,
    print_report,
)

if TYPE_CHECKING:
    from videobert_demo.service.results import LabelExample, OwnLabel
    from videobert_demo.service.service import VideoBertService

_MOMENT = re.compile(r"(.+)@(\d+(?:\.\d+)?)")


def add_commands(commands: Any) -> None:
    """Adds the commands to what `add_subparsers` gave."""
    parents = [checkpoint_options(), library_options()]
    label = commands.add_parser("label", parents=parents, help="teach a library a label of your own")
    label.add_argument("name", help="such as 'my dog jumping'; a label of this name is taught anew")
    label.add_argument(
        "examples", nargs="+", metavar="FILE", help="three or more clips; FILE@12.5 is the moment at that second"
    )
    add_json_option(label)
    label.set_defaults(run=run_label)

    labels = commands.add_parser("labels", parents=parents, help="the labels of a library, or those that fit a clip")
    labels.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a clip; without it all labels are listed")
    labels.add_argument("--remove", metavar="NAME", help="forget this label first")
    add_json_option(labels)
    labels.set_defaults(run=run_labels)


def run_label(parsed: argparse.Namespace) -> int:
    """`label NAME FILE ...`."""
    from videobert_demo.service.reports import own_label_report

    started = time.perf_counter()
    service = load_service(parsed)
    with service.open_library() as library:
        examples = [_example(service, text) for text in parsed.examples]
        label = service.teach_label(library, parsed.name, examples)
    return print_report(parsed, own_label_report(label), started, lambda: [_told(label)])


def run_labels(parsed: argparse.Namespace) -> int:
    """`labels [FILE]`; the exit status is 1 if the label to remove is not there."""
    from videobert_demo.errors import LibraryError
    from videobert_demo.service.reports import own_label_report, own_scores_report

    started = time.perf_counter()
    service = load_service(parsed)
    with service.open_library(create=False) as library:
        if parsed.remove is not None and not service.drop_label(library, parsed.remove):
            raise LibraryError("There is no label {name} in the library.", name=parsed.remove)
        if parsed.file is None:
            labels = service.own_labels(library)
            report = {"labels": [own_label_report(label) for label in labels]}
            return print_report(parsed, report, started, lambda: [_told(label) for label in labels] or ["no labels"])
        scores = service.score_labels(library, service.open(parsed.file))

    def lines() -> Iterable[str]:
        for one in scores:
            fits = "fits" if one.fits else "does not fit"
            yield f"{one.name}: {fits} ({one.score:.3f}, from {one.threshold:.3f} on), most at {one.peak_seconds:.1f} s"

    return print_report(parsed, {"own_labels": own_scores_report(scores)}, started, lines)


def _told(label: OwnLabel) -> str:
    fit = label.fit
    return (
        f"{label.name}: {fit.accuracy:.0%} right with each left out; {fit.found} of {fit.examples} examples are found "
        f"by the others, {fit.taken} of {fit.others} other moments are taken for it"
    )


def _example(service: VideoBertService, text: str) -> LabelExample:
    """A clip, or with FILE@SECONDS its moment that is nearest to that second, unless a file has that very name."""
    moment = None if Path(text).exists() else _MOMENT.fullmatch(text)
    path = moment[1] if moment else text
    clip = service.open(path)
    return service.label_example(clip, Path(path).name, seconds=float(moment[2]) if moment else None)
