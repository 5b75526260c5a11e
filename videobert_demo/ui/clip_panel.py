"""The left side: the one clip that all tabs work on, uploaded, recorded, or picked from the bundled examples."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from videobert_demo.service.examples import ExampleClip
from videobert_demo.types import ClipLimits
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts

_BYTES_PER_MEGABYTE = 1024 * 1024

_CAMERA = {"audio": False, "video": {"width": {"ideal": 640}, "height": {"ideal": 480}}}

# One listener for all cards; the event carries the number of the card that was chosen.
_CHOOSE = """
element.addEventListener('click', (event) => {
  const card = event.target.closest('[data-example]');
  if (card) trigger('select', {index: Number(card.dataset.example)});
});
"""


def build_clip_panel(examples: Sequence[ExampleClip], *, limits: ClipLimits, translations: Translations) -> gr.Video:
    """Lays out the panel inside the caller's block.

    Args:
        examples: The bundled clips, in the order in which they are shown.
        limits: What a clip may cost at most; the page says how large a file may be.
        translations: The sentences that the browser puts in.

    Returns:
        The component whose value is the path of the clip, or None.
    """
    clip = gr.Video(
        label=translations.texts.clip_label,
        show_label=False,
        sources=["upload", "webcam"],
        # Sound and mirroring would make Gradio start ffmpeg on the upload, before anyone has looked at what it is. The
        # microphone is kept out where the recording is made instead.
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
    gr.HTML(translations.view(lambda texts: _notes(megabytes, texts)), apply_default_css=False)
    cards = gr.HTML(
        # The pictures are the same in every language, and heavy.
        _posters(examples) + translations.view(lambda texts: _cards(examples, texts)),
        js_on_load=_CHOOSE,
        elem_id="vb-examples",
        apply_default_css=False,
    )

    def choose(event: gr.EventData, request: gr.Request) -> str:
        index: Any = event.index
        if not isinstance(index, int) or not 0 <= index < len(examples):
            raise gr.Error(texts_for(request).no_such_example, print_exception=False)
        return str(examples[index].path)

    cards.select(
        choose,
        outputs=[clip],
        # A second choice counts while the first is on its way, and arrives after it: one at a time, in their order.
        trigger_mode="multiple",
        concurrency_limit=1,
        show_progress="hidden",
        api_visibility="private",
    )
    return clip


def _notes(megabytes: str, texts: Texts) -> str:
    return (
        # Gradio's own invitation cannot be worded through its interface; the style sheet shows this one in its place.
        f"<style>#vb-clip {{ --vb-drop: {json.dumps(texts.drop, ensure_ascii=False)}; }}</style>"
        f'<p class="vb-credit" hidden></p><p class="vb-limits">{escape(texts.limits.format(megabytes=megabytes))}</p>'
        f'<p class="vb-unplayable" hidden role="status">{escape(texts.unplayable)}</p>'
    )


def _posters(examples: Sequence[ExampleClip]) -> str:
    rules = "".join(
        f"[data-example='{index}'] .vb-poster {{ background-image: url({_picture(example.poster)}); }}"
        for index, example in enumerate(examples)
    )
    return f"<style>{rules}</style>"


def _cards(examples: Sequence[ExampleClip], texts: Texts) -> str:
    cards = "".join(
        f'<li><button type="button" data-example="{index}" data-file="{escape(example.path.name)}" '
        f'title="{escape(_credit(example, texts))}">'
        f'<span class="vb-poster"></span><span>{escape(example.title_in(texts.language))}</span></button></li>'
        for index, example in enumerate(examples)
    )
    credits = "".join(
        f"<li><b>{escape(example.title_in(texts.language))}</b> {escape(_credit(example, texts))} "
        f"<i>{escape(example.source)}</i></li>"
        for example in examples
    )
    return (
        f'<h3 class="vb-examples-heading">{escape(texts.examples_heading)}</h3><ul class="vb-cards">{cards}</ul>'
        f'<details class="vb-credits"><summary>{escape(texts.examples_sources)}</summary><ul>{credits}</ul></details>'
    )


def _credit(example: ExampleClip, texts: Texts) -> str:
    return texts.example_credit.format(attribution=example.attribution, licence=example.licence)


def _picture(path: Path) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(path.read_bytes()).decode("ascii")
