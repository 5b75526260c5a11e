"""What is drawn of a heatmap: the frames at once, the playable overlay some seconds later, details when unfolded.

    another heatmap, or other colours  ->  frames and numbers  ->  the overlay
    a panel is unfolded                ->  the test of the heatmap, or a picture for each attention head

With other colours the heatmap is drawn anew; the model is not asked again. Files that are made for a visitor are that
visitor's (page/visits.py), and are deleted with the uploads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr
import numpy as np

from videobert_demo.attention.render import (
    COLOUR_MAPS,
    DEFAULT_COLOUR_MAP,
    DEFAULT_OPACITY,
    draw_strip,
    encode_png,
    write_numbers,
    write_overlay,
)
from videobert_demo.attention.targets import Target
from videobert_demo.errors import ClipError
from videobert_demo.model.features import ClipFeatures
from videobert_demo.service.service import VideoBertService
from videobert_demo.types import Heatmap
from videobert_demo.ui.attend import view as views
from videobert_demo.ui.attend.view import LIKELY
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, DRAWING, LAST_WORD, Updates, unchanged
from videobert_demo.ui.page.speaking import glosses
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.timeline.scope import ChosenScene

# A moment leads to itself in the overlay, or in the clip while there is no overlay yet.
JUMP = """
const jump = (event) => {
  const target = event.target.closest('[data-moment]');
  const film = document.querySelector('#vb-attend-video video');
  const video = film || document.querySelector('#vb-clip video');
  if (!target || !video) return;
  event.preventDefault();
  video.pause();
  const start = film ? Number(document.querySelector('[data-film-start]')?.dataset.filmStart ?? 0) : 0;
  video.currentTime = Number(target.dataset.moment) - start;
  window.videobert.show(video);
};
element.addEventListener('click', jump);
element.addEventListener('keydown', (event) => { if (event.key === 'Enter' || event.key === ' ') jump(event); });
"""


@dataclass(frozen=True, slots=True, eq=False)
class FoundHeatmap:
    """What was found for a word in the clip at `path`, or in one of its scenes.

    Attributes:
        presence: How likely the clip shows what a typed word names, in [0, 1]; None for a word that the model wrote.
    """

    path: str
    target: Target
    method: str
    heatmap: Heatmap
    scene: ChosenScene | None = None
    presence: float | None = None

    @property
    def span_seconds(self) -> tuple[float, float] | None:
        """Start and end of the scene; None for the whole clip."""
        return None if self.scene is None else self.scene.span_seconds

    @property
    def drawn(self) -> Heatmap:
        """The heatmap on an absolute scale: as faint as it is unlikely that the word's thing is there at all."""
        if self.presence is None or self.presence >= LIKELY:
            return self.heatmap
        return Heatmap(self.heatmap.values * np.float32(self.presence), self.heatmap.timestamps_seconds)


