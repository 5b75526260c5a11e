"""What is asked of a whole film, as HTML: its moments, its summary, and how it is cut.

Pure functions from values to markup, drawn by `films.html`. It knows nothing about Gradio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videobert_demo.service.films import Summary
from videobert_demo.service.moments import FoundMoment
from videobert_demo.timeline.cutlist import CutList
from videobert_demo.timeline.events import Events
from videobert_demo.timeline.slots import Slot
from videobert_demo.timeline.timeline import Timeline
from videobert_demo.ui.page.pace import Progress
from videobert_demo.ui.scenes.away import cut_away, events_away, moments_away, slots_away, summary_away
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import clock, curve

_TEMPLATE = "scenes/films.html"
_MAX_POINTS = 60


@dataclass(frozen=True, slots=True)
class _Row:
    """A stretch of the clip as it is listed; `stays` is meant for parts of a cut only."""

    start_seconds: float
    end_seconds: float
    score: float | None
    thumbnail: bytes
    is_sure: bool = True
    stays: bool = True


def busy_view(heading: str, at: Progress, texts: Texts) -> str:
    """While the film is looked at: how far that has come, and a way to stop.

    Args:
        heading: What is being done.
        at: Where the work stands.
        texts: The language.
    """
    return render(_TEMPLATE, "busy", heading, at, texts)


def moments_view(timeline: Timeline, text: str, found: Sequence[FoundMoment], texts: Texts) -> str:
    """The time ranges that fit, the best first.

    Args:
        timeline: The clip's, for the pictures.
        text: What was typed.
        found: As the service found them.
        texts: The language.
    """
    rows = [
        _Row(
            one.moment.start_seconds,
            one.moment.end_seconds,
            one.moment.score,
            _picture(timeline, one.moment.start_seconds, one.moment.end_seconds),
            is_sure=one.is_sure,
        )
        for one in found
    ]
    heading = texts.films_moments_heading.format(text=" ".join(text.split()))
    return render(_TEMPLATE, "moments", heading, rows, moments_away(heading, text, found, texts), texts)


def summary_view(summary: Summary, texts: Texts) -> str:
    """The scenes that cover the clip best, and a paragraph about them."""
    count = len(summary.scenes)
    heading = texts.films_summary_one if count == 1 else texts.films_summary_heading.format(count=count)
    return render(_TEMPLATE, "summary", heading, summary, summary_away(summary), texts)


def cut_view(timeline: Timeline, cuts: CutList, texts: Texts) -> str:
    """How the clip is cut: a strip, and a row for each part, to change.

    Args:
        timeline: The clip's, for the pictures.
        cuts: The cut list as it stands.
        texts: The language.
    """
    rows = [
        _Row(
            part.start_seconds,
            part.end_seconds,
            part.score,
            _picture(timeline, part.start_seconds, part.end_seconds),
            stays=part.stays,
        )
        for part in cuts.parts
    ]
    heading = texts.films_cut_heading.format(kept=clock(cuts.kept_seconds), whole=clock(cuts.duration_seconds))
    notes = [] if cuts.is_sure else [texts.films_cut_unsure]
    away = cut_away(heading, cuts, texts)
    return render(_TEMPLATE, "cut", heading, texts.films_cut_hint, rows, notes, away, texts)


def events_view(timeline: Timeline, text: str, events: Events, texts: Texts) -> str:
    """When it happens, how often and for how long: the curve, and a row for each event.

    Args:
        timeline: The clip's, for the pictures.
        text: What was typed.
        events: As the service found them.
        texts: The language.
    """
    rows = [
        _Row(
            one.start_seconds, one.end_seconds, one.probability, _picture(timeline, one.start_seconds, one.end_seconds)
        )
        for one in events.events
    ]
    heading = texts.films_events_heading.format(text=" ".join(text.split()), count=len(rows))
    hint = texts.films_events_hint.format(
        least=events.count_range[0],
        most=events.count_range[1],
        total=f"{events.total_seconds:.1f}",
        deviation=f"{events.total_deviation_seconds:.1f}",
    )
    drawn = curve(*_thinned(events.moments_seconds, events.probabilities), max_value=1.0)
    away = events_away(heading, hint, text, events)
    return render(_TEMPLATE, "events", heading, hint, drawn, rows, away, texts)


def slots_view(timeline: Timeline, slots: Sequence[Slot], texts: Texts, shown: str | None = None) -> str:
    """Where an interruption hurts least, the best place first.

    Args:
        timeline: The clip's, for the pictures.
        slots: As the service found them.
        texts: The language.
        shown: What is to be shown there: the places suit it.
    """
    rows = [
        _Row(slot.seconds, slot.seconds, slot.score, _picture(timeline, slot.seconds, slot.seconds + 1.0))
        for slot in slots
    ]
    heading = texts.films_slots_suiting.format(text=shown) if shown else texts.films_slots_heading
    return render(_TEMPLATE, "slots", heading, rows, slots_away(heading, slots, texts), texts)


def filming_view(texts: Texts) -> str:
    """While the film is written."""
    return render(_TEMPLATE, "filming", texts)


def filmed_view(seconds: float, texts: Texts) -> str:
    """The film is written."""
    return render(_TEMPLATE, "filmed", texts.films_filmed.format(length=clock(seconds)))


def _thinned(
    moments_seconds: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """At most `_MAX_POINTS` moments with their values: among neighbours the one with the largest value."""
    groups = np.array_split(np.arange(len(values)), min(len(values), _MAX_POINTS))
    kept = np.array([group[int(np.argmax(values[group]))] for group in groups])
    return moments_seconds[kept], values[kept]


def _picture(timeline: Timeline, start_seconds: float, end_seconds: float) -> bytes:
    """The picture of the scene with which a stretch shares the most time."""

    def shared(index: int) -> float:
        scene = timeline.scenes[index]
        return min(end_seconds, scene.end_seconds) - max(start_seconds, scene.start_seconds)

    return timeline.scenes[max(range(len(timeline.scenes)), key=shared)].thumbnail
