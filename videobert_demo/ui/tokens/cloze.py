"""The cloze of the Tokens tab: any words of a sentence and any segments of the clip are hidden, and guessed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from videobert_demo.model.features import ClipFeatures
from videobert_demo.tasks.cloze import MASK
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.queues import ASKING, AT_ONCE
from videobert_demo.ui.texts.languages import texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens import asked_view as asked_views
from videobert_demo.ui.tokens import view as views
from videobert_demo.ui.tokens.asked import answer_when_asked
from videobert_demo.ui.tokens.context import PLAY, Stage, flat, part_view, typed_row
from videobert_demo.ui.tokens.endpoint import read_places

# A click hides or shows a word or a segment; the event carries all places that are hidden now, so none gets lost.
_HIDE = """
element.addEventListener('click', (event) => {
  const one = event.target.closest('[data-hide-word], [data-hide-segment]');
  if (!one) return;
  one.setAttribute('aria-pressed', String(one.getAttribute('aria-pressed') !== 'true'));
  const hidden = (name) => [...element.querySelectorAll(`[data-hide-${name}][aria-pressed="true"]`)]
    .map((place) => Number(place.getAttribute(`data-hide-${name}`)));
  trigger('select', {value: {words: hidden('word'), segments: hidden('segment')}});
});
"""


@dataclass(frozen=True, slots=True)
class Masked:
    """What is hidden: places of words of a sentence, and of segments of the clip at `path`."""

    path: str
    sentence: str
    words: tuple[int, ...] = ()
    segments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ClozePart:
    """The part's components.

    Attributes:
        ask: hidden while there is no clip.
        view: the words and segments to click.
        filled: what stood there; `shots` are the segments whose pictures it shows.
        offer: gives values for `offered`: the clip's caption, with nothing hidden yet.
    """

    ask: gr.Column
    view: gr.HTML
    filled: gr.HTML
    shots: gr.State
    offered: Sequence[Any]
    offer: Callable[[ClipFeatures, Described, gr.Request, Texts], Sequence[Any]]


def build_cloze(stage: Stage, *, clip: gr.Video, empty: str, words: Texts) -> ClozePart:
    """Lays out the part inside the caller's block."""
    masked, shots = gr.State(None), gr.State(())
    with gr.Column(visible=False) as ask:
        typed, button = typed_row(
            "cloze", words.tokens_cloze_label, words.tokens_cloze_placeholder, words.tokens_cloze_button
        )
    view = part_view("masks", empty, _HIDE)
    filled = part_view("filled", "", PLAY)

    def masks(opened: ClipFeatures, sentence: str, texts: Texts) -> str:
        return asked_views.masks_view(stage.service.read_words(sentence), stage.service.segments(opened), texts)

    def offer(opened: ClipFeatures, answer: Described, request: gr.Request, texts: Texts) -> Sequence[Any]:
        idle = views.idle_view(texts.tokens_cloze_idle)
        view_now = masks(opened, answer.caption, texts)
        return view_now, gr.Column(visible=True), answer.caption, Masked(answer.path, answer.caption), idle, ()

    def fill(opened: ClipFeatures, hidden: Masked, request: gr.Request, texts: Texts) -> Sequence[Any]:
        found = stage.service.fill(opened, hidden.sentence, hidden.words, hidden.segments)
        rows = [guesses for _, guesses in found.segments]
        shown = stage.titled(stage.service.stand_ins(rows, opened, library=stage.library(request)), texts)
        return asked_views.filled_view(found, stage.service.segments(opened), shown, texts), flat(shown)

    def start(request: gr.Request) -> str:
        return views.busy_view(texts_for(request).tokens_cloze_busy, is_strip=False)

    def use(path: str | None, text: str | None, request: gr.Request) -> Sequence[Any]:
        sentence = text or ""

        def work(opened: ClipFeatures, texts: Texts) -> Sequence[Any]:
            assert path is not None
            fresh = Masked(path, sentence)
            return *fill(opened, fresh, request, texts), masks(opened, sentence, texts), fresh

        return stage.about(path, request, 4, work)

    answer_when_asked(typed, button, start, use, [clip, typed], [filled, shots, view, masked])

    def hide(before: Masked | None, path: str | None, event: gr.EventData, request: gr.Request) -> Sequence[Any]:
        places: Any = event.value
        if before is None or before.path != path or not isinstance(places, dict):
            return gr.skip(), gr.skip()
        hidden_words, hidden_segments = read_places(places.get("words")), read_places(places.get("segments"))
        if hidden_words is None or hidden_segments is None:
            return gr.skip(), gr.skip()
        after = replace(before, words=hidden_words, segments=hidden_segments)
        if not hidden_words and not hidden_segments and MASK not in stage.service.read_words(before.sentence):
            return after, views.idle_view(texts_for(request).tokens_cloze_idle)
        return after, start(request)

    def fill_again(hidden: Masked | None, path: str | None, request: gr.Request) -> Sequence[Any]:
        if hidden is None or hidden.path != path:
            return gr.skip(), gr.skip()
        return stage.about(path, request, 2, lambda opened, texts: fill(opened, hidden, request, texts))

    hiding = view.select(hide, [masked, clip], [masked, filled], trigger_mode="multiple", **AT_ONCE)
    filling = hiding.then(
        fill_again,
        [masked, clip],
        [filled, shots],
        trigger_mode="always_last",
        show_progress="minimal",
        show_progress_on=[filled],
        **ASKING,
    )

    def fail(request: gr.Request) -> str:
        return views.refusal_view(texts_for(request).unexpected_error)

    filling.failure(fail, None, [filled], **AT_ONCE)
    return ClozePart(ask, view, filled, shots, [view, ask, typed, masked, filled, shots], offer)
