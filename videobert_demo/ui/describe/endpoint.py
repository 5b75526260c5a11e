"""The HTTP endpoints `/caption`, a video file in, its caption as one JSON object out, and `/captions` for many files.

They keep nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from videobert_demo.service.files import FILE_KEYS, caption_files
from videobert_demo.service.reports import caption_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.describe.description import describe_clip
from videobert_demo.ui.describe.many import MAX_FILES
from videobert_demo.ui.page.endpoints import (
    CLIP,
    CLIPS,
    LANGUAGE,
    SECONDS,
    TIMESTAMP,
    add_endpoint,
    clip_input,
    clips_input,
    errors_told,
    given,
    language_input,
    neutral_words,
    refusal,
)
from videobert_demo.ui.page.schemas import either, listed, number, or_none, record, text, truth
from videobert_demo.ui.texts.texts import Texts

_SCORE = number("How well it fits, in [0, 1]: only good for comparing captions of one clip.")
_PROBABILITY = or_none(number("How likely it is right, in [0, 1]; null where the checkpoint is not calibrated."))
_CAPTION = record(
    caption=text("The best caption."),
    score=_SCORE,
    probability=_PROBABILITY,
    sure=truth("Whether it is likely enough to be told as it is."),
    can_tell=truth("Whether anything can be told at all: not of a test pattern, say."),
    holds=text("What holds where the caption is not sure; else empty."),
    candidates=listed(
        record(text=text("A caption."), score=_SCORE, probability=_PROBABILITY), "The best captions, best first."
    ),
    frames=listed(record(timestamp_seconds=TIMESTAMP), "The frames that were looked at."),
    duration_seconds=number("How long the clip is."),
    seconds=SECONDS,
)
_NAME = text("The file's name.")
_SAME = text("The name of an earlier file with the same bytes; else empty.")
_ROW = record(
    "A file that has a caption.",
    same_as=_SAME,
    file=_NAME,
    content_hash=text("Names the file by its content."),
    **{name: field for name, field in _CAPTION["properties"].items() if name != "frames"},
)
_FAILED_ROW = record("A file that has none.", same_as=_SAME, file=_NAME, error=text("Why there is no caption."))


def build_caption_endpoint(service: VideoBertService, texts: Texts) -> None:
    """Adds the endpoints.

    Args:
        service: The model.
        texts: The language of their documentation and error messages.
    """

    def caption(
        clip: str | None, neutral_words: bool = service.settings.neutral_words, language: str = "en"
    ) -> dict[str, Any]:
        with errors_told():
            answer = describe_clip(service, given(clip, texts), neutral_words=neutral_words, language=language)
        return caption_report(answer.info, answer.frames, answer.result, answer.seconds)

    neutral = gr.Checkbox(value=service.settings.neutral_words, label=texts.neutral_label, visible=False)
    add_endpoint(
        caption,
        [clip_input(texts), neutral, language_input(texts)],
        name="caption",
        description=texts.api_description,
        arguments={
            "clip": CLIP,
            "neutral_words": neutral_words(service.settings.neutral_words),
            "language": LANGUAGE,
        },
        returns=_CAPTION,
    )

    def captions(clips: list[str] | None, language: str = "en") -> list[dict[str, Any]]:
        if not clips or len(clips) > MAX_FILES:
            raise refusal(texts.many_api_count.format(most=MAX_FILES))
        names = {path: Path(path).name for path in clips}
        rows = []
        for row in caption_files(service, map(Path, clips), language=language):
            paths = {key: row.get(key, "") for key in FILE_KEYS}
            rows.append(row | {key: names.get(path, path) for key, path in paths.items()})
        return rows

    add_endpoint(
        captions,
        [clips_input(texts), language_input(texts)],
        name="captions",
        description=texts.many_api_description,
        arguments={"clips": CLIPS, "language": LANGUAGE},
        returns=listed(either(_ROW, _FAILED_ROW), "A row for each file, in their order."),
    )
