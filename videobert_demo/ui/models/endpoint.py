"""The HTTP endpoint `/compare_models`: a clip in, what two models say of it out. It keeps nothing."""

from __future__ import annotations

import time
from typing import Any, get_args

import gradio as gr

from videobert_demo.service.compare_models import STEPS, Form, model_comparison_report
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
)
from videobert_demo.ui.page.schemas import listed, number, one_of, or_none, record, text, truth
from videobert_demo.ui.texts.texts import Texts

_COMPARISON = record(
    question=text("The question; empty if none was asked."),
    word=text("What both looked for; empty if there is no such word."),
    models=listed(
        record(
            name=text("The checkpoint's name."),
            form=one_of(get_args(Form), "What it is to the running model."),
            megabytes=number("Of its weights on disk."),
            caption=text("What happens, in one sentence."),
            caption_probability=or_none(number("That it is right; null if the checkpoint is not calibrated.")),
            caption_sure=truth("Whether it is likely enough to be told as it is."),
            answer=or_none(text("The answer; null without a question.")),
            answer_probability=or_none(number("Of the answer, in [0, 1].")),
            heatmap=or_none(
                record(
                    "Where it looked for the word; null without a word.",
                    peak_seconds=number("The moment in which the word is warmest."),
                    moments=listed(
                        record(timestamp_seconds=TIMESTAMP, value=number("How warm the frame is, in [0, 1].")),
                        "The frames that were looked at.",
                    ),
                )
            ),
            milliseconds=record(
                "How long each step took; null for one that was not taken.",
                **{step: or_none(number()) for step in STEPS},
            ),
        ),
        "The running model and the second.",
    ),
    seconds=SECONDS,
)
_TAKES = {
    "clip": CLIP,
    "question": Argument(text("A question that both answer; empty for none."), "what is the animal doing?", default=""),
    "word": Argument(
        text("A word that both look for; if it is empty, the main noun of the running model's caption."),
        "dog",
        default="",
    ),
    "language": LANGUAGE,
}


def build_models_endpoint(service: VideoBertService, texts: Texts) -> None:
    """Adds the endpoint.

    Args:
        service: The running model.
        texts: The language of its documentation and error messages.
    """

    def compare_models(clip: str | None, question: str = "", word: str = "", language: str = "en") -> dict[str, Any]:
        path = given(clip, texts)
        started = time.perf_counter()
        with errors_told():
            found = service.in_language(service.compare_models(path, question=question, word=word), language)
        return model_comparison_report(found) | {"seconds": round(time.perf_counter() - started, 3)}

    asked = gr.Textbox(label=texts.models_question, visible=False)
    word = gr.Textbox(label=texts.models_word, visible=False)
    add_endpoint(
        compare_models,
        [clip_input(texts), asked, word, language_input(texts)],
        name="compare_models",
        description=texts.models_api_description,
        arguments=_TAKES,
        returns=_COMPARISON,
    )
