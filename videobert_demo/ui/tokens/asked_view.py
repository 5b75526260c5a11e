"""What the Tokens tab shows when it is asked, as HTML: what a clip is, cloze, alignment, and a reel for a sentence.

Pure functions from values to markup; every text that comes from outside is escaped. It knows nothing about Gradio.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from videobert_demo.service.results import Alignment, Classification, Filled, Reel
from videobert_demo.service.segments import Neighbour, Segment
from videobert_demo.tasks.classify import LabelScore
from videobert_demo.tasks.cloze import MASK, Blank, Guess
from videobert_demo.types import Frames
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens.view import (
    SURE_VISUAL_PROBABILITY,
    bars,
    expected_list,
    idle_view,
    percent,
    picture,
    shot_button,
    unsure_note,
)
from videobert_demo.ui.widgets import clock, curve, thumbnail

_FLAT = 0.02  # moments whose scores differ less are alike
_BELONGS, _FOREIGN = 0.6, 0.4


# what is it ----------------------------------------------------------------------------------------------------------


def kinds_view(kinds: Classification, texts: Texts) -> str:
    """Verb and object by cloze and by trained heads, category, and the tower's labels; no group without guesses."""
    groups = "".join(
        f'<section class="vb-kind"><h4>{escape(heading)} <small>{escape(hint)}</small></h4>'
        f"{bars((_first_name(guess.text), guess.probability) for guess in guesses)}"
        f"{unsure_note((guess.probability for guess in guesses), texts)}</section>"
        for heading, hint, guesses in (
            (texts.tokens_kinds_verb, texts.tokens_kinds_verb_hint, kinds.verbs),
            (texts.tokens_kinds_object, texts.tokens_kinds_object_hint, kinds.objects),
            (texts.tokens_kinds_verb, texts.tokens_kinds_trained_hint, kinds.trained_verbs),
            (texts.tokens_kinds_object, texts.tokens_kinds_trained_hint, kinds.trained_objects),
            (texts.tokens_kinds_category, texts.tokens_kinds_category_hint, kinds.categories),
            (texts.tokens_kinds_labels, texts.tokens_kinds_labels_hint, kinds.labels[:5]),
        )
        if guesses
    )
    return f'<div class="vb-tokens" data-tokens="kinds"><div class="vb-kinds">{groups}</div></div>'


def typed_view(labels: Sequence[LabelScore], texts: Texts) -> str:
    """The labels that a person typed, with the share of each and whether it belongs to the clip."""
    rows = "".join(
        f'<li><span class="vb-bar-text">{escape(label.text)}</span>'
        f'<span class="vb-bar" aria-hidden="true"><span style="width:{label.share * 100:.1f}%"></span></span>'
        f'<span class="vb-row-score">{percent(label.share)}</span>'
        f'<span class="vb-belongs">'
        f"{escape(texts.tokens_typed_belongs.format(score=percent(label.alignment)))}</span></li>"
        for label in labels
    )
    none = max(label.alignment for label in labels) < _FOREIGN
    unsure = (
        f'<p class="vb-unsure">{escape(texts.tokens_typed_none)}</p>'
        if none
        else unsure_note((label.share for label in labels), texts)
    )
    return (
        f'<section class="vb-section" data-tokens="typed"><h3>{escape(texts.tokens_typed_heading)} '
        f"<small>{escape(texts.tokens_typed_hint)}</small></h3>"
        f'<ol class="vb-bars vb-typed">{rows}</ol>{unsure}</section>'
    )


def _first_name(label: str) -> str:
    """ImageNet names a thing several times: "samoyed, samoyede"; the first name will do."""
    return label.split(",")[0]


# cloze ---------------------------------------------------------------------------------------------------------------


