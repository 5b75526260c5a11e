"""What the Two clips tab shows, as HTML. Pure functions from values to markup, drawn by `view.html`; no Gradio."""

from __future__ import annotations

from collections.abc import Sequence

from videobert_demo.service.happenings import passages_report
from videobert_demo.service.side_by_side import SideBySide, side_by_side_report
from videobert_demo.timeline.matching import Passage
from videobert_demo.timeline.watchlist import COLOURS
from videobert_demo.ui.page.pace import BEGINNING, Progress
from videobert_demo.ui.takeaway import take_away
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import clock, curve, percent, thumbnail

_TEMPLATE = "both/view.html"
MAX_PASSAGES = 20


def empty_view(texts: Texts) -> str:
    """Before anything is asked."""
    return render("widgets.html", "notice", "both", "empty", texts.both_empty_heading, texts.both_empty_hint)


def second_view(name: str, texts: Texts) -> str:
    """Tells which file is the second clip."""
    return render(_TEMPLATE, "second", name, texts)


def busy_view(texts: Texts, at: Progress = BEGINNING, heading: str | None = None) -> str:
    """While both clips are asked, or, with another heading, looked at."""
    return render(_TEMPLATE, "busy", heading or texts.both_busy, at, texts)


def refusal_view(message: str) -> str:
    """It cannot be asked as it stands: one calm sentence."""
    return render("widgets.html", "refusal", "both", message)


def answer_view(found: SideBySide, names: Sequence[str], texts: Texts) -> str:
    """Both clips beside each other, each with what it says and its moments on the same scale."""
    said = {"question": texts.both_says_answer, "word": texts.both_says_word, "sentence": texts.both_says_sentence}
    top = max(0.02, *(float(side.moments.max()) for side in found.sides))
    sides = []
    for name, side in zip(names, found.sides, strict=True):
        frames, moments = side.clip.frames, side.moments.clip(0, 1)
        drawn = curve(frames.timestamps_seconds, moments, max_value=top, peak=side.peak) if len(moments) > 1 else None
        line = said[found.query].format(probability=percent(side.probability))
        peak_seconds = float(frames.timestamps_seconds[side.peak])
        sides.append((name, side, line, peak_seconds, thumbnail(frames.pixels[side.peak]), drawn))
    report = side_by_side_report(found, names)
    rows = [{key: one[key] for key in ("file", "answer", "probability", "peak_seconds")} for one in report["clips"]]
    lines = [f"{name}: {side.text or ''} {line}".replace("  ", " ") for name, side, line, *_ in sides]
    away = take_away("two-clips", "\n".join([found.text, *lines]), report, rows)
    return render(_TEMPLATE, "answer", found.text, sides, found.likeness, away, texts)


def shared_view(passages: Sequence[Passage], names: Sequence[str], lengths: Sequence[float], texts: Texts) -> str:
    """The passages that both clips have: where each is in either, and by how much it is shifted.

    Args:
        passages: The longest first.
        names: Those of the two files.
        lengths: How long the clips are, in seconds.
        texts: The language.
    """
    shown = passages[:MAX_PASSAGES]
    lanes = [
        (name, [(span[0] / length, (span[1] - span[0]) / length) for span in spans])
        for name, length, spans in (
            (names[0], lengths[0], [one.first for one in shown]),
            (names[1], lengths[1], [one.second for one in shown]),
        )
    ]
    count = len(passages)
    heading = texts.both_shared_none if not count else texts.both_shared.format(count=count)
    report = passages_report(passages)
    rows = [
        {
            "first_start": one.first[0],
            "first_end": one.first[1],
            "second_start": one.second[0],
            "second_end": one.second[1],
            "offset_seconds": one.offset_seconds,
            "likeness": round(one.likeness, 4),
        }
        for one in passages
    ]
    lines = [f"{names[0]} {clock(row['first_start'])} = {names[1]} {clock(row['second_start'])}" for row in rows]
    away = take_away("shared", "\n".join([heading, *lines]), report, rows)
    return render(_TEMPLATE, "shared", heading, lanes, shown, COLOURS, away, texts)
