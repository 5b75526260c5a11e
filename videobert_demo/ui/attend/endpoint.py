"""The HTTP endpoint `/attend`: a clip, a word and a method in, the heatmap's numbers out. Keeps nothing."""

from __future__ import annotations

from typing import Any

import gradio as gr

from videobert_demo.attention.explain import DEFAULT_METHOD, METHODS
from videobert_demo.attention.render import time_curve
from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.page.queues import MODEL_QUEUE
from videobert_demo.ui.texts.texts import Texts


def build_attend_endpoint(service: VideoBertService, texts: Texts) -> None:
    """Adds the HTTP endpoint `/attend`: a video file, a word and a method in, the heatmap as one JSON object out.

    Args:
        service: Answers.
        texts: The language of its error messages.
    """
    known = ", ".join(METHODS)

    def attend(clip: str | None, word: str, method: str = DEFAULT_METHOD) -> dict[str, Any]:
        if clip is None:
            raise gr.Error(texts.api_no_clip, print_exception=False)
        if method not in METHODS:
            message = texts.attend_api_method.format(method=str(method)[:40], methods=known)
            raise gr.Error(message, print_exception=False)
        try:
            target = service.word_target(word)  # before the clip: it costs nothing to refuse
            heatmap = service.attend(service.open(clip), target, method)
        except VideoBertDemoError as error:
            raise gr.Error(error.message, print_exception=False) from error
        return {
            "word": target.word,
            "method": method,
            "shape": list(heatmap.values.shape),
            "timestamps_seconds": [round(moment, 3) for moment in heatmap.timestamps_seconds.tolist()],
            "values": heatmap.values.astype(float).round(4).tolist(),
            "time_curve": time_curve(heatmap).round(4).tolist(),
        }

    file = gr.File(label=texts.clip_label, type="filepath", visible=False)
    word = gr.Textbox(label=texts.attend_typed_label, visible=False)
    method = gr.Textbox(DEFAULT_METHOD, label=texts.attend_method_label, visible=False)
    gr.Button(visible=False).click(
        attend,
        inputs=[file, word, method],
        outputs=[gr.JSON(visible=False)],
        api_name="attend",
        api_description=texts.attend_api_description.format(methods=known),
        **MODEL_QUEUE,
    )