def masks_view(words: Sequence[str], segments: Sequence[Segment], texts: Texts) -> str:
    """The sentence's words and the clip's segments, to click; what the sentence hides itself stays hidden."""
    chips = "".join(
        '<span class="vb-gap" aria-label="___"></span>'
        if word == MASK
        else f'<button type="button" data-hide-word="{place}" aria-pressed="false">{escape(word)}</button>'
        for place, word in enumerate(words)
    )
    cells = "".join(
        f'<li><button type="button" data-hide-segment="{one.index}" aria-pressed="false" '
        f'title="{escape(texts.tokens_word.format(id=one.word.word_id))}"><img src="{picture(one.thumbnail)}" '
        f'alt="{escape(texts.frame_alt.format(time=clock(one.moment_seconds)))}">'
        f'<b class="vb-word">{one.word.word_id}</b></button></li>'
        for one in segments
    )
    columns = len(segments) if len(segments) <= 8 else -(-len(segments) // 2)
    return (
        f'<div class="vb-tokens" data-tokens="masks"><section class="vb-section">'
        f"<h3>{escape(texts.tokens_cloze_words_heading)} <small>{escape(texts.tokens_cloze_words_hint)}</small></h3>"
        f'<div class="vb-masks">{chips}</div></section><section class="vb-section">'
        f"<h3>{escape(texts.tokens_cloze_segments_heading)} "
        f"<small>{escape(texts.tokens_cloze_segments_hint)}</small></h3>"
        f'<ol class="vb-strip vb-strip-masks" style="--columns:{max(4, columns)}">{cells}</ol></section></div>'
    )


def filled_view(filled: Filled, segments: Sequence[Segment], shown: Sequence[Sequence[Neighbour]], texts: Texts) -> str:
    """What stood at the hidden places.

    Args:
        segments: all of the clip.
        shown: for each hidden segment the stand-ins of its likeliest words; numbered in this order.
    """
    if not filled.blanks and not filled.segments:
        return idle_view(texts.tokens_cloze_idle)
    words = "".join(_blank(blank, filled.words, texts) for blank in filled.blanks)
    hidden, number = [], 0
    for (place, guesses), near in zip(filled.segments, shown, strict=True):
        truth = segments[place]
        unsure = unsure_note((word.value for word in guesses), texts, sure=SURE_VISUAL_PROBABILITY)
        hidden.append(
            f'<section class="vb-section"><h3>'
            f"{escape(texts.tokens_cloze_segment_heading.format(time=clock(truth.moment_seconds)))} "
            f"<small>{escape(texts.tokens_cloze_segment_hint.format(id=truth.word.word_id))}</small></h3>"
            f"{expected_list(guesses, near, number, truth.word.word_id, texts)}{unsure}</section>"
        )
        number += len(near)
    return f'<div class="vb-tokens" data-tokens="filled">{words}{"".join(hidden)}</div>'


def _blank(blank: Blank, words: Sequence[str], texts: Texts) -> str:
    word = words[blank.place]
    stood = "" if word == MASK else word
    heading = texts.tokens_cloze_word_heading.format(word=word) if stood else texts.tokens_cloze_blank_heading
    sides = "".join(
        f"<div><h4>{escape(name)}</h4>{_word_bars(guesses, stood, texts)}{unsure_note(_shares(guesses), texts)}</div>"
        for name, guesses in (
            (texts.tokens_cloze_with, blank.with_clip),
            (texts.tokens_cloze_without, blank.without_clip),
        )
    )
    return (
        f'<section class="vb-section" data-blank="{blank.place}"><h3>{escape(heading)}</h3>'
        f'<div class="vb-sides">{sides}</div></section>'
    )


def _word_bars(guesses: Sequence[Guess], stood: str, texts: Texts) -> str:
    rows = ((guess.text, guess.probability) for guess in guesses)
    return bars(rows, marked=stood, mark_hint=texts.tokens_cloze_stood)


def _shares(guesses: Sequence[Guess]) -> list[float]:
    return [guess.probability for guess in guesses]


# alignment -----------------------------------------------------------------------------------------------------------


def align_view(found: Alignment, frames: Frames, texts: Texts) -> str:
    """How likely a sentence belongs to the clip, and to each of its moments, as a curve with its peak."""
    whole, moments, peak = found.probability, found.moments, found.peak
    time = clock(float(frames.timestamps_seconds[peak]))
    most = texts.tokens_align_peak.format(time=time, score=percent(float(moments[peak])))
    if len(moments) > 1 and float(np.ptp(moments)) < _FLAT:
        most = texts.tokens_align_flat
    if whole >= _BELONGS:
        verdict = texts.tokens_align_yes
    else:
        verdict = texts.tokens_align_unsure if whole > _FOREIGN else texts.tokens_align_no
    facts = (texts.tokens_align_whole.format(score=percent(whole)), most)
    return (
        f'<div class="vb-tokens" data-tokens="align"><div class="vb-aligned">'
        f'<button type="button" class="vb-shot" data-moment="{frames.timestamps_seconds[peak]:.3f}">'
        f'<img src="{thumbnail(frames.pixels[peak])}" alt="{escape(texts.frame_alt.format(time=time))}"></button>'
        f'<div class="vb-answer" role="status"><p class="vb-asked">{escape(found.sentence)}</p>'
        f'<p class="vb-verdict">{escape(verdict)}</p>'
        f'<p class="vb-meta">{"".join(f"<span>{escape(fact)}</span>" for fact in facts)}</p></div></div>'
        f"{_moments(frames, moments, peak, texts)}</div>"
    )


def _moments(frames: Frames, moments: NDArray[np.float64], peak: int, texts: Texts) -> str:
    """The curve; a single moment makes none."""
    if len(moments) == 1:
        return ""
    placed = curve(frames.timestamps_seconds, moments, max_value=1.0, peak=peak)
    drawn = render("widgets.html", "curve", placed, texts.tokens_align_curve_label)
    return (
        f'<section class="vb-section"><h3>{escape(texts.tokens_align_curve_heading)} '
        f"<small>{escape(texts.tokens_align_curve_hint)}</small></h3>{drawn}</section>"
    )


# text to video -------------------------------------------------------------------------------------------------------


def reel_view(reel: Reel, texts: Texts) -> str:
    """The row of visual words that was written, each as the segment that stands for it; numbered in this order."""
    words, shown = reel.words, reel.shown
    cells = "".join(
        f"<li>{shot_button(shown[place].segment, place) if shown else ''}"
        f'<b class="vb-word" aria-label="{escape(texts.tokens_word.format(id=word.word_id))}">{word.word_id}</b>'
        f"<small>{percent(word.value)}</small></li>"
        for place, word in enumerate(words)
    )
    columns = len(words) if len(words) <= 8 else -(-len(words) // 2)
    unsure = unsure_note((word.value for word in words), texts, sure=SURE_VISUAL_PROBABILITY)
    return (
        f'<div class="vb-tokens" data-tokens="reel"><section class="vb-section" role="status">'
        f"<h3>{escape(texts.tokens_reel_heading.format(sentence=reel.sentence))} "
        f"<small>{escape(texts.tokens_reel_hint)}</small></h3>"
        f'<ol class="vb-strip vb-strip-reel" style="--columns:{max(4, columns)}">{cells}</ol>{unsure}</section></div>'
    )
