"""The four states of the Describe tab as HTML: empty, busy, done and error.

Pure functions from values to markup, drawn by `view.html`. It knows nothing about Gradio.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from videobert_demo.service.reports import caption_report
from videobert_demo.timeline.timeline import Chapter
from videobert_demo.types import Caption, CaptionResult, ClipInfo, Frames
from videobert_demo.ui.page.pace import BEGINNING, Progress
from videobert_demo.ui.takeaway import take_away
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import clock, frame_strip

_TEMPLATE = "describe/view.html"
_MOST_CHAPTERS = 12  # more are folded


def empty_view(texts: Texts) -> str:
    """Before there is a clip: what to do."""
    return render(_TEMPLATE, "empty", texts)


def error_view(message: str, texts: Texts, *, can_try_again: bool = False) -> str:
    """A clip could not be described.

    Args:
        message: One sentence for the person: what is wrong and what to do.
        texts: The language.
        can_try_again: Another attempt with the same clip may go well.
    """
    return render(_TEMPLATE, "error", message, can_try_again, texts)


def busy_view(texts: Texts, heading: str = "", at: Progress = BEGINNING) -> str:
    """While the clip is read: the shape of the answer, still blank, so that nothing jumps when it arrives.

    Args:
        texts: The language.
        heading: The step, as a sentence; by default that the clip is being watched.
        at: How far the work is.
    """
    return render(_TEMPLATE, "busy", heading or texts.busy_heading, at, texts)


def done_view(
    info: ClipInfo,
    frames: Frames,
    result: CaptionResult,
    *,
    seconds: float,
    texts: Texts,
    chapters: Sequence[Chapter] = (),
    repeated_frames: int = 0,
) -> str:
    """The caption, the runner-ups, the frames that were looked at and the facts of the clip.

    Args:
        info: Facts of the clip.
        frames: The frames that the caption rests on, uint8 (T, H, W, 3) with their timestamps.
        result: At least one caption, the best first.
        seconds: Time from the file to the answer.
        texts: The language.
        chapters: What happens when, if the clip has several scenes.
        repeated_frames: How many frames the frame encoder read again, because the clip has fewer than it wants.
    """
    best = result.candidates[0]
    doubtful = result.can_tell and not result.is_sure  # then the best is one of several that may be right
    others = _distinct(result.candidates, () if doubtful else (best.text,))
    return render(
        _TEMPLATE,
        "done",
        best=best,
        can_tell=result.can_tell,
        is_sure=result.is_sure,
        holding=result.holds,
        holding_english=result.holds_english,
        runner_ups=[(caption.text, caption.score) for caption in others],
        runner_ups_english=[caption.english for caption in others if caption.english],
        time=_seconds(seconds, texts),
        chapters=chapters,
        most_chapters=_MOST_CHAPTERS,
        strip=frame_strip(frames),
        repeated_frames=repeated_frames,
        facts=_facts(info, texts),
        away=take_away(
            "caption",
            _said(result, texts),
            caption_report(info, frames, result, seconds),
            [
                {
                    "caption": caption.text,
                    **({"english": caption.english} if caption.english else {}),
                    "score": round(caption.score, 4),
                }
                for caption in result.candidates
            ],
        ),
        texts=texts,
    )


def _distinct(captions: Sequence[Caption], told: Collection[str]) -> list[Caption]:
    """Those that are not told yet, each once: several English captions may be one in another language."""
    first = {caption.text: caption for caption in reversed(captions)}
    return [caption for caption in captions if first[caption.text] is caption and caption.text not in told]


def _said(result: CaptionResult, texts: Texts) -> str:
    """The caption as the page says it: what is not sure is not taken away as if it were."""
    if not result.can_tell:
        return texts.cannot_tell
    return result.text if result.is_sure else result.holds or texts.caption_not_sure


def _facts(info: ClipInfo, texts: Texts) -> list[tuple[str, str]]:
    """Names and values; what the file does not tell is left out."""
    facts = [
        (texts.fact_size, f"{info.width} × {info.height}"),
        (texts.fact_format, f"{info.container}, {info.codec}, {_bytes(info.size_bytes)}"),
    ]
    if info.frames_per_second > 0:
        facts.insert(1, (texts.fact_rate, texts.rate.format(rate=f"{info.frames_per_second:.4g}")))
    if info.frame_count == 1:  # however long its file says that it stands
        facts.insert(0, (texts.fact_duration, texts.still))
    elif info.duration_seconds > 0:
        facts.insert(0, (texts.fact_duration, _seconds(info.duration_seconds, texts)))
    return facts


def _seconds(seconds: float, texts: Texts) -> str:
    if seconds >= 60:
        return clock(seconds)
    return texts.seconds.format(seconds=f"{seconds:.1f}")


def _bytes(count: int) -> str:
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} kB"
    return f"{count / 1_000_000:.1f} MB"
