"""What the Attend tab shows, as HTML: the caption's words, frames with heat, curves, layers and heads.

Pure functions from values to markup; every text that comes from outside is escaped. It knows nothing about Gradio.
A place that leads to a moment of the clip carries `data-moment`, in seconds.
"""

from __future__ import annotations

import base64
import io
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from videobert_demo.attention.faithfulness import Faithfulness
from videobert_demo.attention.render import draw_legend, overlay, time_curve
from videobert_demo.types import Frames, Heatmap
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import clock, curve

_THUMBNAIL_WIDTH, _HEAD_WIDTH = 288, 96
_PLOT_WIDTH, _PLOT_HEIGHT = 280, 130


def words_view(caption: str, chosen: int | None, texts: Texts) -> str:
    """The caption's words as buttons.

    Args:
        caption: a sentence, of which `caption.split()` are the words.
        chosen: the number of the word that is asked about, if it is one of them.
    """
    chips = "".join(
        f'<button type="button" data-word="{number}" aria-pressed="{str(number == chosen).lower()}">'
        f"{escape(word)}</button>"
        for number, word in enumerate(caption.split())
    )
    return (
        f'<section class="vb-section" data-attend="words"><h3>{escape(texts.attend_words_heading)} '
        f'<small>{escape(texts.attend_words_hint)}</small></h3><div class="vb-chips">{chips}</div></section>'
    )


def words_empty_view(texts: Texts) -> str:
    """Before there is a clip."""
    return (
        f'<div class="vb-attend-notice" data-attend="empty" role="status"><h2>{escape(texts.attend_empty_heading)}</h2>'
        f"<p>{escape(texts.attend_empty_hint)}</p></div>"
    )


def words_busy_view(texts: Texts) -> str:
    """While the caption is written: blank chips."""
    chips = "".join(f'<span class="vb-blank" style="width:{width}px"></span>' for width in (30, 62, 44, 84, 52, 70))
    return (
        f'<section class="vb-section" data-attend="busy" role="status"><h3>{escape(texts.attend_busy)}</h3>'
        f'<div class="vb-chips">{chips}</div></section>'
    )


def error_view(heading: str, message: str) -> str:
    """Something is refused: what, and a sentence that says what to do."""
    return (
        f'<div class="vb-attend-notice" data-attend="error" role="alert"><h2>{escape(heading)}</h2>'
        f"<p>{escape(message)}</p></div>"
    )


def idle_view(texts: Texts) -> str:
    """There is a clip, and no word is chosen yet."""
    return f'<p class="vb-attend-idle" data-attend="idle" role="status">{escape(texts.attend_idle)}</p>'


def looking_view(word: str, texts: Texts) -> str:
    """While the model is asked about a word; without one, about the same one again."""
    heading = texts.attend_looking.format(word=word) if word.strip() else texts.attend_looking_again
    frames = "".join('<li class="vb-blank"></li>' for _ in range(6))
    return (
        f'<div class="vb-attend-result" data-attend="looking" role="status">'
        f'<p class="vb-busy-heading">{escape(heading)}</p>'
        f'<ul class="vb-frames-blank">{frames}</ul></div>'
    )


