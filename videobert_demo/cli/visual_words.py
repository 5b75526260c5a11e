"""The commands `tokens`, `cloze`, `align`, `reel` and `classify`: what the model itself sees.

Neighbours come from the bundled examples and, where one is named, from the lasting library.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.cli.options import (
    add_json_option,
    checkpoint_options,
    library_options,
    load_service,
    print_report,
)
from videobert_demo.errors import SettingsError

if TYPE_CHECKING:
    from videobert_demo.service.segments import Neighbour
    from videobert_demo.types.visual_words import Guess, VisualWord

_SENTENCE = "such as 'a dog runs on the grass'"


def add_commands(commands: Any) -> None:
    """Adds the commands to what `add_subparsers` gave."""
    alone, beside_library = [checkpoint_options()], [checkpoint_options(), library_options()]

    tokens = commands.add_parser(
        "tokens", parents=beside_library, help="visual words of one clip, and similar segments"
    )
    tokens.set_defaults(run=run_tokens)

    cloze = commands.add_parser("cloze", parents=alone, help="fill in hidden words with one clip")
    cloze.set_defaults(run=run_cloze)

    align = commands.add_parser("align", parents=alone, help="how well a sentence fits one clip, moment by moment")
    align.set_defaults(run=run_align)

    classify = commands.add_parser("classify", parents=alone, help="what kind of clip it is")
    classify.set_defaults(run=run_classify)

    for command in (tokens, cloze, align, classify):
        command.add_argument("file", help="a video file")
    cloze.add_argument("sentence", help="with ___ for a hidden word, such as 'a man is playing a ___'")
    cloze.add_argument("--hide-segments", default="", help="segments of the clip to hide and guess, such as 0,3")
    align.add_argument("sentence", help=_SENTENCE)
    classify.add_argument("--labels", default="", help="labels of your own, separated by commas")

    reel = commands.add_parser("reel", parents=beside_library, help="write a row of visual words for a sentence")
    reel.add_argument("sentence", help=_SENTENCE)
    reel.add_argument("--segments", type=int, default=6, help="how many (default: 6, at most the model's frames)")
    reel.add_argument("--temperature", type=float, default=1.0, help="0 to 5; 0 takes the likeliest (default: 1)")
    reel.add_argument("--seed", type=int, default=0, help="the same seed gives the same row (default: 0)")
    reel.add_argument("--out", type=Path, help="also film the segments that show it, as a .webm file")
    reel.set_defaults(run=run_reel)
    for command in (tokens, cloze, align, reel, classify):
        add_json_option(command)


def run_tokens(parsed: argparse.Namespace) -> int:
    """`tokens FILE`."""
    from videobert_demo.service.reports import tokens_report

    started = time.perf_counter()
    service = load_service(parsed)
    clip = service.open(parsed.file)
    found = service.inspect(clip)
    report = tokens_report(found, service.forecast(clip))

    def lines() -> Iterable[str]:
        for segment, near in zip(found.segments, found.neighbours, strict=True):
            same = " (same word)" if near and near[0].is_same_word else ""
            word = f"{_named(segment.word)}  distance {segment.word.value:.2f}"
            yield f"{segment.moment_seconds:7.1f} s  {word}{_first(near)}{same}"

    return print_report(parsed, report, started, lines)


def run_cloze(parsed: argparse.Namespace) -> int:
    """`cloze FILE SENTENCE`."""
    from videobert_demo.service.reports import cloze_report

    started = time.perf_counter()
    texts = [text.strip() for text in parsed.hide_segments.split(",") if text.strip()]
    if not all(text.isdecimal() for text in texts):
        raise SettingsError("--hide-segments is {value}; give numbers from 0, such as 0,3.", value=parsed.hide_segments)
    service = load_service(parsed)
    filled = service.fill(service.open(parsed.file), parsed.sentence, (), [int(text) for text in texts])

    def lines() -> Iterable[str]:
        for blank in filled.blanks:
            yield f"word {blank.position + 1} with the clip:     {_row(blank.with_clip)}"
            yield f"word {blank.position + 1} without the clip:  {_row(blank.without_clip)}"
        for index, words in filled.segments:
            yield f"segment {index}: " + ", ".join(f"{_named(one)} {one.value:.1%}" for one in words)
        if not filled.blanks and not filled.segments:
            yield "Nothing is hidden; write ___ in place of a word."

    return print_report(parsed, cloze_report(filled), started, lines)


def run_align(parsed: argparse.Namespace) -> int:
    """`align FILE SENTENCE`."""
    from videobert_demo.service.reports import align_report

    started = time.perf_counter()
    service = load_service(parsed)
    found = service.align(service.open(parsed.file), parsed.sentence)

    def lines() -> Iterable[str]:
        yield f"whole clip  {found.probability:.1%}"
        for index, (seconds, score) in enumerate(zip(found.timestamps_seconds, found.moments, strict=True)):
            yield f"{seconds:8.1f} s  {score:.1%}{'  (peak)' if index == found.peak else ''}"

    return print_report(parsed, align_report(found), started, lines)


def run_reel(parsed: argparse.Namespace) -> int:
    """`reel SENTENCE`."""
    from videobert_demo.service.reports import reel_report

    started = time.perf_counter()
    service = load_service(parsed)
    reel = service.reel(parsed.sentence, segments=parsed.segments, temperature=parsed.temperature, seed=parsed.seed)
    if parsed.out is not None and reel.shown:
        try:
            service.film_reel([one.segment for one in reel.shown], parsed.out)
        except OSError as error:
            raise SettingsError("{name} cannot be written; choose another --out.", name=parsed.out.name) from error

    def lines() -> Iterable[str]:
        for index, word in enumerate(reel.words):
            yield f"{_named(word)}  {word.value:6.1%}{_first(reel.shown[index : index + 1])}"

    return print_report(parsed, reel_report(reel), started, lines)


def run_classify(parsed: argparse.Namespace) -> int:
    """`classify FILE`."""
    from videobert_demo.service.reports import classify_report

    started = time.perf_counter()
    service = load_service(parsed)
    found = service.classify(service.open(parsed.file), parsed.labels.split(","))

    def lines() -> Iterable[str]:
        for name, guesses in (
            ("verb", found.verbs),
            ("object", found.objects),
            ("verb, trained", found.trained_verbs),
            ("object, trained", found.trained_objects),
            ("category", found.categories),
            ("in the frames", found.labels),
        ):
            if guesses:
                yield f"{name + ':':17}{_row(guesses)}"
        for label in found.typed:
            yield f"{label.text}: {label.share:.1%} of the labels, belongs {label.alignment:.1%}"

    return print_report(parsed, classify_report(found), started, lines)


def _named(word: VisualWord) -> str:
    """A visual word with its name, if it has one."""
    return f"visual word {word.word_id:4}{f' ({word.name})' if word.name else ''}"


def _first(near: Sequence[Neighbour]) -> str:
    """Where the first neighbour is, if there is one."""
    return f"  {near[0].segment.title} at {near[0].segment.moment_seconds:.1f} s" if near else ""


def _row(guesses: Iterable[Guess]) -> str:
    return ", ".join(f"{guess.text} {guess.probability:.1%}" for guess in guesses)
