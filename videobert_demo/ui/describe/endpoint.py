"""The HTTP endpoint `/caption`: a video file in, its caption as one JSON object out. It keeps nothing."""

from __future__ import annotations

from typing import Any

import gradio as gr

from videobert_demo.service.reports import caption_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.describe.description import describe_clip
from videobert_demo.ui.page.endpoints import add_endpoint, clip_input, errors_told, given
from videobert_demo.ui.texts.texts import Texts


def build_caption_endpoint(service: VideoBertService, texts: Texts) -> None:
    """Adds the endpoint.

    Args:
        service: The model.
        texts: The language of its documentation and error messages.
    """

    def caption(clip: str | None, neutral_words: bool = service.settings.neutral_words) -> dict[str, Any]:
        with errors_told():
            answer = describe_clip(service, given(clip, texts), neutral_words=neutral_words)
        return caption_report(answer.info, answer.frames, answer.result, answer.seconds)

    neutral = gr.Checkbox(value=service.settings.neutral_words, label=texts.neutral_label, visible=False)
    add_endpoint(caption, [clip_input(texts), neutral], name="caption", description=texts.api_description)
