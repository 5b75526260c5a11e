"""What the Search tab shows, as HTML. Pure functions from values to markup; every text from outside is escaped."""

from __future__ import annotations

import base64
from collections.abc import Collection, Sequence
from html import escape

from videobert_demo.types import Hit, LibraryEntry
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import clock


def empty_view(texts: Texts) -> str:
    """Before anything is searched."""
    return (
        f'<div class="vb-search-notice" data-search="empty" role="status"><h2>{escape(texts.search_empty_heading)}</h2>'
        f"<p>{escape(texts.search_empty_hint)}</p></div>"
    )


def busy_view(texts: Texts) -> str:
    """While the library is searched."""
    cards = "".join('<li class="vb-blank"></li>' for _ in range(6))
    return (
        f'<div data-search="busy" role="status"><p class="vb-busy-heading">{escape(texts.search_busy)}</p>'
        f'<ul class="vb-hits vb-hits-blank">{cards}</ul></div>'
    )


def refusal_view(message: str) -> str:
    """The search cannot be done as it stands: one calm sentence."""
    return f'<p class="vb-search-refusal" data-search="refused" role="alert">{escape(message)}</p>'


def hits_view(heading: str, hits: Sequence[Hit], texts: Texts) -> str:
    """The hits as cards, best first; a click plays one from its moment."""
    if not hits:
        return refusal_view(texts.search_nothing)
    facts = [
        f"{texts.search_score.format(score=f'{hit.score:.2f}')} · "
        f"{texts.search_from.format(time=clock(hit.start_seconds))}"
        for hit in hits
    ]
    cards = "".join(
        f'<li><button type="button" data-hit="{place}"><img src="{_picture(hit.entry)}" alt="">'
        f"<b>{escape(hit.entry.title)}</b><span>{escape(fact)}</span>{_duplicates(hit, texts)}</button></li>"
        for place, (hit, fact) in enumerate(zip(hits, facts, strict=True))
    )
    return (
        f'<section class="vb-section" data-search="done" role="status"><h3>{escape(heading)} '
        f"<small>{escape(texts.search_hits_hint)}</small></h3>"
        f'<ol class="vb-hits">{cards}</ol></section>'
    )


def library_view(entries: Sequence[LibraryEntry], own: Collection[str], note: str, texts: Texts) -> str:
    """What is in the library; the visitor's own clips can be removed.

    Args:
        own: content hashes of the clips that may be removed.
        note: shown above the list.
    """
    rows = "".join(
        f'<li><img src="{_picture(entry)}" alt=""><span>{escape(entry.title)}</span>'
        f"<small>{clock(entry.duration_seconds)}</small>{_remove(entry, own, texts)}</li>"
        for entry in entries
    )
    return (
        f'<p class="vb-library-note">{escape(note)}</p><ul class="vb-library" data-clips="{len(entries)}">{rows}</ul>'
    )


def added_view(added: int, known: int, failed: Sequence[str], texts: Texts) -> str:
    """What became of the files that were handed in.

    Args:
        failed: one sentence for each file that cannot be used.
    """
    rows = "".join(f"<li>{escape(reason)}</li>" for reason in failed)
    problems = f'<ul class="vb-failed">{rows}</ul>' if failed else ""
    told = texts.search_added.format(added=added) + (texts.search_known.format(known=known) if known else "")
    told += texts.search_failed.format(failed=len(failed)) if failed else ""
    return f'<div class="vb-added" data-added="{added}" role="status"><p>{escape(told)}</p>{problems}</div>'


def _remove(entry: LibraryEntry, own: Collection[str], texts: Texts) -> str:
    if entry.content_hash not in own:
        return ""
    label = escape(texts.search_remove.format(title=entry.title))
    return f'<button type="button" data-remove="{entry.content_hash}" aria-label="{label}" title="{label}">×</button>'


def _duplicates(hit: Hit, texts: Texts) -> str:
    if not hit.duplicates:
        return ""
    return f"<em>{escape(texts.search_duplicates.format(count=hit.duplicates))}</em>"


def _picture(entry: LibraryEntry) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(entry.thumbnail).decode("ascii")
