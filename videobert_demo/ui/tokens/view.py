"""What the Tokens tab shows, as HTML. Pure functions from values to markup, drawn by `view.html`; no Gradio.

Pictures that can be played are numbered through each part, in the order in which they are drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

import numpy as np

from videobert_demo.service.codebook_map import CodebookMap
from videobert_demo.service.results import Alignment, Classification, Filled, Forecast, Inspection, Reel
from videobert_demo.service.segments import Neighbour, Segment
from videobert_demo.tasks.cloze import MASK
from videobert_demo.types import SURE_PROBABILITY, Frames
from videobert_demo.types.visual_words import Guess, LabelScore, VisualWord
from videobert_demo.ui.page.pace import Progress
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens.away import (
    alignment_away,
    classification_away,
    cloze_away,
    forecast_away,
    reel_away,
    strip_away,
)
from videobert_demo.ui.tokens.mapping import draw
from videobert_demo.ui.widgets import clock, curve, percent, thumbnail

SURE_VISUAL_PROBABILITY = 0.1
"""A visual word counts as sure from this probability on: there are hundreds, and a segment often suits several."""

_TEMPLATE = "tokens/view.html"
_MAX_LABELS = 5
_FLAT = 0.02  # moments whose probabilities differ less are alike
_BELONGS, _FOREIGN = 0.6, 0.4

NumberedWord = tuple[VisualWord, int, Neighbour | None]
"""A visual word, and the segment that stands for it with the number of its picture; None in an empty library."""


# states of every part ------------------------------------------------------------------------------------------------


def empty_view(texts: Texts) -> str:
    """Before there is a clip."""
    return render("widgets.html", "notice", "tokens", "empty", texts.tokens_empty_heading, texts.tokens_empty_hint)


def error_view(heading: str, message: str) -> str:
    """The clip cannot be used: what is wrong, and a sentence that says what to do."""
    return render("widgets.html", "notice", "tokens", "error", heading, message)


def refusal_view(message: str) -> str:
    """What was typed cannot be used as it stands: one calm sentence."""
    return render("widgets.html", "refusal", "tokens", message)


def idle_view(message: str) -> str:
    """Nothing was asked yet: what to do."""
    return render("widgets.html", "idle", "tokens", message)


def waiting_view(heading: str) -> str:
    """Something is being made; the heading says what."""
    return render("widgets.html", "waiting", heading)


def busy_view(heading: str, texts: Texts, at: Progress | None = None, *, is_strip: bool = True) -> str:
    """While the model works: the shape of the answer, still blank.

    Args:
        heading: What it does.
        texts: The language.
        at: Where the work stands, if it is this part's own and can be stopped.
        is_strip: Whether the answer is pictures in a row; if not, lines.
    """
    return render(_TEMPLATE, "busy", heading, is_strip, at, texts)


# what the clip shows by itself ---------------------------------------------------------------------------------------


def strip_view(found: Inspection, texts: Texts, found_map: CodebookMap | None = None) -> str:
    """The clip's segments in a row, below them the neighbours of the one that is pointed at, and a map of all words."""
    numbers = count()
    panels = [
        (segment, _other_times(segment, found.segments), [(next(numbers), one) for one in neighbours])
        for segment, neighbours in zip(found.segments, found.neighbours, strict=True)
    ]
    words = {segment.word.word_id for segment in found.segments}
    is_one_picture = len(words) == 1 and len(found.segments) > 1
    drawn = None if found_map is None else draw(found_map, found.segments)
    away = strip_away(found, texts)
    return render(_TEMPLATE, "strip", panels, found.levels, is_one_picture, drawn, away, texts)


def _other_times(segment: Segment, segments: Sequence[Segment]) -> list[str]:
    """At which other times the clip has the segment's visual word."""
    return [
        clock(one.moment_seconds)
        for one in segments
        if one.word.word_id == segment.word.word_id and one.index != segment.index
    ]


def classification_view(found: Classification, texts: Texts) -> str:
    """Verb and object by cloze and by trained heads, category, and the tower's labels; no group without guesses."""
    plain, trained = SURE_PROBABILITY, found.trained_sure_from
    groups = [
        (heading, hint, [_first_name(guess) for guess in guesses], sure)
        for heading, hint, guesses, sure in (
            (texts.tokens_classification_verb, texts.tokens_classification_verb_hint, found.verbs, plain),
            (texts.tokens_classification_object, texts.tokens_classification_object_hint, found.objects, plain),
            (texts.tokens_classification_verb, texts.tokens_classification_trained_hint, found.trained_verbs, trained),
            (
                texts.tokens_classification_object,
                texts.tokens_classification_trained_hint,
                found.trained_objects,
                trained,
            ),
            (
                texts.tokens_classification_category,
                texts.tokens_classification_category_hint,
                found.categories,
                trained,
            ),
            (
                texts.tokens_classification_labels,
                texts.tokens_classification_labels_hint,
                found.labels[:_MAX_LABELS],
                plain,
            ),
        )
        if guesses
    ]
    away = classification_away(found, groups)
    return render(_TEMPLATE, "classification", groups, found.own, away, texts)


def _first_name(label: Guess) -> Guess:
    """ImageNet names a thing several times: "samoyed, samoyede"; the first name will do."""
    return replace(label, text=label.text.split(",")[0], english=label.english.split(",")[0])