def result_view(word: str, frames: Frames, heatmap: Heatmap, *, colour_map: str, opacity: float, texts: Texts) -> str:
    """The word, the frames that were used with the heat over them, the legend and the time curve.

    Args:
        heatmap: one map for each of the frames.
    """
    heat = time_curve(heatmap)
    drawn = render("widgets.html", "curve", curve(heatmap.timestamps_seconds, heat), texts.attend_curve_label)
    columns = len(frames) if len(frames) <= 6 else -(-len(frames) // 2)
    narrow = min(len(frames), 3 if len(frames) % 3 == 0 else 4)
    items = "".join(
        f'<li><button type="button" data-moment="{seconds:.3f}">'
        f'<img src="{_jpeg(overlay(pixels, one, colour_map=colour_map, opacity=opacity), _THUMBNAIL_WIDTH)}" '
        f'alt="{escape(texts.frame_alt.format(time=clock(seconds)))}"><span>{clock(seconds)}</span></button></li>'
        for pixels, one, seconds in zip(frames.pixels, heatmap.values, frames.timestamps_seconds.tolist(), strict=True)
    )
    most = clock(float(heatmap.timestamps_seconds[int(np.argmax(heat))]))
    legend = _png(draw_legend(colour_map))
    return (
        f'<div class="vb-attend-result" data-attend="done"><div class="vb-answer">'
        f'<p class="vb-attend-word">{escape(texts.attend_result_heading.format(word=word))}</p>'
        f'<p class="vb-meta"><span>{escape(texts.attend_most.format(time=most))}</span></p>'
        f"</div>"
        f'<section class="vb-section"><h3>{escape(texts.attend_strip_heading)} '
        f"<small>{escape(texts.attend_strip_hint)}</small></h3>"
        f'<ol class="vb-frames" style="--columns:{columns};--narrow-columns:{narrow}">{items}</ol>'
        f'<p class="vb-legend"><span>{escape(texts.attend_cool)}</span><img src="{legend}" alt="">'
        f"<span>{escape(texts.attend_hot)}</span></p></section>"
        f'<section class="vb-section"><h3>{escape(texts.attend_curve_heading)} '
        f"<small>{escape(texts.attend_curve_hint)}</small></h3>"
        f"{drawn}</section></div>"
    )


def heads_view(frames: Frames, heatmaps: list[list[Heatmap]], *, colour_map: str, opacity: float, texts: Texts) -> str:
    """A picture for each [layer][head]: the frame in which its heat is greatest."""
    rows = []
    for layer, heads in enumerate(heatmaps, start=1):
        cells = []
        for head, heatmap in enumerate(heads, start=1):
            hottest = int(np.argmax(time_curve(heatmap)))
            seconds = float(heatmap.timestamps_seconds[hottest])
            drawn = overlay(
                _shrink(frames.pixels[hottest]), heatmap.values[hottest], colour_map=colour_map, opacity=opacity
            )
            label = escape(texts.attend_head_label.format(layer=layer, head=head, time=clock(seconds)))
            cells.append(
                f'<button type="button" data-moment="{seconds:.3f}" title="{label}">'
                f'<img src="{_jpeg(drawn, _HEAD_WIDTH)}" alt="{label}"></button>'
            )
        rows.append(f"<li><span>{layer}</span>{''.join(cells)}</li>")
    return (
        f'<div data-attend="heads"><p class="vb-attend-hint">{escape(texts.attend_heads_hint)}</p>'
        f'<ol class="vb-heads" style="--heads:{len(heatmaps[0])}">{"".join(rows)}</ol></div>'
    )


def faithfulness_view(found: Faithfulness, texts: Texts) -> str:
    """The two pairs of curves with the area between each, and what that says."""
    verdict = texts.attend_faith_better if found.score > 0 else texts.attend_faith_worse
    curves = (found.deletion, found.random_deletion, found.insertion, found.random_insertion)
    low, high = min(float(curve.min()) for curve in curves), max(float(curve.max()) for curve in curves)
    plots = "".join(
        _plot(found.shares, mine, chance, low, high, heading, axis, texts.attend_gain.format(gain=f"{gain:+.2f}"))
        for mine, chance, heading, axis, gain in (
            (
                found.deletion,
                found.random_deletion,
                texts.attend_deletion,
                texts.attend_hidden_axis,
                found.deletion_gain,
            ),
            (
                found.insertion,
                found.random_insertion,
                texts.attend_insertion,
                texts.attend_shown_axis,
                found.insertion_gain,
            ),
        )
    )
    return (
        f'<div class="vb-faith" data-attend="faith"><p class="vb-faith-score" data-score="{found.score:.4f}">'
        f"<b>{escape(texts.attend_faith_score.format(score=f'{found.score:+.2f}'))}</b> {escape(verdict)}</p>"
        f'<div class="vb-plots">{plots}</div><p class="vb-plot-key"><span class="vb-key-mine"></span>'
        f'{escape(texts.attend_by_heatmap)} <span class="vb-key-chance"></span>{escape(texts.attend_by_chance)}'
        f"</p></div>"
    )


def method_hint_view(method: str, texts: Texts) -> str:
    """What a method does; nothing for one that there is not."""
    return hint_view(getattr(texts, f"attend_method_{method}_hint", ""))


def hint_view(hint: str) -> str:
    """A line of explanation."""
    return f'<p class="vb-attend-hint">{escape(hint)}</p>'


def _plot(
    shares: NDArray[np.float64],
    mine: NDArray[np.float64],
    chance: NDArray[np.float64],
    low: float,
    high: float,
    heading: str,
    axis: str,
    gain: str,
) -> str:
    """One pair of curves, with the area between them filled."""

    def points(curve: NDArray[np.float64]) -> list[str]:
        tops = (high - curve) / ((high - low) or 1.0) * (_PLOT_HEIGHT - 12) + 6
        return [f"{x * (_PLOT_WIDTH - 12) + 6:.1f},{y:.1f}" for x, y in zip(shares, tops, strict=True)]

    ours, random = points(mine), points(chance)
    return (
        f"<figure><figcaption>{escape(heading)} <small>{escape(gain)}</small></figcaption>"
        f'<svg viewBox="0 0 {_PLOT_WIDTH} {_PLOT_HEIGHT}" role="img" aria-label="{escape(f"{heading}, {gain}")}">'
        f'<polygon points="{" ".join(ours + random[::-1])}"/>'
        f'<polyline class="vb-chance" points="{" ".join(random)}"/>'
        f'<polyline points="{" ".join(ours)}"/></svg><p>{escape(axis)}</p></figure>'
    )


def _shrink(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    image = Image.fromarray(pixels)
    image.thumbnail((_HEAD_WIDTH, _HEAD_WIDTH))
    return np.asarray(image)


def _jpeg(pixels: NDArray[np.uint8], width: int) -> str:
    """A small JPEG of one picture, uint8 (H, W, 3) RGB, as a data address: nothing is written to disk."""
    image = Image.fromarray(pixels)
    image.thumbnail((width, width))
    buffer = io.BytesIO()
    image.save(buffer, format="JPEG", quality=82)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _png(pixels: NDArray[np.uint8]) -> str:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
