"""The left panel: the clip that every tab works on, whether uploaded, recorded or picked from the bundled examples.

Knows no tab, and nothing about what the model makes of the clip.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
from markupsafe import Markup

from videobert_demo.errors import ClipError
from videobert_demo.service.examples import ExampleClip
from videobert_demo.service.service import VideoBertService
from videobert_demo.types import ClipLimits
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.queues import DRAWING, LAST_WORD, Updates
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import data_uri

_TEMPLATE = "clip_panel.html"
_BYTES_PER_MEGABYTE = 1024 * 1024

_CAMERA = {"audio": False, "video": {"width": {"ideal": 640}, "height": {"ideal": 480}}}

# Everything that may be a clip; the server looks at what a file is, not at its name.
_ACCEPTED = "video/*,image/gif,.mkv,.avi,.mpg,.mpeg,.ts,.mts,.m2ts,.flv,.wmv,.3gp,.gif"
_WANT_PREVIEW = "window.videobert.wantPreview = () => trigger('select');"
_TAKE = "window.videobert.takeClipsWith(element, upload, trigger);"

# One listener for all cards; the event carries the index of the card that was chosen.
_CHOOSE = """
element.addEventListener('click', (event) => {
  const card = event.target.closest('[data-example]');
  if (card) trigger('select', {index: Number(card.dataset.example)});
});
"""


class ClipPanel:
    """Lays out the panel inside the caller's block.

    Args:
        service: Makes previews.
        examples: The bundled clips, in the order in which they are shown.
        visits: The visitors' sessions; a preview is deleted after the visit.
        limits: The largest clip that is accepted; the page tells how large a file may be.
        translations: The sentences that the browser translates.
        lay_out_below: Lays out what belongs right below the player and stays in sight with it.

    Attributes:
        clip: The component whose value is the path of the clip, or None.
    """

    def __init__(
        self,
        service: VideoBertService,
        examples: Sequence[ExampleClip],
        *,
        visits: Visits,
        limits: ClipLimits,
        translations: Translations,
        lay_out_below: Callable[[], None],
    ) -> None:
        self._service, self._examples, self._visits = service, examples, visits
        megabytes = f"{round(limits.max_bytes / _BYTES_PER_MEGABYTE, 2):g}"
        with gr.Column(elem_id="vb-stage"):
            self._lay_out_clip(limits.max_bytes, megabytes, translations, lay_out_below)
        self._lay_out_notes(megabytes, translations)
        cards = gr.HTML(
            # The pictures are the same in every language, and heavy.
            posters_view(examples) + translations.view(lambda texts: cards_view(examples, texts)),
            js_on_load=_CHOOSE,
            elem_id="vb-examples",
            apply_default_css=False,
        )
        cards.select(
            self._choose,
            outputs=[self.clip],
            # A second choice counts while the first is on its way, and arrives after it: one at a time, in their order.
            trigger_mode="multiple",
            concurrency_limit=1,
            show_progress="hidden",
            api_visibility="private",
        )

    def _lay_out_clip(
        self, max_bytes: int, megabytes: str, translations: Translations, lay_out_below: Callable[[], None]
    ) -> None:
        """Lays out the player and the button that replaces the clip, which stay in sight while the page scrolls."""
        self.clip = gr.Video(
            label=translations.texts.clip_label,
            show_label=False,
            sources=["upload", "webcam"],
            # Without sound, or mirrored, Gradio would start ffmpeg on the upload before anyone has looked at what it
            # is. The microphone is kept out where the recording is made instead.
            include_audio=True,
            webcam_options=gr.WebcamOptions(mirror=False, constraints=_CAMERA),
            height=324,
            autoplay=True,
            loop=True,
            buttons=[],
            interactive=True,
            elem_id="vb-clip",
        )
        lay_out_below()
        taking = gr.HTML(
            translations.view(lambda texts: taking_view(max_bytes, megabytes, texts)),
            js_on_load=_TAKE,
            elem_id="vb-taking",
            apply_default_css=False,
        )
        # In the browser alone: on its way through the server, Gradio would convert what it cannot play.
        taking.upload(None, None, [self.clip], js="() => window.videobert.arrived", api_visibility="private")
        self.clip.change(
            None, [self.clip], None, js="(clip) => window.videobert.rememberClip(clip)", api_visibility="private"
        )

    def _lay_out_notes(self, megabytes: str, translations: Translations) -> None:
        """Lays out the notes on the clip, which scroll away with the page so that they cover nothing."""
        notes = gr.HTML(
            translations.view(lambda texts: notes_view(megabytes, texts)),
            js_on_load=_WANT_PREVIEW,
            apply_default_css=False,
        )
        preview = gr.File(label=translations.texts.clip_label, visible="hidden")
        made = notes.select(self._make_preview, [self.clip], [preview], show_progress="hidden", **DRAWING, **LAST_WORD)
        made.then(None, [preview], None, js="(file) => window.videobert.showPreview(file)")

    def _make_preview(self, path: str | None, request: gr.Request) -> str | None:
        """Writes a preview of a clip that the visitor's browser cannot play; None if it cannot be read here either."""
        if path is None:
            return None
        (film,) = self._visits.new_paths(session_of(request), "preview", "preview.webm")
        try:
            self._service.write_preview(path, film)
        except ClipError:
            return None
        return str(film)

    def _choose(self, event: gr.EventData, request: gr.Request) -> Updates:
        index: Any = event.index
        if not isinstance(index, int) or not 0 <= index < len(self._examples):
            raise gr.Error(texts_for(request).no_such_example, print_exception=False)
        return {self.clip: str(self._examples[index].path)}


def notes_view(megabytes: str, texts: Texts) -> str:
    """Renders the notes below the clip, and the invitation inside the empty player.

    Args:
        megabytes: The size of the largest file that is accepted.
        texts: The language.
    """
    # Gradio's own invitation cannot be worded through its interface; the style sheet shows this one in its place.
    invitation = Markup(json.dumps(texts.drop, ensure_ascii=False))
    return render(_TEMPLATE, "notes", invitation, megabytes, texts)


def taking_view(max_bytes: int, megabytes: str, texts: Texts) -> str:
    """Renders the button that replaces the clip, and the text shown during an upload.

    Args:
        max_bytes: The size of the largest file that is accepted.
        megabytes: The same, to be read.
        texts: The language.
    """
    return render(_TEMPLATE, "taking", _ACCEPTED, max_bytes, megabytes, texts)


def posters_view(examples: Sequence[ExampleClip]) -> str:
    """Renders the style sheet that puts a picture on each example's card."""
    return render(_TEMPLATE, "posters", [data_uri(example.poster.read_bytes()) for example in examples])


def cards_view(examples: Sequence[ExampleClip], texts: Texts) -> str:
    """Renders a card for each example, followed by the credits of all clips."""
    return render(_TEMPLATE, "cards", examples, texts)
