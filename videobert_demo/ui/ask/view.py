"""What the Ask tab shows, as HTML. Pure functions from values to markup, drawn by `view.html`; no Gradio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from videobert_demo.service.reports import answer_report
from videobert_demo.types import AnswerResult, Frames
from videobert_demo.ui.page.pace import BEGINNING, Progress
from videobert_demo.ui.takeaway import take_away
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import FrameStrip, frame_strip, percent

_TEMPLATE = "ask/view.html"
_MIN_OPACITY = 0.35


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """A question with its answer.

    Attributes:
        result: The question as the model read it, and its answers.
        scene: Which scene it is about, as a person reads it; empty for the whole clip.
    """

    result: AnswerResult
    scene: str = ""

    def is_about_the_same_as(self, other: Answered) -> bool:
        """Whether the same was asked about the same part of the clip."""
        return (self.result.question, self.scene) == (other.result.question, other.scene)


def empty_view(texts: Texts) -> str:
    """Before there is a clip: what to do."""
    return render("widgets.html", "notice", "ask", "empty", texts.ask_empty_heading, texts.ask_empty_hint)


def clip_error_view(message: str, texts: Texts) -> str:
    """The clip cannot be used: why, and what to do."""
    return render("widgets.html", "notice", "ask", "error", texts.ask_clip_error_heading, message)


def refusal_view(message: str) -> str:
    """The question cannot be answered as it stands: one calm sentence."""
    return render("widgets.html", "refusal", "ask", message)


def suggestions_view(questions: Sequence[str], texts: Texts) -> str:
    """The suggested questions, to click; while there are none yet, their blank shapes."""
    return render(_TEMPLATE, "suggestions", questions, all(map(str.isascii, questions)), texts)


def busy_view(question: str, texts: Texts, at: Progress = BEGINNING) -> str:
    """While the model looks for the answer."""
    asked = question.strip()
    heading = texts.ask_busy.format(question=asked) if asked else texts.ask_busy_blank
    return render(_TEMPLATE, "busy", heading, at, texts)


def answer_view(
    answered: Answered, frames: Frames, shares: NDArray[np.float64], earlier: Sequence[Answered], texts: Texts
) -> str:
    """The answer, the likeliest ones as bars, the frames it rests on, and the earlier questions of this clip.

    Args:
        answered: The question with its answer.
        frames: What the model saw, T frames.
        shares: (T,), how much of the answer's relevance each frame has; they sum to 1.
        earlier: The latest first.
        texts: The language.
    """
    rows = [(answer.text, answer.probability) for answer in answered.result.candidates]
    asked = [one.result for one in (answered, *earlier)]
    away = take_away(
        "answers",
        "\n".join(f"{one.asked or one.question} {_said(one, texts)} ({percent(one.probability)})" for one in asked),
        {
            **answer_report(frames, answered.result, shares, answered.result.seconds),
            "earlier": [
                {"question": one.question, "answer": one.text, "probability": round(one.probability, 4)}
                for one in asked[1:]
            ],
        },
        [
            {"question": one.question, "answer": answer.text, "probability": round(answer.probability, 4)}
            for one in asked
            for answer in one.candidates
        ],
    )
    english = [answer.english for answer in answered.result.candidates if answer.english]
    return render(_TEMPLATE, "answer", answered, rows, english, _strip(frames, shares), earlier, away, texts)


def _strip(frames: Frames, shares: NDArray[np.float64]) -> FrameStrip:
    """The frames, each with its share; those that count for less are fainter."""
    strip = frame_strip(frames)
    opacities = _MIN_OPACITY + (1 - _MIN_OPACITY) * shares / shares.max()
    return FrameStrip(
        tuple(
            replace(frame, note=percent(share), opacity=opacity)
            for frame, share, opacity in zip(strip.frames, shares.tolist(), opacities.tolist(), strict=True)
        )
    )


def _said(result: AnswerResult, texts: Texts) -> str:
    """The answer as the page says it."""
    if not result.can_tell:
        return texts.cannot_tell
    if result.absent:
        return texts.ask_absent.format(thing=result.absent)
    return result.text if result.is_sure else texts.ask_not_sure.format(answer=result.text)
