"""What can be taken away of what is asked of a film: the same values as over HTTP, as rows, and as lines to read.

Pure functions from results to texts; no HTML, no Gradio. The formats of a whole timeline are in `exports.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from videobert_demo.service.films import Summary, summary_report
from videobert_demo.service.happenings import events_report, slots_report
from videobert_demo.service.moments import FoundMoment, moments_report
from videobert_demo.timeline.cutlist import CutList
from videobert_demo.timeline.events import Events
from videobert_demo.timeline.exports.cuts import cut_values
from videobert_demo.timeline.slots import Slot
from videobert_demo.timeline.timeline import Timeline
from videobert_demo.ui.takeaway import Takeaway, take_away
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import clock, percent

_SPAN = ("start_seconds", "end_seconds")


def moments_away(heading: str, text: str, found: Sequence[FoundMoment], texts: Texts) -> Takeaway:
    """The time ranges that fit, the best first.

    Args:
        heading: What the page says above them.
        text: What was sought.
        found: The time ranges.
        texts: The language.
    """
    report = moments_report(text, found)
    lines = [f"{_span(one)} {_score(one['score'], texts)}{_doubt(one, texts)}" for one in report["moments"]]
    return _away("moments", [heading, *lines], report, report["moments"], (*_SPAN, "score", "share", "sure"))


def events_away(heading: str, hint: str, text: str, events: Events) -> Takeaway:
    """When it happens; the curve is in the JSON.

    Args:
        heading: What the page says above them: how often.
        hint: How sure that is.
        text: What was sought.
        events: The events.
    """
    report = events_report(text, events)
    lines = [f"{_span(one)} {percent(one['probability'])}" for one in report["events"]]
    return _away("events", [f"{heading} ({hint})", *lines], report, report["events"], (*_SPAN, "probability"))


def summary_away(summary: Summary) -> Takeaway:
    """The paragraph, and the scenes that it is about."""
    report = summary_report(summary)
    columns = ("index", *_SPAN, "caption", "probability", "sure")
    lines = [f"{_span(one)} {one['caption']}" for one in report["scenes"]]
    return _away("summary", [summary.text, "", *lines], report, report["scenes"], columns)


def slots_away(heading: str, slots: Sequence[Slot], texts: Texts) -> Takeaway:
    """The places for a break, the best first.

    Args:
        heading: What the page says above them.
        slots: The places.
        texts: The language.
    """
    report = slots_report(slots)
    lines = [f"{clock(slot.seconds)} {_score(slot.score, texts)}" for slot in slots]
    columns = ("seconds", "score", "change", "calm", "fit")
    return _away("breaks", [heading, *lines], report, report["slots"], columns)


def cut_away(heading: str, cuts: CutList, texts: Texts) -> Takeaway:
    """What stays and what goes, in order of time.

    Args:
        heading: What the page says above it: how much stays.
        cuts: The cut list as it stands.
        texts: The language.
    """
    report = cut_values(cuts)
    lines = [f"{_span(one)} {texts.films_stays if one['stays'] else texts.films_goes}" for one in report["parts"]]
    return _away("cut", [heading, *lines], report, report["parts"], (*_SPAN, "stays", "score"))


def timeline_away(timeline: Timeline, texts: Texts) -> Takeaway:
    """The scenes as lines to read, those of each chapter below its title; `exports.py` has them for programs."""
    titles = {chapter.start_seconds: chapter.title for chapter in timeline.chapters}
    lines: list[str] = []
    for scene in timeline.scenes:
        if title := titles.get(scene.start_seconds):
            lines += [*([""] if lines else []), title]
        span = {"start_seconds": scene.start_seconds, "end_seconds": scene.end_seconds}
        lines.append(f"{_span(span)} {scene.caption}{_doubt({'sure': scene.is_sure}, texts)}")
    return Takeaway("scenes", "\n".join(lines), json="", csv="")


def _away(
    name: str, lines: Sequence[str], report: Any, listed: Sequence[Mapping[str, Any]], columns: Sequence[str]
) -> Takeaway:
    """The result in each format; the table has the named columns of what it lists, and a blank for None."""
    rows = [{key: "" if one[key] is None else one[key] for key in columns} for one in listed]
    return take_away(name, "\n".join(lines), report, rows)


def _span(one: Mapping[str, Any]) -> str:
    return f"{clock(one['start_seconds'])}–{clock(one['end_seconds'])}"


def _score(score: float, texts: Texts) -> str:
    return texts.search_score.format(score=f"{score:.2f}")


def _doubt(one: Mapping[str, Any], texts: Texts) -> str:
    return "" if one["sure"] else f" ({texts.timeline_not_sure})"