def forecast_view(segments: Sequence[Segment], found: Forecast, texts: Texts) -> str:
    """The first half of a clip, then each later segment beside what was expected for it.

    Args:
        segments: all of the clip.
        found: what was expected.
        texts: the language.
    """
    if not found.truth:
        return idle_view(texts.tokens_forecast_one)
    later, numbers = segments[found.seen :], count()
    rows = [
        (segment, _numbered(words, shown, numbers))
        for segment, words, shown in zip(later, found.expected, found.shown, strict=True)
    ]
    hits = sum(
        truth.word_id in {word.word_id for word in words}
        for truth, words in zip(found.truth, found.expected, strict=True)
    )
    seen = segments[: found.seen]
    ((commonest, _),) = Counter(segment.word.word_id for segment in seen).most_common(1)
    constant_hits = sum(truth.word_id == commonest for truth in found.truth)
    away = forecast_away(segments, found, texts)
    return render(_TEMPLATE, "forecast", seen, rows, hits, constant_hits, SURE_VISUAL_PROBABILITY, away, texts)


# what is asked -------------------------------------------------------------------------------------------------------


def typed_view(labels: Sequence[LabelScore], texts: Texts) -> str:
    """The labels that a person typed, with the share of each and whether it belongs to the clip."""
    is_foreign = max(label.alignment for label in labels) < _FOREIGN
    return render(_TEMPLATE, "typed", labels, is_foreign, SURE_PROBABILITY, texts)


def masks_view(words: Sequence[str], segments: Sequence[Segment], texts: Texts, said: Sequence[str] = ()) -> str:
    """The sentence's words and the clip's segments, to click; what the sentence hides itself stays hidden.

    Args:
        words: in English.
        segments: all of the clip.
        texts: the language.
        said: the words in that language; none if it is English.
    """
    return render(_TEMPLATE, "masks", list(zip(words, said or words, strict=True)), MASK, segments, texts)


def filled_view(
    filled: Filled,
    segments: Sequence[Segment],
    shown: Sequence[Sequence[Neighbour]],
    texts: Texts,
    said: Sequence[str] = (),
) -> str:
    """What stood at the hidden positions.

    Args:
        filled: words and segments.
        segments: all of the clip.
        shown: for each hidden segment the segments that stand for its likeliest words; none in an empty library.
        texts: the language.
        said: the sentence's words in that language; none if it is English.
    """
    if not filled.blanks and not filled.segments:
        return idle_view(texts.tokens_cloze_idle)
    blanks = [
        (
            blank.position,
            "" if filled.words[blank.position] == MASK else filled.words[blank.position],
            (said or filled.words)[blank.position],
            blank.with_clip,
            blank.without_clip,
        )
        for blank in filled.blanks
    ]
    numbers = count()
    hidden = [
        (segments[index], _numbered(words, near, numbers))
        for (index, words), near in zip(filled.segments, shown, strict=True)
    ]
    away = cloze_away(filled, texts)
    return render(_TEMPLATE, "filled", blanks, hidden, SURE_PROBABILITY, SURE_VISUAL_PROBABILITY, away, texts)


def align_view(found: Alignment, frames: Frames, texts: Texts) -> str:
    """How likely a sentence belongs to the clip, and to each of its moments, as a curve with its peak."""
    peak, moments = found.peak, found.moments
    peak_seconds = float(found.timestamps_seconds[peak])
    most = texts.tokens_align_peak.format(time=clock(peak_seconds), score=_score(moments[peak]))
    if len(moments) > 1 and float(np.ptp(moments)) < _FLAT:
        most = texts.tokens_align_flat
    whole = texts.tokens_align_whole.format(score=_score(found.probability))
    drawn = curve(found.timestamps_seconds, moments, max_value=1.0, peak=peak) if len(moments) > 1 else None
    picture = thumbnail(frames.pixels[peak])
    verdict = _verdict(found.probability, texts)
    return render(
        _TEMPLATE,
        "align",
        found.sentence,
        verdict,
        (whole, most),
        peak_seconds,
        picture,
        alignment_away(found, (found.sentence, verdict, whole, most)),
        curve=drawn,
        texts=texts,
    )


def _verdict(probability: float, texts: Texts) -> str:
    if probability >= _BELONGS:
        return texts.tokens_align_yes
    return texts.tokens_align_unsure if probability > _FOREIGN else texts.tokens_align_no


def reel_view(reel: Reel, texts: Texts) -> str:
    """The row of visual words that was written, each as the segment that stands for it."""
    words = _numbered(reel.words, reel.shown, count())
    return render(_TEMPLATE, "reel", reel.sentence, words, SURE_VISUAL_PROBABILITY, reel_away(reel, texts), texts)


def _numbered(words: Sequence[VisualWord], shown: Sequence[Neighbour], numbers: Iterator[int]) -> list[NumberedWord]:
    """Visual words with what shows them.

    Args:
        words: any number of them.
        shown: one for each word; none in an empty library.
        numbers: those of the next pictures.
    """
    if not shown:
        return [(word, -1, None) for word in words]
    return [(word, next(numbers), one) for word, one in zip(words, shown, strict=True)]


def _score(probability: float) -> str:
    return percent(float(probability), is_fine=True)
