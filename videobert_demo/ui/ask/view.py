"""What the Ask tab shows, as HTML. Pure functions from values to markup; every text from outside is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from videobert_demo.types import AnswerResult, Frames
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import clock, thumbnail


def empty_view(texts: Texts) -> str:
    """Before there is a clip: what to do."""
    return (
        f'<div class="vb-ask-notice" data-ask="empty" role="status"><h2>{escape(texts.ask_empty_heading)}</h2>'
        f"<p>{escape(texts.ask_empty_hint)}</p></div>"
    )


def clip_error_view(message: str, texts: Texts) -> str:
    """The clip cannot be used: why, and what to do."""
    return (
        f'<div class="vb-ask-notice" data-ask="error" role="alert"><h2>{escape(texts.ask_clip_error_heading)}</h2>'
        f"<p>{escape(message)}</p></div>"
    )


def suggestions_view(questions: Sequence[str], texts: Texts) -> str:
    """The suggested questions, to click; while there are none yet, their blank shapes."""
    if questions:
        items = "".join(
            f'<button type="button" data-question="{place}">{escape(question)}</button>'
            for place, question in enumerate(questions)
        )
    else:
        items = "".join(f'<span class="vb-blank" style="width:{width}px"></span>' for width in (190, 230, 170, 210))
    return (
        f'<section class="vb-section"><h3>{escape(texts.ask_suggestions_heading)} '
        f"<small>{escape(texts.ask_suggestions_hint)}</small></h3>"
        f'<div class="vb-questions" aria-busy="{"false" if questions else "true"}">{items}</div></section>'
    )


def busy_view(question: str, texts: Texts) -> str:
    """While the model looks for the answer."""
    rows = "".join('<li class="vb-blank"></li>' for _ in range(5))
    heading = texts.ask_busy.format(question=question.strip()) if question.strip() else texts.ask_busy_blank
    return (
        f'<div class="vb-view" data-ask="busy" role="status"><p class="vb-busy-heading">{escape(heading)}</p>'
        f'<div class="vb-caption-blank"><span class="vb-blank"></span></div><ul class="vb-rows-blank">{rows}</ul></div>'
    )


def refusal_view(message: str) -> str:
    """The question cannot be answered as it stands: one calm sentence."""
    return f'<p class="vb-ask-refusal" data-ask="refused" role="alert">{escape(message)}</p>'


def answer_view(
    result: AnswerResult, frames: Frames, shares: NDArray[np.float64], earlier: Sequence[AnswerResult], texts: Texts
) -> str:
    """The answer, the likeliest ones as bars, the frames it rests on, and the earlier questions of this clip.

    Args:
        shares: (T,), how much of the answer's relevance each frame has.
        earlier: the latest first.
    """
    answer = result.text if result.is_sure else texts.ask_not_sure.format(answer=result.text)
    state = "sure" if result.is_sure else "unsure"
    chance = texts.ask_probability.format(probability=_percent(result.probability))
    taken = texts.answered_in.format(time=texts.seconds.format(seconds=f"{result.seconds:.1f}"))
    return (
        f'<div class="vb-view" data-ask="done" data-sure="{state}"><section class="vb-answer" role="status">'
        f'<p class="vb-asked">{escape(result.question)}</p><p class="vb-caption">{escape(answer)}</p>'
        f'<p class="vb-meta"><span>{escape(chance)}</span><span>{escape(taken)}</span>'
        f"</p></section>{_bars(result, texts)}{_frames(frames, shares, texts)}{_earlier(earlier, texts)}</div>"
    )


def _bars(result: AnswerResult, texts: Texts) -> str:
    rows = "".join(
        f'<li><span class="vb-row-text">{escape(answer.text)}</span>'
        f'<span class="vb-bar" aria-hidden="true"><span style="width:{answer.probability * 100:.1f}%"></span></span>'
        f'<span class="vb-row-score">{_percent(answer.probability)}</span></li>'
        for answer in result.candidates
    )
    return (
        f'<section class="vb-section"><h3>{escape(texts.ask_likeliest_heading)} '
        f"<small>{escape(texts.ask_likeliest_hint)}</small></h3>"
        f'<ol class="vb-rows">{rows}</ol></section>'
    )


def _frames(frames: Frames, shares: NDArray[np.float64], texts: Texts) -> str:
    columns = len(frames) if len(frames) <= 6 else -(-len(frames) // 2)
    narrow = min(len(frames), 3 if len(frames) % 3 == 0 else 4)
    most = float(shares.max())
    items = "".join(
        f'<li><button type="button" data-seek-seconds="{seconds:.3f}">'
        f'<img src="{thumbnail(pixels)}" alt="{escape(texts.frame_alt.format(time=clock(seconds)))}" '
        f'style="opacity:{0.35 + 0.65 * share / most:.2f}">'
        f"<span>{clock(seconds)} · {_percent(share)}</span></button></li>"
        for pixels, seconds, share in zip(
            frames.pixels, frames.timestamps_seconds.tolist(), shares.tolist(), strict=True
        )
    )
    return (
        f'<section class="vb-section"><h3>{escape(texts.ask_frames_heading)} '
        f"<small>{escape(texts.ask_frames_hint)}</small></h3>"
        f'<ol class="vb-frames" style="--columns:{columns};--narrow-columns:{narrow}">{items}</ol></section>'
    )


def _earlier(earlier: Sequence[AnswerResult], texts: Texts) -> str:
    if not earlier:
        return ""
    rows = "".join(
        f"<div><dt>{escape(one.question)}</dt><dd>"
        f"{escape(one.text if one.is_sure else texts.ask_not_sure.format(answer=one.text))} "
        f"<small>{_percent(one.probability)}</small></dd></div>"
        for one in earlier
    )
    return (
        f'<section class="vb-section"><h3>{escape(texts.ask_earlier_heading)}</h3>'
        f'<dl class="vb-earlier">{rows}</dl></section>'
    )


def _percent(share: float) -> str:
    return f"{share * 100:.0f}\u00a0%"
