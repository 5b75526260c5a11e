"""Text to video in the Tokens tab: a sentence becomes a row of visual words, and the segments that show them a reel."""

from __future__ import annotations

from dataclasses import replace

import gradio as gr

from videobert_demo.errors import ClipError, VideoBertDemoError
from videobert_demo.service.segments import Segment
from videobert_demo.tasks.visual_words import REEL_SEGMENTS
from videobert_demo.ui.page.asking import ANSWERING, ask_then_answer
from videobert_demo.ui.page.pace import Pace
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.queues import DRAWING, Updates, unchanged
from videobert_demo.ui.page.speaking import shown
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens import view as views
from videobert_demo.ui.tokens.context import TokensContext, segments_shown
from videobert_demo.ui.tokens.part import PLAY, part_row, part_view


class ReelPart:
    """A sentence to type, the row that was written for it, and its film. It needs no clip.

    Args:
        context: What the parts share.
        visits: Who is here; a film goes with the visit.
        translations: The sentences that the browser translates.

    Attributes:
        view: The row.
        shots: The segments whose pictures it shows.
    """

    def __init__(self, context: TokensContext, *, visits: Visits, translations: Translations) -> None:
        self._context, self._visits, self._pace = context, visits, Pace()
        self.shots = gr.State(())
        words = translations.texts
        row = part_row("reel", words.tokens_reel_label, words.tokens_reel_placeholder, words.tokens_reel_button)
        numbers = self._lay_out_numbers(words)
        self.view = part_view("reel", translations.view(lambda texts: views.idle_view(texts.tokens_reel_idle)), PLAY)
        self._lay_out_film(words)
        film = [self._film, self._note, self._file]
        written = ask_then_answer(
            row,
            self._start,
            self._write,
            [row.text, *numbers],
            [self.view, self.shots, self._more, *film],
            view=self.view,
            refuse=views.refusal_view,
            pace=self._pace,
        )
        written.then(self._make_film, [self.shots], film, show_progress="hidden", **DRAWING)

    def _lay_out_numbers(self, words: Texts) -> list[gr.components.Component]:
        most = self._context.service.max_frames
        with gr.Row(elem_id="vb-tokens-reel-numbers"):
            return [
                gr.Slider(1, most, min(REEL_SEGMENTS, most), step=1, label=words.tokens_reel_length, min_width=140),
                gr.Slider(0, 2, 1, step=0.1, label=words.tokens_reel_temperature, min_width=140),
                gr.Number(0, precision=0, label=words.tokens_reel_seed, min_width=90),
            ]

    def _lay_out_film(self, words: Texts) -> None:
        with gr.Column(visible=False, elem_id="vb-tokens-reel-more") as self._more:
            self._film = gr.Video(
                label=words.tokens_reel_video,
                interactive=False,
                autoplay=True,
                loop=True,
                buttons=[],
                height=320,
                elem_id="vb-tokens-reel-video",
            )
            self._note = gr.HTML("", apply_default_css=False)
            self._file = gr.DownloadButton(words.tokens_reel_download, size="sm", interactive=False)

    def _start(self, request: gr.Request) -> Updates:
        texts = texts_for(request)
        return {self.view: views.busy_view(texts.tokens_reel_busy, texts, self._pace.progress(ANSWERING))}

    def _write(
        self, text: str | None, segments: float, temperature: float, seed: float, request: gr.Request
    ) -> Updates:
        texts = texts_for(request)
        try:
            reel = self._context.service.reel(
                text or "",
                library=self._context.library(request),
                segments=segments,
                temperature=temperature,
                seed=seed,
            )
        except VideoBertDemoError as error:
            return self._without_film(views.refusal_view(texts.explain(error)), ())
        reel = shown(self._context.service, reel, texts)
        (titled,) = self._context.titled([reel.shown], texts)
        updates = self._without_film(views.reel_view(replace(reel, shown=titled), texts), segments_shown([titled]))
        return {**updates, self._note: views.waiting_view(texts.tokens_reel_filming)} if titled else updates

    def _without_film(self, view: str, shots: tuple[Segment, ...]) -> Updates:
        """The row, and room for its film; no room if there is nothing to film."""
        return {
            self.view: view,
            self.shots: shots,
            self._more: gr.Column(visible=bool(shots)),
            self._film: None,
            self._file: gr.DownloadButton(interactive=False),
            self._note: "",
        }

    def _make_film(self, shots: tuple[Segment, ...], request: gr.Request) -> Updates:
        if not shots:
            return unchanged()
        (path,) = self._visits.new_paths(session_of(request), "reel", "reel.webm")
        try:
            self._context.service.film_reel(shots, path)
        except (ClipError, OSError):
            failed = views.idle_view(texts_for(request).tokens_reel_failed)
            return {self._film: None, self._file: gr.DownloadButton(interactive=False), self._note: failed}
        return {
            self._film: str(path),
            self._file: gr.DownloadButton(value=str(path), interactive=True),
            self._note: "",
        }
