"""What the Search tab shows, as HTML. Pure functions from values to markup, drawn by `view.html`; no Gradio."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from videobert_demo.service.reports import search_report
from videobert_demo.types import Hit, LibraryEntry
from videobert_demo.ui.page.pace import BEGINNING, Progress
from videobert_demo.ui.takeaway import take_away
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import clock

_TEMPLATE = "search/view.html"
_NEAREST = 3


def empty_view(texts: Texts) -> str:
    """Before anything is searched."""
    return render("widgets.html", "notice", "search", "empty", texts.search_empty_heading, texts.search_empty_hint)


def busy_view(texts: Texts, at: Progress = BEGINNING) -> str:
    """While the library is searched."""
    return render(_TEMPLATE, "busy", at, texts)


def refusal_view(message: str) -> str:
    """The search cannot be done as it stands: one calm sentence."""
    return render("widgets.html", "refusal", "search", message)


def fitting(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits that are worth showing: all, or only the nearest few where none fits well."""
    return tuple(hits) if hits and hits[0].is_sure else tuple(hits[:_NEAREST])


def hits_view(heading: str, hits: Sequence[Hit], texts: Texts) -> str:
    """The hits as cards, best first; a click plays one from its moment, and the first one is in the player already."""
    if not hits:
        return refusal_view(texts.search_nothing)
    is_weak = not hits[0].is_sure
    report = search_report(hits)
    lines = [f"{hit.entry.title} ({hit.score:.2f}, {clock(hit.start_seconds)})" for hit in hits]
    away = take_away("hits", "\n".join([heading, *lines]), report, report)
    return render(_TEMPLATE, "hits", heading, hits, is_weak, away, texts)


def for_you_view(hits: Sequence[Hit], texts: Texts) -> str:
    """Clips like those that the visitor has opened; nothing where there are none."""
    return render(_TEMPLATE, "for_you", hits, texts) if hits else ""


def library_view(entries: Sequence[LibraryEntry], own: Collection[str], note: str, texts: Texts) -> str:
    """What is in the library; the visitor's own clips can be removed.

    Args:
        entries: All clips.
        own: Content hashes of the clips that may be removed.
        note: Shown above the list.
        texts: The language.
    """
    return render(_TEMPLATE, "library", entries, own, note, texts)


def adding_view(index: int, count: int, at: Progress, texts: Texts) -> str:
    """While files are read: which of them, from 0, and how far the work is."""
    heading = texts.search_adding.format(number=index + 1, count=count)
    return render(_TEMPLATE, "adding", heading, at, texts)


def added_view(added: int, known: int, failed: Sequence[str], texts: Texts) -> str:
    """What became of the files that were handed in.

    Args:
        added: How many are new in the library.
        known: How many were there already.
        failed: One sentence for each file that cannot be used.
        texts: The language.
    """
    return render(_TEMPLATE, "added", added, known, failed, texts)
