"""What the Tokens tab shows of a clip by itself, as HTML: its visual words with their like, and the forecast.

Pure functions from values to markup; every text that comes from outside is escaped. It knows nothing about Gradio.
A picture that can be played carries `data-shot`, its number among the pictures of its part.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape

from videobert_demo.service.results import Forecast
from videobert_demo.service.segments import Neighbour, Segment
from videobert_demo.tasks.visual_words import VisualWord
from videobert_demo.types import SURE_PROBABILITY
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import clock

SURE_VISUAL_PROBABILITY = 0.1
"""From this on a visual word counts as sure: there are hundreds, and a segment often suits several."""


# parts of all views ------------------------------------------------------------------------------------------------


def empty_view(texts: Texts) -> str:
    """Before there is a clip."""
    return (
        f'<div class="vb-tokens-notice" data-tokens="empty" role="status">'
        f"<h2>{escape(texts.tokens_empty_heading)}</h2><p>{escape(texts.tokens_empty_hint)}</p></div>"
    )


def error_view(heading: str, message: str) -> str:
    """Something is refused: what, and a sentence that says what to do."""
    return (
        f'<div class="vb-tokens-notice" data-tokens="error" role="alert"><h2>{escape(heading)}</h2>'
        f"<p>{escape(message)}</p></div>"
    )


def refusal_view(message: str) -> str:
    """What was typed cannot be used as it stands: one calm sentence."""
    return f'<p class="vb-tokens-refusal" data-tokens="refused" role="alert">{escape(message)}</p>'


def idle_view(message: str) -> str:
    """Nothing was asked yet: what to do."""
    return f'<p class="vb-tokens-idle" data-tokens="idle" role="status">{escape(message)}</p>'


def busy_view(heading: str, *, is_strip: bool = True) -> str:
    """While the model works: the shape of the answer, still blank."""
    blanks = "".join('<li class="vb-blank"></li>' for _ in range(8 if is_strip else 5))
    shape = "vb-strip vb-strip-blank" if is_strip else "vb-rows-blank"
    return (
        f'<div class="vb-tokens" data-tokens="busy" role="status"><p class="vb-busy-heading">{escape(heading)}</p>'
        f'<ul class="{shape}">{blanks}</ul></div>'
    )


def percent(share: float) -> str:
    """A share in [0, 1]; small ones with one digit after the point."""
    return f"{share * 100:.0f}\u00a0%" if share >= 0.0995 else f"{share * 100:.1f}\u00a0%"


def bars(rows: Iterable[tuple[str, float]], *, marked: str = "", mark_hint: str = "") -> str:
    """Texts with their probabilities as bars.

    Args:
        marked: the text that is marked, if it is among them.
    """
    mark = f' class="vb-stood" title="{escape(mark_hint)}"'
    items = "".join(
        f"<li{mark if marked and text == marked else ''}>"
        f'<span class="vb-bar-text">{escape(text)}</span>'
        f'<span class="vb-bar" aria-hidden="true"><span style="width:{share * 100:.1f}%"></span></span>'
        f'<span class="vb-row-score">{percent(share)}</span></li>'
        for text, share in rows
    )
    return f'<ol class="vb-bars">{items}</ol>'


def unsure_note(shares: Iterable[float], texts: Texts, *, sure: float = SURE_PROBABILITY) -> str:
    """A line that says so when none of the shares is large."""
    return "" if max(shares, default=1.0) >= sure else f'<p class="vb-unsure">{escape(texts.tokens_unsure)}</p>'


def picture(thumbnail: bytes) -> str:
    """A JPEG as a data address."""
    return "data:image/jpeg;base64," + base64.b64encode(thumbnail).decode("ascii")


def shot_button(segment: Segment, number: int) -> str:
    """A picture that plays its segment."""
    label = escape(f"{segment.title}, {clock(segment.moment_seconds)}")
    return (
        f'<button type="button" class="vb-shot" data-shot="{number}" title="{label}">'
        f'<img src="{picture(segment.thumbnail)}" alt="{label}"></button>'
    )


def expected_list(words: Sequence[VisualWord], shown: Sequence[Neighbour], first: int, truth: int, texts: Texts) -> str:
    """The visual words that may have been there, the likeliest first, each with a segment that shows it.

    Args:
        shown: one for each word; none where the library is empty.
        first: number of the first picture.
        truth: the visual word that was there; it is marked.
    """
    items = []
    for place, word in enumerate(words):
        name = escape(texts.tokens_word.format(id=word.word_id))
        mark = f' class="vb-stood" title="{escape(texts.tokens_cloze_stood)}"' if word.word_id == truth else ""
        button = shot_button(shown[place].segment, first + place) if shown else ""
        items.append(
            f'<li{mark}>{button}<span class="vb-word" title="{name}" aria-label="{name}">{word.word_id}</span>'
            f'<span class="vb-bar" aria-hidden="true"><span style="width:{word.value * 100:.1f}%"></span></span>'
            f'<span class="vb-row-score">{percent(word.value)}</span></li>'
        )
    return f'<ol class="vb-expected">{"".join(items)}</ol>'


# visual words --------------------------------------------------------------------------------------------------------


def strip_view(
    segments: Sequence[Segment], neighbours: Sequence[Sequence[Neighbour]], levels: int, texts: Texts
) -> str:
    """The clip's segments in a row, and below them the like of the one that is pointed at.

    Args:
        neighbours: of each segment; their pictures are numbered in this order.
        levels: of the codebook's tree.
    """
    cells, panels, number = [], [], 0
    for place, (segment, near) in enumerate(zip(segments, neighbours, strict=True)):
        chosen = str(place == 0).lower()
        name = escape(texts.tokens_word.format(id=segment.word.word_id))
        distance = escape(texts.tokens_distance.format(distance=f"{segment.word.value:.2f}"))
        cells.append(
            f'<li><button type="button" data-segment="{place}" data-leaf="{segment.word.word_id}" '
            f'aria-pressed="{chosen}" aria-controls="vb-like-{place}" '
            f'title="{name}"><img src="{picture(segment.thumbnail)}" '
            f'alt="{escape(texts.frame_alt.format(time=clock(segment.moment_seconds)))}">'
            f'<b class="vb-word" aria-label="{name}">{segment.word.word_id}</b>'
            f'<small title="{escape(texts.tokens_distance_hint)}">{distance}</small></button></li>'
        )
        panels.append(_panel(place, segment, segments, near, number, levels, texts))
        number += len(near)
    columns = len(segments) if len(segments) <= 8 else -(-len(segments) // 2)
    return (
        f'<div class="vb-tokens" data-tokens="strip"><section class="vb-section">'
        f"<h3>{escape(texts.tokens_strip_heading)} <small>{escape(texts.tokens_strip_hint)}</small></h3>"
        f'<ol class="vb-strip" style="--columns:{max(4, columns)}">{"".join(cells)}</ol></section>'
        f"{''.join(panels)}</div>"
    )


def _panel(
    place: int,
    segment: Segment,
    segments: Sequence[Segment],
    near: Sequence[Neighbour],
    number: int,
    levels: int,
    texts: Texts,
) -> str:
    word = texts.tokens_word.format(id=segment.word.word_id)
    times = [clock(one.moment_seconds) for one in segments if one.word.word_id == segment.word.word_id]
    times.remove(clock(segment.moment_seconds))
    also = f" · {texts.tokens_segment_also.format(times=', '.join(times))}" if times else ""
    same = ' class="vb-same"'
    cards = "".join(
        f'<li><button type="button" data-shot="{number + offset}"><img src="{picture(one.segment.thumbnail)}" alt="">'
        f'<i class="vb-when">{clock(one.segment.moment_seconds)}</i><b>{escape(one.segment.title)}</b>'
        f"<span>{escape(texts.tokens_word.format(id=one.segment.word.word_id))}</span>"
        f"<em{same if one.is_same_word else ''}>{escape(_likeness(one, levels, texts))}</em></button></li>"
        for offset, one in enumerate(near)
    )
    hidden = "" if place == 0 else " hidden"
    like = f'<ol class="vb-like">{cards}</ol>' if near else idle_view(texts.tokens_neighbours_none)
    return (
        f'<section class="vb-section vb-panel" id="vb-like-{place}" data-panel="{place}"{hidden}>'
        f'<p class="vb-panel-head"><b>{escape(word[:1].upper() + word[1:])}</b> '
        f"<span>{clock(segment.moment_seconds)}{escape(also)}</span> "
        f'<button type="button" class="vb-link" data-seek-seconds="{segment.moment_seconds:.3f}">'
        f"{escape(texts.tokens_segment_show)}</button></p>"
        f"<h3>{escape(texts.tokens_neighbours_heading)} <small>{escape(texts.tokens_neighbours_hint)}</small></h3>"
        f"{like}</section>"
    )


def _likeness(one: Neighbour, levels: int, texts: Texts) -> str:
    if one.is_same_word:
        return texts.tokens_same
    if one.shared_levels:
        return texts.tokens_near.format(shared=one.shared_levels, levels=levels)
    return texts.tokens_far


# forecast ------------------------------------------------------------------------------------------------------------


def forecast_view(
    segments: Sequence[Segment], foretold: Forecast, shown: Sequence[Sequence[Neighbour]], texts: Texts
) -> str:
    """The first half, then each later segment beside what was expected for it.

    Args:
        shown: for each later segment the stand-ins of the words that were expected; numbered in this order.
    """
    if not foretold.truth:
        return idle_view(texts.tokens_forecast_one)
    seen = "".join(
        f'<li><img src="{picture(one.thumbnail)}" '
        f'alt="{escape(texts.frame_alt.format(time=clock(one.moment_seconds)))}">'
        f'<b class="vb-word">{one.word.word_id}</b></li>'
        for one in segments[: foretold.seen]
    )
    rows, number, hits = [], 0, 0
    for one, truth, expected, near in zip(
        segments[foretold.seen :], foretold.truth, foretold.expected, shown, strict=True
    ):
        hits += truth.word_id in {word.word_id for word in expected}
        label = escape(texts.tokens_word.format(id=truth.word_id))
        rows.append(
            f'<li><figure><button type="button" class="vb-shot" data-seek-seconds="{one.moment_seconds:.3f}">'
            f'<img src="{picture(one.thumbnail)}" alt=""></button><figcaption>{escape(texts.tokens_forecast_came)} '
            f'<b class="vb-word" aria-label="{label}">{truth.word_id}</b> <span>{clock(one.moment_seconds)}</span>'
            f"</figcaption></figure><div><h4>{escape(texts.tokens_forecast_expected)}</h4>"
            f"{expected_list(expected, near, number, truth.word_id, texts)}</div></li>"
        )
        number += len(near)
    told = texts.tokens_forecast_hits.format(hits=hits, count=len(foretold.truth))
    unsure = unsure_note((words[0].value for words in foretold.expected if words), texts, sure=SURE_VISUAL_PROBABILITY)
    return (
        f'<div class="vb-tokens" data-tokens="forecast"><section class="vb-section">'
        f"<h3>{escape(texts.tokens_forecast_seen_heading)} "
        f"<small>{escape(texts.tokens_forecast_seen_hint)}</small></h3>"
        f'<ol class="vb-strip vb-strip-small">{seen}</ol></section><section class="vb-section">'
        f"<h3>{escape(texts.tokens_forecast_heading)} <small>{escape(texts.tokens_forecast_hint)}</small></h3>"
        f'<p class="vb-told">{escape(told)}</p>{unsure}<ol class="vb-forecast">{"".join(rows)}</ol></section></div>'
    )
