"""The left side: the one clip that all tabs work on, uploaded, recorded, or picked from the bundled examples."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import gradio as gr
from markupsafe import Markup

from videobert_demo.service.examples import ExampleClip
from videobert_demo.types import ClipLimits
from videobert_demo.ui.page.queues import Updates
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import data_uri

_TEMPLATE = "clip_panel.html"
_BYTES_PER_MEGABYTE = 1024 * 1024

_CAMERA = {"audio": False, "video": {"width": {"ideal": 640}, "height": {"ideal": 480}}}

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
        examples: The bundled clips, in the order in which they are shown.
        limits: What a clip may cost at most; the page says how large a file may be.
        translations: The sentences that the browser translates.

    Attributes:
        clip: The component whose value is the path of the clip, or None.
    """

    def __init__(self, examples: Sequence[ExampleClip], *, limits: ClipLimits, translations: Translations) -> None:
        self._examples = examples
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
        megabytes = f"{round(limits.max_bytes / _BYTES_PER_MEGABYTE, 2):g}"
        gr.HTML(translations.view(lambda texts: notes_view(megabytes, texts)), apply_default_css=False)
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

    def _choose(self, event: gr.EventData, request: gr.Request) -> Updates:
        index: Any = event.index
        if not isinstance(index, int) or not 0 <= index < len(self._examples):
            raise gr.Error(texts_for(request).no_such_example, print_exception=False)
        return {self.clip: str(self._examples[index].path)}


def notes_view(megabytes: str, texts: Texts) -> str:
    """The lines below the clip, and the invitation in it.

    Args:
        megabytes: The size of the largest file that is accepted.
        texts: The language.
    """
    # Gradio's own invitation cannot be worded through its interface; the style sheet shows this one in its place.
    invitation = Markup(json.dumps(texts.drop, ensure_ascii=False))
    return render(_TEMPLATE, "notes", invitation, megabytes, texts)


def posters_view(examples: Sequence[ExampleClip]) -> str:
    """The style sheet that gives each example's card its picture."""
    return render(_TEMPLATE, "posters", [data_uri(example.poster.read_bytes()) for example in examples])


def cards_view(examples: Sequence[ExampleClip], texts: Texts) -> str:
    """A card for each example, and below them all who made the clips."""
    return render(_TEMPLATE, "cards", examples, texts)
