"""The HTTP endpoint `/scenes`: a video file in, its scenes and chapters out, as JSON or as a file for an editor."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from videobert_demo.service.service import VideoBertService
from videobert_demo.timeline.exports.formats import FORMATS
from videobert_demo.timeline.exports.json import as_values
from videobert_demo.ui.page.endpoints import add_endpoint, clip_input, errors_told, given
from videobert_demo.ui.texts.texts import Texts


def build_scenes_endpoint(service: VideoBertService, texts: Texts) -> None:
    """Adds the endpoint.

    Args:
        service: The model.
        texts: The language of its documentation and error messages.
    """

    def scenes(
        clip: str | None, format: str = "json", neutral_words: bool = service.settings.neutral_words
    ) -> dict[str, Any] | str:
        path = given(clip, texts)
        with errors_told():
            timeline = service.scenes(path, neutral_words=neutral_words)
            # A text that is sent as JSON has to be written as JSON.
            return as_values(timeline) if format == "json" else json.dumps(FORMATS[format].write(timeline))

    # A dropdown refuses what is not among its choices.
    chosen = gr.Dropdown(choices=list(FORMATS), value="json", label=texts.scenes_api_format, visible=False)
    neutral = gr.Checkbox(value=service.settings.neutral_words, label=texts.neutral_label, visible=False)
    add_endpoint(scenes, [clip_input(texts), chosen, neutral], name="scenes", description=texts.scenes_api_description)
