"""What the Attend tab shows, as HTML: the caption's words, frames with heat, curves, layers and heads.

Pure functions from values to markup, drawn by `view.html`. It knows nothing about Gradio.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from videobert_demo.attention.faithfulness import Faithfulness
from videobert_demo.attention.render import draw_legend, overlay, time_curve
from videobert_demo.types import Frames, Heatmap
from videobert_demo.ui.page.pace import BEGINNING, Progress
from videobert_demo.ui.takeaway import Takeaway, take_away
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import StripFrame, clock, curve, data_uri, frame_strip, percent, thumbnail

LIKELY = 0.5
"""From this probability on, what a typed word names is likely there, and its heatmap is drawn at full strength."""

_TEMPLATE = "attend/view.html"
_HEAD_WIDTH = 96
_PLOT_WIDTH, _PLOT_HEIGHT = 280, 130


def words_view(caption: str, chosen: int | None, texts: Texts, glosses: Sequence[str] = ()) -> str:
    """The caption's words as buttons.

    Args:
        caption: A sentence, of which `caption.split()` are the words.
        chosen: The index of the word that is asked about, if it is one of them.
        texts: The language.
        glosses: Each word in that language, or "" for one that is not shown; none if it is English.
    """
    return render(_TEMPLATE, "words", caption.split(), glosses, chosen, texts)


def words_empty_view(texts: Texts) -> str:
    """Before there is a clip."""
    return render("widgets.html", "notice", "attend", "empty", texts.attend_empty_heading, texts.attend_empty_hint)


def words_busy_view(texts: Texts) -> str:
    """While the caption is written: blank chips."""
    return render(_TEMPLATE, "words_busy", texts)


def error_view(heading: str, message: str) -> str:
    """Something is refused: what, and a sentence that says what to do."""
    return render("widgets.html", "notice", "attend", "error", heading, message)


def refusal_view(message: str) -> str:
    """A word cannot be asked about as it stands: one calm sentence."""
    return render("widgets.html", "refusal", "attend", message)


def idle_view(texts: Texts) -> str:
    """There is a clip, and no word is chosen yet."""
    return render("widgets.html", "idle", "attend", texts.attend_idle)


def looking_view(word: str, texts: Texts, at: Progress = BEGINNING) -> str:
    """While the model is asked about a word; an empty one stands for the same word again."""
    heading = texts.attend_looking.format(word=word) if word.strip() else texts.attend_looking_again
    return render(_TEMPLATE, "looking", heading, at, texts)


def waiting_view(heading: str) -> str:
    """Something is being made; the heading says what."""
    return render("widgets.html", "waiting", heading)


def filming_view(texts: Texts) -> str:
    """The place of the film while it is made."""
    return render(_TEMPLATE, "filming", texts)


def method_hint_view(method: str, texts: Texts) -> str:
    """What a method does; nothing for an unknown one."""
    return hint_view(getattr(texts, f"attend_method_{method}_hint", ""))


def hint_view(hint: str) -> str:
    """A line of explanation."""
    return render(_TEMPLATE, "hint", hint)


def result_view(
    word: str,
    frames: Frames,
    heatmap: Heatmap,
    *,
    presence: float | None = None,
    colour_map: str,
    opacity: float,
    texts: Texts,
    scene: str = "",
    start_seconds: float = 0.0,
) -> str:
    """The word, the frames that were used with the heat over them, the legend and the time curve.

    Args:
        word: What was looked for.
        frames: What the model saw, T frames.
        heatmap: One map for each of the frames, (T, rows, columns).
        presence: How likely the clip shows what a typed word names, in [0, 1]; None for a word that the model wrote.
        colour_map: The heat's colours.
        opacity: The heat's opacity, in [0, 1].
        texts: The language.
        scene: Which scene was looked at, as a person reads it; empty for the whole clip.
        start_seconds: When it starts.
    """
    heats = time_curve(heatmap)
    is_likely = presence is None or presence >= LIKELY
    fit = 1.0 if presence is None or is_likely else max(presence, 1e-3)
    drawn = [
        overlay(pixels, heat, colour_map=colour_map, opacity=opacity)
        for pixels, heat in zip(frames.pixels, heatmap.values, strict=True)
    ]
    return render(
        _TEMPLATE,
        "result",
        word=word,
        hottest_seconds=float(heatmap.timestamps_seconds[int(np.argmax(heats))]),
        strip=frame_strip(frames, pixels=drawn),
        legend=_png(draw_legend(colour_map)),
        curve=curve(heatmap.timestamps_seconds, heats, max_value=float(heats.max()) / fit),
        presence=presence,
        is_likely=is_likely,
        away=_moments_taken_away(word, heatmap, heats, presence, texts),
        scene=scene,
        start_seconds=start_seconds,
        texts=texts,
    )


def _moments_taken_away(
    word: str, heatmap: Heatmap, heats: NDArray[np.float64], presence: float | None, texts: Texts
) -> Takeaway:
    """The moments with their mean heat; the maps themselves are in the file of numbers."""
    moments: list[Mapping[str, str | float]] = [
        {"word": word, "timestamp_seconds": round(float(moment), 3), "heat": round(float(heat), 4)}
        for moment, heat in zip(heatmap.timestamps_seconds, heats, strict=True)
    ]
    lines = [f"{clock(float(moment['timestamp_seconds']))} {percent(float(moment['heat']))}" for moment in moments]
    heading = texts.attend_result_heading.format(word=word)
    report = {"word": word, "probability": presence, "moments": moments}
    return take_away("heatmap", "\n".join([heading, *lines]), report, moments)


def heads_view(frames: Frames, heatmaps: list[list[Heatmap]], *, colour_map: str, opacity: float, texts: Texts) -> str:
    """A picture for each [layer][head]: the frame in which its heat is greatest."""

    def hottest(heatmap: Heatmap) -> StripFrame:
        index = int(np.argmax(time_curve(heatmap)))
        small = _shrink(frames.pixels[index])
        drawn = overlay(small, heatmap.values[index], colour_map=colour_map, opacity=opacity)
        return StripFrame(float(heatmap.timestamps_seconds[index]), thumbnail(drawn, _HEAD_WIDTH))

    return render(_TEMPLATE, "heads", [[hottest(one) for one in heads] for heads in heatmaps], texts)


@dataclass(frozen=True, slots=True)
class _Plot:
    """Two curves in one picture, each as points "x,y" in units of the picture."""

    by_heatmap: list[str]
    by_chance: list[str]
    heading: str
    axis: str
    gain: str
    width: int = _PLOT_WIDTH
    height: int = _PLOT_HEIGHT


def faithfulness_view(found: Faithfulness, texts: Texts) -> str:
    """The two pairs of curves with the area between each, and what that says."""
    curves = (found.deletion, found.random_deletion, found.insertion, found.random_insertion)
    low, high = min(float(curve.min()) for curve in curves), max(float(curve.max()) for curve in curves)

    def points(values: NDArray[np.float64]) -> list[str]:
        tops = (high - values) / ((high - low) or 1.0) * (_PLOT_HEIGHT - 12) + 6
        return [f"{x * (_PLOT_WIDTH - 12) + 6:.1f},{y:.1f}" for x, y in zip(found.shares, tops, strict=True)]

    deletion = _Plot(
        points(found.deletion),
        points(found.random_deletion),
        texts.attend_deletion,
        texts.attend_hidden_axis,
        texts.attend_gain.format(gain=f"{found.deletion_gain:+.2f}"),
    )
    insertion = _Plot(
        points(found.insertion),
        points(found.random_insertion),
        texts.attend_insertion,
        texts.attend_shown_axis,
        texts.attend_gain.format(gain=f"{found.insertion_gain:+.2f}"),
    )
    verdict = texts.attend_faith_better if found.score > 0 else texts.attend_faith_worse
    return render(_TEMPLATE, "faithfulness", found.score, verdict, [deletion, insertion], texts)


def _shrink(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A frame as small as a head's picture, so that drawing on it is quick."""
    image = Image.fromarray(pixels)
    image.thumbnail((_HEAD_WIDTH, _HEAD_WIDTH))
    return np.asarray(image)


def _png(pixels: NDArray[np.uint8]) -> str:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    return data_uri(buffer.getvalue(), "png")
