"""The HTTP endpoint `/answer`: a video file and a question in, the answer as one JSON object out. It keeps nothing."""

from __future__ import annotations

import time
from typing import Any

import gradio as gr

from videobert_demo.service.reports import answer_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.page.endpoints import add_endpoint, clip_input, errors_told, given
from videobert_demo.ui.texts.texts import Texts


def build_answer_endpoint(service: VideoBertService, texts: Texts) -> None:
    """Adds the endpoint.

    Args:
        service: The model.
        texts: The language of its documentation and error messages.
    """

    def answer(clip: str | None, question: str, neutral_words: bool = service.settings.neutral_words) -> dict[str, Any]:
        path = given(clip, texts)
        started = time.perf_counter()
        with errors_told():
            opened = service.open(path)
            result = service.answer(opened, question, neutral_words=neutral_words)
            shares = service.answer_frames(opened, result)
        return answer_report(opened.frames, result, shares, time.perf_counter() - started)

    question = gr.Textbox(label=texts.ask_label, visible=False)
    neutral = gr.Checkbox(value=service.settings.neutral_words, label=texts.neutral_label, visible=False)
    add_endpoint(answer, [clip_input(texts), question, neutral], name="answer", description=texts.ask_api_description)
