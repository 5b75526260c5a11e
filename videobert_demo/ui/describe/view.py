"""The four states of the Describe tab as HTML: empty, busy, done and error.

Pure functions from values to markup; every text that comes from outside is escaped. It knows nothing about Gradio.
"""

from __future__ import annotations

import math
from html import escape

from videobert_demo.types import Caption, CaptionResult, ClipInfo, Frames
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import clock, thumbnail

_FRAMES_IN_A_ROW = 6

_FILM_ICON = (
    '<svg class="vb-icon" viewBox="0 0 48 48" aria-hidden="true"><rect x="5" y="10" width="38" height="28" rx="4"/>'
    '<path d="M13 10v28M35 10v28M5 17h8M5 24h8M5 31h8M35 17h8M35 24h8M35 31h8"/></svg>'
)
_WARNING_ICON = (
    '<svg class="vb-icon" viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="18"/>'
    '<path d="M24 15v12M24 32.5v.5"/></svg>'
)


def empty_view(texts: Texts) -> str:
    """Before there is a clip: what to do."""
    return _notice("empty", _FILM_ICON, texts.empty_heading, texts.empty_hint)


def error_view(message: str, texts: Texts) -> str:
    """A clip could not be described.

    Args:
        message: One sentence for the person: what is wrong and what to do.
        texts: The language.
    """
    return _notice("error", _WARNING_ICON, texts.error_heading, message)


def busy_view(texts: Texts) -> str:
    """While the clip is read: the shape of the answer, still blank, so that nothing jumps when it arrives."""
    rows = "".join('<li class="vb-blank"></li>' for _ in range(4))
    frames = "".join('<li class="vb-blank"></li>' for _ in range(_FRAMES_IN_A_ROW))
    return (
        f'<div class="vb-view" data-state="busy" role="status" aria-label="{escape(texts.busy_heading)}">'
        f'<p class="vb-busy-heading">{escape(texts.busy_heading)}</p>'
        '<div class="vb-caption-blank"><span class="vb-blank"></span><span class="vb-blank"></span></div>'
        f'<ul class="vb-rows-blank">{rows}</ul><ul class="vb-frames-blank">{frames}</ul></div>'
    )


def done_view(info: ClipInfo, frames: Frames, result: CaptionResult, *, seconds: float, texts: Texts) -> str:
    """The caption, the runner-ups, the frames that were looked at and the facts of the clip.

    Args:
        info: Facts of the clip.
        frames: The frames that the caption rests on, uint8 (T, H, W, 3) with their timestamps.
        result: At least one caption, the best first.
        seconds: Time from the file to the answer.
        texts: The language.
    """
    best = result.candidates[0]
    return (
        '<div class="vb-view" data-state="done">'
        f'<section class="vb-answer" aria-label="{escape(texts.caption_label)}">'
        f'<p class="vb-caption">{escape(best.text)}</p>'
        f'<p class="vb-meta"><span title="{escape(texts.score_hint)}">'
        f"{escape(texts.score.format(score=_score(best.score)))}</span>"
        f"<span>{escape(texts.answered_in.format(time=_seconds(seconds, texts)))}</span></p></section>"
        f"{_runner_ups(result.candidates[1:], texts)}{_frames(frames, texts)}{_facts(info, texts)}</div>"
    )


def _notice(state: str, icon: str, heading: str, *sentences: str) -> str:
    paragraphs = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    role = "alert" if state == "error" else "status"
    return (
        f'<div class="vb-view vb-notice" data-state="{state}" role="{role}">{icon}'
        f"<h2>{escape(heading)}</h2>{paragraphs}</div>"
    )


def _runner_ups(candidates: tuple[Caption, ...], texts: Texts) -> str:
    if not candidates:
        return ""
    rows = "".join(
        f'<li><span class="vb-row-text">{escape(candidate.text)}</span>'
        f'<span class="vb-bar" aria-hidden="true"><span style="width:{candidate.score * 100:.1f}%"></span></span>'
        f'<span class="vb-row-score">{_score(candidate.score)}</span></li>'
        for candidate in candidates
    )
    return (
        f'<section class="vb-section"><h3>{escape(texts.runner_ups_heading)} '
        f'<small title="{escape(texts.score_hint)}">{escape(texts.runner_ups_hint)}</small></h3>'
        f'<ol class="vb-rows">{rows}</ol></section>'
    )


def _frames(frames: Frames, texts: Texts) -> str:
    count = len(frames)
    # One row where it fits, else two; on a phone three or four beside each other, whichever leaves no gap.
    columns = count if count <= _FRAMES_IN_A_ROW else math.ceil(count / 2)
    narrow_columns = min(count, 3 if count % 3 == 0 else 4)
    items = []
    for pixels, timestamp_seconds in zip(frames.pixels, frames.timestamps_seconds, strict=True):
        time = clock(float(timestamp_seconds))
        items.append(
            f'<li><button type="button" data-seek-seconds="{float(timestamp_seconds):.3f}">'
            f'<img src="{thumbnail(pixels)}" alt="{escape(texts.frame_alt.format(time=time))}">'
            f"<span>{time}</span></button></li>"
        )
    return (
        f'<section class="vb-section"><h3>{escape(texts.frames_heading)} '
        f"<small>{escape(texts.frames_hint)}</small></h3>"
        f'<ol class="vb-frames" style="--columns:{columns};--narrow-columns:{narrow_columns}">'
        f"{''.join(items)}</ol></section>"
    )


def _facts(info: ClipInfo, texts: Texts) -> str:
    facts = []
    if info.duration_seconds > 0:
        facts.append((texts.fact_duration, _seconds(info.duration_seconds, texts)))
    facts.append((texts.fact_size, f"{info.width} × {info.height}"))
    if info.frames_per_second > 0:
        facts.append((texts.fact_rate, texts.rate.format(rate=f"{info.frames_per_second:.4g}")))
    facts.append((texts.fact_format, f"{info.container}, {info.codec}, {_bytes(info.size_bytes)}"))
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    return (
        f'<section class="vb-section"><h3>{escape(texts.facts_heading)}</h3><dl class="vb-facts">{rows}</dl></section>'
    )


def _score(score: float) -> str:
    return f"{score * 100:.0f} %"


def _seconds(seconds: float, texts: Texts) -> str:
    if seconds >= 60:
        return clock(seconds)
    return texts.seconds.format(seconds=f"{seconds:.1f}")


def _bytes(count: int) -> str:
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} kB"
    return f"{count / 1_000_000:.1f} MB"