class HeatmapDrawing:
    """Lays out a column inside the caller's block; it is hidden until something was found.

    Args:
        service: The model.
        visits: Who is here; the files that are made for them are deleted after the visit.
        found: A state: a `FoundHeatmap`, or None.
        result: The view in which the frames are drawn.
        translations: The sentences that the browser translates.
    """

    def __init__(
        self,
        service: VideoBertService,
        *,
        visits: Visits,
        found: gr.State,
        result: gr.HTML,
        translations: Translations,
    ) -> None:
        self._service, self._visits, self._result = service, visits, result
        with gr.Column(visible=False, elem_id="vb-attend-more") as self._column:
            self._lay_out_overlay(translations.texts)
            self._lay_out_panels(translations)
        self.outputs = [self._column, self._faith_panel, self._heads_panel]
        self._listen(found)

    def hidden(self) -> Updates:
        """The column while nothing was found, or something else is looked for."""
        return {self._column: gr.Column(visible=False)}

    def folded(self) -> Updates:
        """Values for `outputs` that fold both panels."""
        return {self._faith_panel: gr.Accordion(open=False), self._heads_panel: gr.Accordion(open=False)}

    def _lay_out_overlay(self, words: Texts) -> None:
        self._video = gr.Video(
            label=words.attend_video_label,
            interactive=False,
            autoplay=True,
            loop=True,
            buttons=[],
            height=320,
            visible=False,
            elem_id="vb-attend-video",
        )
        self._note = gr.HTML("", apply_default_css=False)
        with gr.Row():
            self._opacity = gr.Slider(0, 1, DEFAULT_OPACITY, step=0.05, label=words.attend_opacity)
            self._colours = gr.Dropdown(
                [(name.capitalize(), name) for name in COLOUR_MAPS],
                value=DEFAULT_COLOUR_MAP,
                label=words.attend_colours,
            )
        with gr.Row(elem_id="vb-attend-downloads"):
            self._video_file = gr.DownloadButton(words.attend_download_video, size="sm", interactive=False)
            self._strip_file = gr.DownloadButton(words.attend_download_strip, size="sm")
            self._numbers_file = gr.DownloadButton(words.attend_download_numbers, size="sm")

    def _lay_out_panels(self, translations: Translations) -> None:
        words = translations.texts
        with gr.Accordion(words.attend_faith, open=False, elem_id="vb-attend-faith") as self._faith_panel:
            gr.HTML(translations.view(lambda texts: views.hint_view(texts.attend_faith_hint)), apply_default_css=False)
            self._faith = gr.HTML("", min_height=60, apply_default_css=False)
        with gr.Accordion(words.attend_heads, open=False, elem_id="vb-attend-heads") as self._heads_panel:
            self._heads = gr.HTML("", js_on_load=JUMP, min_height=60, apply_default_css=False)

    def _listen(self, found: gr.State) -> None:
        looks = [found, self._opacity, self._colours]
        drawn = gr.on(
            [found.change, self._opacity.release, self._colours.change],
            self._draw,
            looks,
            [self._result, self._column, self._video, self._strip_file, self._numbers_file, self._note],
            show_progress="hidden",
            **DRAWING,
            **LAST_WORD,
        )
        filmed = [self._video, self._video_file, self._note]
        drawn.then(self._film, looks, filmed, show_progress="hidden", **DRAWING, **LAST_WORD)
        for panel, show, inputs, view in (
            (self._faith_panel, self._test, [found], self._faith),
            (self._heads_panel, self._show_heads, looks, self._heads),
        ):
            blanked = panel.expand(_wait_in(view), None, [view], **AT_ONCE)
            blanked.then(show, inputs, [view], show_progress="minimal", **ASKING, **LAST_WORD)

    def _opened(self, found: FoundHeatmap) -> ClipFeatures:
        return self._service.open(found.path, span_seconds=found.span_seconds)

    def _draw(self, found: FoundHeatmap | None, opacity: float, colour_map: str, request: gr.Request) -> Updates:
        if found is None:
            return unchanged()
        word, heatmap, frames = found.target.word, found.drawn, self._opened(found).frames
        texts = texts_for(request)
        strip, numbers = self._visits.new_paths(session_of(request), "drawing", "frames.png", "heatmap.npz")
        strip.write_bytes(encode_png(draw_strip(frames, heatmap, colour_map=colour_map, opacity=opacity)))
        write_numbers(numbers, found.heatmap, word=word, method=found.method)
        return {
            self._result: views.result_view(
                "".join(glosses(self._service, [word], texts)) or word,
                frames,
                heatmap,
                presence=found.presence,
                colour_map=colour_map,
                opacity=opacity,
                texts=texts,
                scene="" if found.scene is None else found.scene.name_in(texts),
                start_seconds=0.0 if found.scene is None else found.scene.span_seconds[0],
            ),
            self._column: gr.Column(visible=True),
            self._video: gr.Video(None, visible=False),  # its place is held until there is a film of this heatmap
            self._strip_file: str(strip),
            self._numbers_file: str(numbers),
            self._note: views.filming_view(texts),
        }

    def _film(self, found: FoundHeatmap | None, opacity: float, colour_map: str, request: gr.Request) -> Updates:
        if found is None:
            return unchanged()
        (path,) = self._visits.new_paths(session_of(request), "overlay", "overlay.webm")
        limits = self._service.settings.limits
        try:
            write_overlay(
                found.path,
                found.drawn,
                path,
                limits=limits,
                colour_map=colour_map,
                opacity=opacity,
                span_seconds=found.span_seconds,
            )
        except ClipError:
            note = views.hint_view(texts_for(request).attend_video_failed)
            return {self._video_file: gr.DownloadButton(interactive=False), self._note: note}
        button = gr.DownloadButton(value=str(path), interactive=True)
        texts = texts_for(request)
        label = texts.attend_video_label if found.scene is None else texts.attend_video_label_scene
        return {self._video: gr.Video(str(path), label=label, visible=True), self._video_file: button, self._note: ""}

    def _test(self, found: FoundHeatmap | None, request: gr.Request) -> Updates:
        if found is None:
            return unchanged()
        measured = self._service.faithfulness(self._opened(found), found.target, found.heatmap)
        return {self._faith: views.faithfulness_view(measured, texts_for(request))}

    def _show_heads(self, found: FoundHeatmap | None, opacity: float, colour_map: str, request: gr.Request) -> Updates:
        if found is None:
            return unchanged()
        clip = self._opened(found)
        maps = self._service.attend_by_head(clip, found.target)
        texts = texts_for(request)
        view = views.heads_view(clip.frames, maps, colour_map=colour_map, opacity=opacity, texts=texts)
        return {self._heads: view}


def _wait_in(view: gr.HTML) -> Callable[[gr.Request], Updates]:
    def wait(request: gr.Request) -> Updates:
        return {view: views.waiting_view(texts_for(request).attend_measuring)}

    return wait
