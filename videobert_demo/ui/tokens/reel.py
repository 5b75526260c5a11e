"""Text to video in the Tokens tab: a sentence becomes a row of visual words, and the nearest segments a reel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from videobert_demo.errors import ClipError, VideoBertDemoError
from videobert_demo.service.segments import Segment
from videobert_demo.tasks.visual_words import REEL_SEGMENTS
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.queues import DRAWING
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.tokens import asked_view as asked_views
from videobert_demo.ui.tokens import view as views
from videobert_demo.ui.tokens.asked import answer_when_asked
from videobert_demo.ui.tokens.context import PLAY, Stage, flat, part_view, typed_row
from videobert_demo.video.reel import film_reel


@dataclass(frozen=True, slots=True, eq=False)
class ReelPart:
    """What the part shows; `shots` are the segments whose pictures can be played."""

    view: gr.HTML
    shots: gr.State


def build_reel(stage: Stage, *, translations: Translations) -> ReelPart:
    """Lays out the part inside the caller's block. It needs no clip."""
    words, most, shots = translations.texts, stage.service.max_frames, gr.State(())
    typed, button = typed_row("reel", words.tokens_reel_label, words.tokens_reel_placeholder, words.tokens_reel_button)
    with gr.Row(elem_id="vb-tokens-reel-numbers"):
        length = gr.Slider(1, most, min(REEL_SEGMENTS, most), step=1, label=words.tokens_reel_length, min_width=140)
        temperature = gr.Slider(0, 2, 1, step=0.1, label=words.tokens_reel_temperature, min_width=140)
        seed = gr.Number(0, precision=0, label=words.tokens_reel_seed, min_width=90)
    view = part_view("reel", translations.view(lambda texts: views.idle_view(texts.tokens_reel_idle)), PLAY)
    with gr.Column(visible=False, elem_id="vb-tokens-reel-more") as more:
        video = gr.Video(
            label=words.tokens_reel_video,
            interactive=False,
            autoplay=True,
            loop=True,
            buttons=[],
            height=320,
            elem_id="vb-tokens-reel-video",
        )
        note = gr.HTML("", apply_default_css=False)
        file = gr.DownloadButton(words.tokens_reel_download, size="sm", interactive=False)

    def start(request: gr.Request) -> str:
        return views.busy_view(texts_for(request).tokens_reel_busy)

    def write(text: str | None, count: Any, heat: Any, number: Any, request: gr.Request) -> Sequence[Any]:
        texts = texts_for(request)
        gone = gr.Column(visible=False), None, gr.DownloadButton(interactive=False), ""
        try:
            reel = stage.service.reel(
                text or "", library=stage.library(request), segments=count, temperature=heat, seed=number
            )
        except VideoBertDemoError as error:
            return views.refusal_view(texts.explain(error)), (), *gone
        (shown,) = stage.titled([reel.shown], texts)
        seen = asked_views.reel_view(replace(reel, shown=shown), texts)
        return seen, flat([shown]), gr.Column(visible=bool(shown)), *gone[1:]

    def film(row: tuple[Segment, ...], request: gr.Request) -> Sequence[Any]:
        if not row:
            return gr.skip(), gr.skip(), gr.skip()
        (path,) = stage.visits.place(session_of(request), "reel", "reel.webm")
        try:
            film_reel([segment.shot for segment in row], path, limits=stage.service.settings.limits)
        except (ClipError, OSError):
            return None, gr.DownloadButton(interactive=False), views.idle_view(texts_for(request).tokens_reel_failed)
        return str(path), gr.DownloadButton(value=str(path), interactive=True), ""

    written = answer_when_asked(
        typed, button, start, write, [typed, length, temperature, seed], [view, shots, more, video, file, note]
    )
    written.then(film, [shots], [video, file, note], show_progress_on=[video], **DRAWING)
    return ReelPart(view, shots)
