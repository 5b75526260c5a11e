"""A watch list, its alarms, and what a camera shows, as HTML.

Pure functions from values to markup, drawn by `watch.html`. It knows nothing about Gradio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from videobert_demo.service.live import LiveUpdate
from videobert_demo.timeline.exports.alarms import SeenAlarm, watch_report
from videobert_demo.timeline.watchlist import COLOURS, DEFAULT_THRESHOLD, SENTENCE, WatchedEvent
from videobert_demo.ui.page.pace import Progress
from videobert_demo.ui.takeaway import take_away
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import clock, percent

_TEMPLATE = "scenes/watch.html"
_FIELDS = ("name", "sentence", "threshold", "colour", "by")
_MAX_CHARACTERS = 300
_SHOWN_ALARMS = 48

EventRow = dict[str, str]
"""An event as it is typed: `name`, `sentence`, `threshold`, `colour`; and `by`, which is not typed."""


def blank_row(index: int) -> EventRow:
    """A row with nothing typed yet, to be number `index` of the list, from 0."""
    return dict(zip(_FIELDS, ("", "", f"{DEFAULT_THRESHOLD:g}", COLOURS[index % len(COLOURS)], SENTENCE), strict=True))


def rows_of(events: Sequence[WatchedEvent]) -> list[EventRow]:
    """Events as rows."""
    return [
        {
            "name": one.name,
            "sentence": one.sentence,
            "threshold": f"{one.threshold:g}",
            "colour": one.colour,
            "by": one.by,
        }
        for one in events
    ]


def read_typed(sent: object, most: int) -> list[EventRow]:
    """Rows as a browser sent them, at most `most`; whatever else it sent is ignored."""
    if not isinstance(sent, list):
        return []
    rows = [row for row in sent[:most] if isinstance(row, Mapping)]
    return [{field: str(row.get(field, ""))[:_MAX_CHARACTERS] for field in _FIELDS} for row in rows]


def rows_view(rows: Sequence[EventRow], texts: Texts, *, about: str = "", problem: str = "") -> str:
    """The list, to change, and the buttons.

    Args:
        rows: As they were typed.
        texts: The language.
        about: A note on the list.
        problem: Why it cannot be used.
    """
    return render(_TEMPLATE, "rows", [dict(row) for row in rows], texts, about, problem)


def empty_view(texts: Texts) -> str:
    """A list with one blank row."""
    return rows_view([blank_row(0)], texts)


def busy_view(at: Progress, texts: Texts) -> str:
    """While the clip is checked."""
    return render(_TEMPLATE, "busy", at, texts)


def refusal_view(message: str) -> str:
    """It cannot be checked as it stands: one calm sentence."""
    return render("widgets.html", "refusal", "watch", message)


def alarms_view(
    events: Sequence[WatchedEvent], found: Sequence[SeenAlarm], duration_seconds: float, texts: Texts
) -> str:
    """The alarms of a clip: a lane for each event, and a picture for each alarm.

    Args:
        events: What was watched for.
        found: In order of time.
        duration_seconds: How long the clip is.
        texts: The language.
    """
    lanes = [
        (
            event,
            [
                (
                    one.alarm.start_seconds / duration_seconds,
                    max(0.004, (one.alarm.end_seconds - one.alarm.start_seconds) / duration_seconds),
                )
                for one in found
                if one.event is event
            ],
        )
        for event in events
    ]
    count = len(found)
    heading = texts.watch_none if not count else texts.watch_one if count == 1 else texts.watch_many.format(count=count)
    report = watch_report(events, found)
    kept = ("name", "sentence", "start_seconds", "end_seconds", "peak_seconds", "score", "threshold")
    rows = [{key: one[key] for key in kept} for one in report["alarms"]]
    lines = [
        f"{clock(one.alarm.start_seconds)}–{clock(one.alarm.end_seconds)} {one.event.name} {percent(one.alarm.score)}"
        for one in found
    ]
    away = take_away("alarms", "\n".join([heading, *lines]), report, rows)
    return render(_TEMPLATE, "alarms", heading, lanes, found[:_SHOWN_ALARMS], away, texts)


def live_view(sent: int, update: LiveUpdate, ended: Sequence[SeenAlarm], texts: Texts) -> str:
    """What the camera shows now.

    Args:
        sent: The browser's clock when the picture was taken, in milliseconds.
        update: What the service told.
        ended: The latest alarms that are over, the newest first.
        texts: The language.
    """
    sentence = update.caption.text if update.caption is not None else ""
    sentence = sentence[:1].upper() + sentence[1:]
    return render(_TEMPLATE, "live", sent, sentence, update.is_sure, update.running, ended, texts)
