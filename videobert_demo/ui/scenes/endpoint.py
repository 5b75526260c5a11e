"""The HTTP endpoint `/scenes`: a video file in, its scenes and chapters out, as JSON or as a file for an editor."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from videobert_demo.service.service import VideoBertService
from videobert_demo.timeline.exports.formats import FORMATS
from videobert_demo.timeline.exports.json import as_values
from videobert_demo.ui.page.endpoints import (
    CLIP,
    LANGUAGE,
    Argument,
    add_endpoint,
    clip_input,
    errors_told,
    given,
    language_input,
    neutral_words,
)
from videobert_demo.ui.page.queues import SCENES_QUEUE
from videobert_demo.ui.page.schemas import either, listed, number, one_of, or_none, record, text, truth, whole
from videobert_demo.ui.texts.texts import Texts

_FILE = record(
    "What is known of the file.",
    name=text("Its name, without folders."),
    width=whole("As shown, in pixels."),
    height=whole("As shown, in pixels."),
    has_sound=truth("Whether there is a sound track."),
    start_timecode=or_none(text("The first frame's timecode; null where the file has none.")),
)
_SCENE = record(
    start_seconds=number("Where it starts."),
    end_seconds=number("Where it ends; the next one may start here."),
    start_frame=or_none(whole("Its first frame, from 0; null if the frame rate varies.")),
    end_frame=or_none(whole("The frame after its last one.")),
    caption=text("A sentence about it."),
    probability=number("How likely that is right, in [0, 1]."),
    is_sure=truth("Whether it is likely enough to be told as it is."),
    category=or_none(text("What kind of clip it is like.")),
    verb=or_none(text("The likeliest action.")),
    object=or_none(text("The likeliest thing.")),
    visual_words=listed(whole(), "The visual words of the frames that were looked at."),
)
_TIMELINE = record(
    file=_FILE,
    duration_seconds=number("How long the clip is."),
    frame_rate=or_none(listed(whole(), "Frames a second, as numerator and denominator; null if it varies.")),
    is_complete=truth("False if the work was stopped before the clip's end."),
    scenes_left_out=whole("How many more scenes were found than are told."),
    scenes=listed(_SCENE, "In order, not overlapping."),
    chapters=listed(record(start_seconds=number("Where it starts."), title=text("Its title.")), "In order."),
)


def build_scenes_endpoint(service: VideoBertService, texts: Texts) -> None:
    """Adds the endpoint.

    Args:
        service: The model.
        texts: The language of its documentation and error messages.
    """

    def scenes(
        clip: str | None,
        format: str = "json",
        neutral_words: bool = service.settings.neutral_words,
        language: str = "en",
    ) -> dict[str, Any] | str:
        path = given(clip, texts)
        with errors_told():
            timeline = service.in_language(
                service.scenes(path, neutral_words=neutral_words, language=language), language
            )
            # A text that is sent as JSON has to be written as JSON.
            return as_values(timeline) if format == "json" else json.dumps(FORMATS[format].write(timeline))

    # A dropdown refuses what is not among its choices.
    chosen = gr.Dropdown(choices=list(FORMATS), value="json", label=texts.scenes_api_format, visible=False)
    neutral = gr.Checkbox(value=service.settings.neutral_words, label=texts.neutral_label, visible=False)
    form = one_of(list(FORMATS), "json, or the form of a file for a player or an editor, sent as one text.")
    add_endpoint(
        scenes,
        [clip_input(texts), chosen, neutral, language_input(texts)],
        name="scenes",
        queue=SCENES_QUEUE,
        description=texts.scenes_api_description,
        arguments={
            "clip": CLIP,
            "format": Argument(form, "json", default="json"),
            "neutral_words": neutral_words(service.settings.neutral_words),
            "language": LANGUAGE,
        },
        returns=either(_TIMELINE, text("The file, where another format than json was asked for.")),
    )
