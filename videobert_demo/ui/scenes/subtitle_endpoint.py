"""The HTTP endpoint `/subtitles`: a clip, and perhaps a file of subtitles, in; what is said, and captions, out."""

from __future__ import annotations

from typing import Any

import gradio as gr

from videobert_demo.service.service import VideoBertService
from videobert_demo.service.subtitles import subtitles_report
from videobert_demo.ui.page.endpoints import (
    CLIP,
    LANGUAGE,
    Argument,
    add_endpoint,
    clip_input,
    errors_told,
    given,
    language_input,
)
from videobert_demo.ui.page.schemas import listed, number, one_of, or_none, record, text, whole
from videobert_demo.ui.texts.texts import Texts

_SUBTITLES = record(
    source=one_of(["file", "track", "speech"], "Where they come from."),
    count=whole("How many cues there are."),
    cues=listed(
        record(
            start_seconds=number("When it begins."),
            end_seconds=number("When it ends, exclusive."),
            text=text("The words."),
        ),
        "Those that were searched for, in order of time.",
    ),
    caption=text("The clip's caption, from its frames alone."),
    caption_beside=or_none(text("The caption that the model writes beside the words; null if nothing is said.")),
)


def build_subtitle_endpoint(service: VideoBertService, texts: Texts) -> None:
    """Adds the endpoint.

    Args:
        service: The model.
        texts: The language of its documentation and error messages.
    """

    def subtitles(
        clip: str | None, content: str = "", form: str = "srt", find: str = "", language: str = "en"
    ) -> dict[str, Any]:
        path = given(clip, texts)
        with errors_told():
            found = service.subtitles(path) if not content.strip() else service.subtitles_of_text(content, form)
            opened = service.open(path)
            words = found.words_between(0.0, opened.info.duration_seconds or float("inf"))
            beside = service.in_language(service.caption_with_words(opened, words), language).text if words else None
            report = subtitles_report(found, found.find(find) if find.strip() else None)
            return {**report, "caption": service.caption(opened, language=language).text, "caption_beside": beside}

    written = gr.Textbox("", label=texts.subtitles_api_content, visible=False)
    form = gr.Dropdown(choices=["srt", "vtt"], value="srt", label=texts.subtitles_api_form, visible=False)
    sought = gr.Textbox("", label=texts.subtitles_api_find, visible=False)
    example = "1\n00:00:00,000 --> 00:00:01,000\nGood dog!\n"
    add_endpoint(
        subtitles,
        [clip_input(texts), written, form, sought, language_input(texts)],
        name="subtitles",
        description=texts.subtitles_api_description,
        arguments={
            "clip": CLIP,
            "content": Argument(
                text("What a file of subtitles holds; empty for those in the clip."), example, default=""
            ),
            "form": Argument(one_of(["srt", "vtt"], "Its form."), "srt", default="srt"),
            "find": Argument(text("Words that the cues must have; empty for all cues."), "dog", default=""),
            "language": LANGUAGE,
        },
        returns=_SUBTITLES,
    )
