"""The commands `tokens`, `cloze`, `align`, `reel` and `classify`: what the model itself sees. Parses, calls, prints.

Neighbours are looked for among the bundled examples and, where one is named, in the lasting library.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.errors import SettingsError

if TYPE_CHECKING:
    from videobert_demo.service.service import VideoBertService
    from videobert_demo.tasks.cloze import Guess


def add_commands(commands: Any, parents: list[argparse.ArgumentParser], library: argparse.ArgumentParser) -> None:
    """Adds the commands to the parser.

    Args:
        commands: what `add_subparsers` gave.
        parents: options of all of them.
        library: options of those that look into a library.
    """

    def add(name: str, text: str, *arguments: tuple[str, str], with_library: bool = False) -> argparse.ArgumentParser:
        command = commands.add_parser(name, parents=[*parents, library] if with_library else parents, help=text)
        for argument, meaning in arguments:
            command.add_argument(argument, help=meaning)
        command.add_argument("--json", action="store_true", help="print one JSON object")
        return command  # type: ignore[no-any-return]

    file, sentence = ("file", "a video file"), "in English, such as 'a dog runs on the grass'"
    add("tokens", "the visual words of one clip, and what is like them", file, with_library=True)
    blank = "in English, with ___ where a word is hidden, such as 'a man is playing a ___'"
    cloze = add("cloze", "fill in hidden words with one clip", file, ("sentence", blank))
    cloze.add_argument("--hide-segments", default="", help="segments of the clip to hide and guess, such as 0,3")
    add("align", "how likely a sentence belongs to one clip, moment by moment", file, ("sentence", sentence))
    reel = add("reel", "write a row of visual words for a sentence", ("sentence", sentence), with_library=True)
    reel.add_argument("--segments", type=int, default=6, help="how many (default: 6, at most the model's frames)")
    reel.add_argument("--temperature", type=float, default=1.0, help="0 to 5; 0 takes the likeliest (default: 1)")
    reel.add_argument("--seed", type=int, default=0, help="the same seed gives the same row (default: 0)")
    reel.add_argument("--out", type=Path, help="also film the segments that show it, as a .webm file")
    classify = add("classify", "what kind of clip it is", file)
    classify.add_argument("--labels", default="", help="labels of your own, with commas between them")


def run_tokens(parsed: argparse.Namespace) -> int:
    """`tokens FILE`."""
    from videobert_demo.service.reports import tokens_report

    started = time.perf_counter()
    service = _load(parsed)
    clip = service.open(parsed.file)
    found = service.inspect(clip)
    report = tokens_report(found, service.forecast(clip))

    def lines() -> Iterable[str]:
        for segment, likes in zip(found.segments, found.neighbours, strict=True):
            like = f"  {likes[0].segment.title} at {likes[0].segment.moment_seconds:.1f} s" if likes else ""
            same = " (same word)" if likes and likes[0].is_same_word else ""
            word = f"visual word {segment.word.word_id:4}  distance {segment.word.value:.2f}"
            yield f"{segment.moment_seconds:7.1f} s  {word}{like}{same}"

    return _tell(parsed, report, started, lines)


def run_cloze(parsed: argparse.Namespace) -> int:
    """`cloze FILE SENTENCE`."""
    from videobert_demo.service.reports import cloze_report

    started = time.perf_counter()
    texts = [text.strip() for text in parsed.hide_segments.split(",") if text.strip()]
    if not all(text.isdecimal() for text in texts):
        raise SettingsError("--hide-segments is {value}; give numbers from 0, such as 0,3.", value=parsed.hide_segments)
    service = _load(parsed)
    filled = service.fill(service.open(parsed.file), parsed.sentence, (), [int(text) for text in texts])

    def lines() -> Iterable[str]:
        for blank in filled.blanks:
            yield f"word {blank.place + 1} with the clip:     {_row(blank.with_clip)}"
            yield f"word {blank.place + 1} without the clip:  {_row(blank.without_clip)}"
        for place, words in filled.segments:
            yield f"segment {place}: " + ", ".join(f"visual word {one.word_id} {one.value:.1%}" for one in words)
        if not filled.blanks and not filled.segments:
            yield "Nothing is hidden; write ___ in place of a word."

    return _tell(parsed, cloze_report(filled), started, lines)


def run_align(parsed: argparse.Namespace) -> int:
    """`align FILE SENTENCE`."""
    from videobert_demo.service.reports import align_report

    started = time.perf_counter()
    service = _load(parsed)
    clip = service.open(parsed.file)
    found = service.align(clip, parsed.sentence)

    def lines() -> Iterable[str]:
        yield f"whole clip  {found.probability:.1%}"
        for index, (seconds, score) in enumerate(zip(found.timestamps_seconds, found.moments, strict=True)):
            yield f"{seconds:8.1f} s  {score:.1%}{'  (peak)' if index == found.peak else ''}"

    return _tell(parsed, align_report(found), started, lines)


def run_reel(parsed: argparse.Namespace) -> int:
    """`reel SENTENCE`."""
    from videobert_demo.service.reports import reel_report
    from videobert_demo.video.reel import film_reel

    started = time.perf_counter()
    service = _load(parsed)
    reel = service.reel(parsed.sentence, segments=parsed.segments, temperature=parsed.temperature, seed=parsed.seed)
    if parsed.out is not None and reel.shown:
        try:
            film_reel([one.segment.shot for one in reel.shown], parsed.out, limits=service.settings.limits)
        except OSError as error:
            raise SettingsError("{name} cannot be written; choose another --out.", name=parsed.out.name) from error

    def lines() -> Iterable[str]:
        for index, word in enumerate(reel.words):
            segment = reel.shown[index].segment if reel.shown else None
            like = "" if segment is None else f"  {segment.title} at {segment.moment_seconds:.1f} s"
            yield f"visual word {word.word_id:4}  {word.value:6.1%}{like}"

    return _tell(parsed, reel_report(reel), started, lines)


def run_classify(parsed: argparse.Namespace) -> int:
    """`classify FILE`."""
    from videobert_demo.service.reports import classify_report

    started = time.perf_counter()
    service = _load(parsed)
    kinds = service.classify(service.open(parsed.file), parsed.labels.split(","))

    def lines() -> Iterable[str]:
        for name, guesses in (
            ("verb", kinds.verbs),
            ("object", kinds.objects),
            ("verb, trained", kinds.trained_verbs),
            ("object, trained", kinds.trained_objects),
            ("category", kinds.categories),
            ("in the frames", kinds.labels),
        ):
            if guesses:
                yield f"{name + ':':17}{_row(guesses)}"
        for label in kinds.typed:
            yield f"{label.text}: {label.share:.1%} of the labels, belongs {label.alignment:.1%}"

    return _tell(parsed, classify_report(kinds), started, lines)


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "tokens": run_tokens,
    "cloze": run_cloze,
    "align": run_align,
    "reel": run_reel,
    "classify": run_classify,
}


def _load(parsed: argparse.Namespace) -> VideoBertService:
    from videobert_demo import load
    from videobert_demo.settings import Settings

    settings = Settings.from_environment()
    library = getattr(parsed, "library", None)
    settings = settings if library is None else replace(settings, library=library)
    return load(parsed.checkpoint, revision=parsed.revision, settings=settings)


def _tell(
    parsed: argparse.Namespace, report: dict[str, Any], started: float, lines: Callable[[], Iterable[str]]
) -> int:
    if parsed.json:
        print(json.dumps(report | {"seconds": round(time.perf_counter() - started, 3)}))
    else:
        print("\n".join(lines()))
    return 0


def _row(guesses: Iterable[Guess]) -> str:
    return ", ".join(f"{guess.text} {guess.probability:.1%}" for guess in guesses)
