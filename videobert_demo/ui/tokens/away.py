"""What can be taken away from the parts of the Tokens tab: the values of the HTTP endpoints, rows, and lines to read.

Pure functions from results to texts; no HTML, no Gradio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from videobert_demo.service import reports
from videobert_demo.service.results import Alignment, Classification, Filled, Forecast, Inspection, Reel
from videobert_demo.service.segments import Segment
from videobert_demo.types.visual_words import Guess, VisualWord
from videobert_demo.ui.takeaway import Takeaway, take_away
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import clock, percent

ExportRow = Mapping[str, str | float]
Group = tuple[str, str, Sequence[Guess], float]
"""Heading, hint, guesses, and from which probability on they are sure."""


def strip_away(found: Inspection, texts: Texts) -> Takeaway:
    """The clip's visual words."""
    rows: list[ExportRow] = [
        {
            "moment_seconds": round(segment.moment_seconds, 3),
            "visual_word": segment.word.word_id,
            "name": segment.word.name,
            "distance": round(segment.word.value, 4),
        }
        for segment in found.segments
    ]
    lines = [f"{clock(segment.moment_seconds)} {named(segment.word, texts)}" for segment in found.segments]
    return take_away("visual-words", "\n".join(lines), rows, rows)


def classification_away(found: Classification, groups: Sequence[Group]) -> Takeaway:
    """What kind of clip it is."""
    rows: list[ExportRow] = [
        {"asked": f"{heading} {hint}", "text": one.text, "probability": round(one.probability, 4)}
        for heading, hint, guesses, _ in groups
        for one in guesses
    ]
    lines = [f"{heading} ({hint}): {_listed(_pairs(guesses))}" for heading, hint, guesses, _ in groups]
    return take_away("what-is-it", "\n".join(lines), reports.classify_report(found), rows)


def cloze_away(filled: Filled, texts: Texts) -> Takeaway:
    """What stood at the hidden positions."""
    rows: list[ExportRow] = []
    lines = [" ".join(filled.words)]
    for blank in filled.blanks:
        for side, guesses in (
            (texts.tokens_cloze_with, blank.with_clip),
            (texts.tokens_cloze_without, blank.without_clip),
        ):
            rows += [_cloze_row("word", blank.position, side, one.text, one.probability) for one in guesses]
            lines.append(f"{filled.words[blank.position]}, {side}: {_listed(_pairs(guesses))}")
    for index, words in filled.segments:
        rows += [_cloze_row("segment", index, texts.tokens_cloze_with, named(one, texts), one.value) for one in words]
        lines.append(f"{index}: {_expected(words, texts)}")
    return take_away("cloze", "\n".join(lines), reports.cloze_report(filled), rows)


def _cloze_row(hidden: str, position: int, given: str, guess: str, probability: float) -> ExportRow:
    return {"hidden": hidden, "place": position, "given": given, "guess": guess, "probability": round(probability, 4)}


def alignment_away(found: Alignment, lines: Sequence[str]) -> Takeaway:
    """How well a sentence fits each moment.

    Args:
        found: The result.
        lines: What the page says of it.
    """
    rows: list[ExportRow] = [
        {"timestamp_seconds": round(float(moment), 3), "probability": round(float(one), 4)}
        for moment, one in zip(found.timestamps_seconds, found.moments, strict=True)
    ]
    return take_away("alignment", "\n".join(lines), reports.align_report(found), rows)


def reel_away(reel: Reel, texts: Texts) -> Takeaway:
    """The row of visual words, with the segments that show them."""
    rows: list[ExportRow] = []
    lines = [reel.sentence]
    for index, word in enumerate(reel.words):
        shown = reel.shown[index].segment if reel.shown else None
        rows.append(
            {
                "visual_word": word.word_id,
                "name": word.name,
                "probability": round(word.value, 4),
                "shown_by": shown.title if shown else "",
                "start_seconds": round(shown.start_seconds, 3) if shown else "",
            }
        )
        where = f": {shown.title}, {clock(shown.start_seconds)}" if shown else ""
        lines.append(f"{named(word, texts)} {percent(word.value, is_fine=True)}{where}")
    return take_away("reel", "\n".join(lines), reports.reel_report(reel), rows)


def forecast_away(segments: Sequence[Segment], found: Forecast, texts: Texts) -> Takeaway:
    """What was expected of the clip's second half, beside what came.

    Args:
        segments: All those of the clip.
        found: What was expected.
        texts: The language.
    """
    later = segments[found.seen :]
    rows: list[ExportRow] = [
        {
            "moment_seconds": round(segment.moment_seconds, 3),
            "came": segment.word.word_id,
            "came_name": segment.word.name,
            "expected": word.word_id,
            "expected_name": word.name,
            "probability": round(word.value, 4),
        }
        for segment, words in zip(later, found.expected, strict=True)
        for word in words
    ]
    lines = [
        f"{clock(segment.moment_seconds)} {texts.tokens_forecast_came} {named(segment.word, texts)}, "
        f"{texts.tokens_forecast_expected} {_expected(words, texts)}"
        for segment, words in zip(later, found.expected, strict=True)
    ]
    return take_away("forecast", "\n".join(lines), reports.forecast_report(found), rows)


def named(word: VisualWord, texts: Texts) -> str:
    """A visual word by its number, and by its name if it has one."""
    number = texts.tokens_word.format(id=word.word_id)
    return f"{number} ({word.name})" if word.name else number


def _expected(words: Sequence[VisualWord], texts: Texts) -> str:
    return _listed([(named(word, texts), word.value) for word in words])


def _pairs(guesses: Sequence[Guess]) -> list[tuple[str, float]]:
    return [(guess.text, guess.probability) for guess in guesses]


def _listed(guesses: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{text} {percent(probability, is_fine=True)}" for text, probability in guesses)
