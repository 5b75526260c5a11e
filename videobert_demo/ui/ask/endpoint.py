"""The HTTP endpoint `/answer`: a video file and a question in, the answer as one JSON object out. It keeps nothing."""

from __future__ import annotations

import time
from typing import Any

import gradio as gr

from videobert_demo.service.reports import answer_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.page.endpoints import (
    CLIP,
    LANGUAGE,
    SECONDS,
    TIMESTAMP,
    Argument,
    add_endpoint,
    clip_input,
    errors_told,
    given,
    language_input,
    neutral_words,
)
from videobert_demo.ui.page.schemas import listed, number, record, text, truth
from videobert_demo.ui.texts.texts import Texts

_PROBABILITY = number("How likely it is right, in [0, 1].")
_ANSWER = record(
    question=text("The question as it was read."),
    answer=text("The best answer, one word or a few."),
    probability=_PROBABILITY,
    sure=truth("Whether it is likely enough to be told as it is."),
    can_tell=truth("Whether anything can be told of the clip at all: not of a test pattern, say."),
    absent=text("What the question asks about and is not seen in the clip; else empty."),
    candidates=listed(record(text=text("An answer."), probability=_PROBABILITY), "The best answers, best first."),
    frames=listed(
        record(timestamp_seconds=TIMESTAMP, share=number("How much of the answer rests on the frame; they sum to 1.")),
        "The frames that were looked at.",
    ),
    seconds=SECONDS,
)


def build_answer_endpoint(service: VideoBertService, texts: Texts) -> None:
    """Adds the endpoint.

    Args:
        service: The model.
        texts: The language of its documentation and error messages.
    """

    def answer(
        clip: str | None,
        question: str,
        neutral_words: bool = service.settings.neutral_words,
        language: str = "en",
    ) -> dict[str, Any]:
        path = given(clip, texts)
        started = time.perf_counter()
        with errors_told():
            opened = service.open(path)
            result = service.answer(opened, question, neutral_words=neutral_words, language=language)
            shares = service.answer_frames(opened, result)
        return answer_report(opened.frames, result, shares, time.perf_counter() - started)

    question = gr.Textbox(label=texts.ask_label, visible=False)
    neutral = gr.Checkbox(value=service.settings.neutral_words, label=texts.neutral_label, visible=False)
    add_endpoint(
        answer,
        [clip_input(texts), question, neutral, language_input(texts)],
        name="answer",
        description=texts.ask_api_description,
        arguments={
            "clip": CLIP,
            "question": Argument(
                text("A question in English or Chinese, as one asks a person."), "what is the dog doing?"
            ),
            "neutral_words": neutral_words(service.settings.neutral_words),
            "language": LANGUAGE,
        },
        returns=_ANSWER,
    )
