"""The HTTP endpoint `/attend`: a clip, a word and a method in, the heatmap's numbers out. It keeps nothing."""

from __future__ import annotations

from typing import Any

import gradio as gr

from videobert_demo.attention.explain import DEFAULT_METHOD, METHODS
from videobert_demo.attention.render import time_curve
from videobert_demo.service.service import VideoBertService
from videobert_demo.types import Heatmap
from videobert_demo.ui.page.endpoints import (
    CLIP,
    TIMESTAMP,
    Argument,
    add_endpoint,
    clip_input,
    errors_told,
    given,
    refusal,
)
from videobert_demo.ui.page.schemas import listed, number, one_of, record, text, truth, whole
from videobert_demo.ui.texts.texts import Texts

_HEATMAP = record(
    word=text("The word as it was read."),
    method=one_of(METHODS, "How it was worked out."),
    shape=listed(whole(), "Frames, rows and columns of the values."),
    timestamps_seconds=listed(TIMESTAMP, "One for each frame."),
    values=listed(
        listed(listed(number())), "For each frame its rows, for each row its patches: how warm they are, in [0, 1]."
    ),
    time_curve=listed(number(), "How warm each frame is, in [0, 1]."),
)


def build_attend_endpoint(service: VideoBertService, texts: Texts) -> None:
    """Adds the endpoint.

    Args:
        service: The model.
        texts: The language of its documentation and error messages.
    """
    known = ", ".join(METHODS)

    def attend(clip: str | None, word: str, method: str = DEFAULT_METHOD, finer: bool = False) -> dict[str, Any]:
        path = given(clip, texts)
        if method not in METHODS:
            raise refusal(texts.attend_api_method.format(method=str(method)[:40], methods=known))
        with errors_told():
            target = service.word_target(word)  # before the clip: it costs nothing to refuse
            segments = service.read_segments(path) if finer else None
            heatmap = service.attend(service.open(path), target, method, segments=segments)
        return report_heatmap(target.word, method, heatmap)

    word = gr.Textbox(label=texts.attend_typed_label, visible=False)
    method = gr.Textbox(DEFAULT_METHOD, label=texts.attend_method_label, visible=False)
    finer = gr.Checkbox(False, label=texts.attend_finer, visible=False)
    description = texts.attend_api_description.format(methods=known)
    add_endpoint(
        attend,
        [clip_input(texts), word, method, finer],
        name="attend",
        description=description,
        arguments={
            "clip": CLIP,
            "word": Argument(text("An English word for what to look for."), "dog"),
            "method": Argument(
                one_of(METHODS, "How the heatmap is worked out."), DEFAULT_METHOD, default=DEFAULT_METHOD
            ),
            "finer": Argument(
                truth(
                    "Take in the frame encoder's own attention, so that the map is as fine as its grid; with relevance "
                    "and rollout, where that encoder is a transformer."
                ),
                False,
                default=False,
            ),
        },
        returns=_HEATMAP,
    )


def report_heatmap(word: str, method: str, heatmap: Heatmap) -> dict[str, Any]:
    """A heatmap as plain JSON values."""
    return {
        "word": word,
        "method": method,
        "shape": list(heatmap.values.shape),
        "timestamps_seconds": [round(moment, 3) for moment in heatmap.timestamps_seconds.tolist()],
        "values": heatmap.values.astype(float).round(4).tolist(),
        "time_curve": time_curve(heatmap).round(4).tolist(),
    }
