"""Two parts of the Tokens tab that answer what is typed about the clip: any labels, and how a sentence fits it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from videobert_demo.model.features import ClipFeatures
from videobert_demo.ui.page.queues import ASKING, AT_ONCE
from videobert_demo.ui.texts.languages import texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens import asked_view as asked_views
from videobert_demo.ui.tokens import view as views
from videobert_demo.ui.tokens.context import Stage, part_view, typed_row

# A moment plays in the clip itself, which is not hidden on any tab.
_PLAY_MOMENT = """
const jump = (event) => {
  const place = event.target.closest('[data-moment]');
  const video = document.querySelector('#vb-clip video');
  if (!place || !video) return;
  event.preventDefault();
  video.currentTime = Number(place.dataset.moment);
  video.play();
  video.scrollIntoView({behavior: 'smooth', block: 'nearest'});
};
element.addEventListener('click', jump);
element.addEventListener('keydown', (event) => { if (event.key === 'Enter' || event.key === ' ') jump(event); });
"""


@dataclass(frozen=True, slots=True, eq=False)
class AskedPart:
    """Where a person types, and where the answer appears.

    Attributes:
        ask: hidden while there is no clip.
        sentence: what was typed.
    """

    ask: gr.Column
    sentence: gr.Textbox
    view: gr.HTML


def build_labels(stage: Stage, *, clip: gr.Video, words: Texts) -> AskedPart:
    """Any labels, with commas between them: which of them is it?"""
    with gr.Column(visible=False) as ask:
        typed, button = typed_row(
            "labels", words.tokens_typed_label, words.tokens_typed_placeholder, words.tokens_typed_button
        )
    view = part_view("typed", "")

    def start(request: gr.Request) -> str:
        return views.busy_view(texts_for(request).tokens_typed_busy, is_strip=False)

    def compare(path: str | None, text: str | None, request: gr.Request) -> Any:
        def work(opened: ClipFeatures, texts: Texts) -> Sequence[Any]:
            scored = stage.service.rank_labels(opened, (text or "").split(","))
            return (asked_views.typed_view(scored, texts),)

        return stage.about(path, request, 1, work)[0]

    answer_when_asked(typed, button, start, compare, [clip, typed], [view])
    return AskedPart(ask, typed, view)


def build_align(stage: Stage, *, clip: gr.Video, empty: str, words: Texts) -> AskedPart:
    """A sentence: does it belong to the clip, and to which of its moments?"""
    with gr.Column(visible=False) as ask:
        typed, button = typed_row(
            "align", words.tokens_align_label, words.tokens_align_placeholder, words.tokens_align_button
        )
    view = part_view("aligned", empty, _PLAY_MOMENT)

    def start(request: gr.Request) -> str:
        return views.busy_view(texts_for(request).tokens_align_busy, is_strip=False)

    def compare(path: str | None, text: str | None, request: gr.Request) -> Any:
        def work(opened: ClipFeatures, texts: Texts) -> Sequence[Any]:
            return (asked_views.align_view(stage.service.align(opened, text or ""), opened.frames, texts),)

        return stage.about(path, request, 1, work)[0]

    answer_when_asked(typed, button, start, compare, [clip, typed], [view])
    return AskedPart(ask, typed, view)


def answer_when_asked(
    typed: gr.Textbox, button: gr.Button, start: Any, answer: Any, inputs: list[Any], outputs: list[Any]
) -> Any:
    """Lets the Enter key and a button ask: `start` shows at once that it goes on, `answer` takes its turn.

    Args:
        outputs: of `answer`; the first one is the view, which `start` gives a value for.

    Returns:
        The event after which the answer is there.
    """
    view = outputs[0]
    started = gr.on([typed.submit, button.click], start, None, [view], **AT_ONCE)
    answering = started.then(
        answer,
        inputs,
        outputs,
        trigger_mode="always_last",  # of two in quick succession, the last one has the last word
        show_progress="minimal",
        show_progress_on=[view],
        **ASKING,
    )

    def fail(request: gr.Request) -> str:
        return views.refusal_view(texts_for(request).unexpected_error)

    answering.failure(fail, None, [view], **AT_ONCE)
    return answering
