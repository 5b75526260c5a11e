"""The cloze of the Tokens tab: any words of a sentence and any segments of the clip are hidden, and guessed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from videobert_demo.model.features import ClipFeatures
from videobert_demo.tasks.cloze import MASK
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.asking import answer_after, ask_then_answer
from videobert_demo.ui.page.queues import AT_ONCE, Updates, unchanged
from videobert_demo.ui.page.speaking import shown, spoken
from videobert_demo.ui.texts.languages import texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens import view as views
from videobert_demo.ui.tokens.context import Offered, TokensContext, segments_shown
from videobert_demo.ui.tokens.endpoint import read_positions
from videobert_demo.ui.tokens.part import PLAY, EagerPart, part_row, part_view

# A click hides or shows a word or a segment; the event carries everything that is hidden now, so nothing gets lost.
_HIDE = """
element.addEventListener('click', (event) => {
  const one = event.target.closest('[data-hide-word], [data-hide-segment]');
  if (!one) return;
  one.setAttribute('aria-pressed', String(one.getAttribute('aria-pressed') !== 'true'));
  const hidden = (name) => [...element.querySelectorAll(`[data-hide-${name}][aria-pressed="true"]`)]
    .map((shown) => Number(shown.getAttribute(`data-hide-${name}`)));
  trigger('select', {value: {words: hidden('word'), segments: hidden('segment')}});
});
"""


@dataclass(frozen=True, slots=True)
class Masked:
    """What is hidden: positions of words of a sentence, and indices of segments of the clip at `path`."""

    path: str
    sentence: str
    words: tuple[int, ...] = ()
    segments: tuple[int, ...] = ()


class ClozePart(EagerPart):
    """A sentence to type, its words and the clip's segments to hide, and what stood there.

    Attributes:
        shots: The segments whose pictures `answer` shows.
    """

    name = "cloze"

    def __init__(self, context: TokensContext, *, clip: gr.Video, empty: str, words: Texts) -> None:
        super().__init__(context)
        self._masked, self.shots, self._offered = gr.State(None), gr.State(()), gr.State(Offered("", ""))
        with gr.Column(visible=False) as self.ask:
            row = part_row("cloze", words.tokens_cloze_label, words.tokens_cloze_placeholder, words.tokens_cloze_button)
        self._sentence = row.text
        self.view = part_view("masks", empty, _HIDE)
        self.answer: gr.HTML = part_view("filled", "", PLAY)
        self.outputs = [self.view, self.ask, self._sentence, self._offered, self._masked, self.answer, self.shots]
        answered = [self.answer, self.shots, self.view, self._masked]
        shared: dict[str, Any] = {
            "view": self.answer,
            "refuse": views.refusal_view,
            "kept": gr.State(""),
            "pace": self.pace,
        }
        ask_then_answer(row, self._start, self._use, [clip, row.text, self._offered], answered, **shared)
        state = [self._masked, clip]
        hiding = self.view.select(self._hide, state, [self._masked, self.answer], trigger_mode="multiple", **AT_ONCE)
        answer_after(hiding, self._fill_again, state, [self.answer, self.shots], **shared)

    def busy(self, texts: Texts) -> str:
        """See `EagerPart.busy`."""
        return texts.tokens_strip_busy

    def work(self, clip: ClipFeatures, described: Described, request: gr.Request, texts: Texts) -> Updates:
        """The clip's caption with nothing hidden yet."""
        return {
            self.view: self._masks(clip, described.caption, texts),
            self.ask: gr.Column(visible=True),
            self._sentence: described.said or described.caption,
            self._offered: Offered(described.said or described.caption, described.caption),
            self._masked: Masked(described.path, described.caption),
            self.answer: views.idle_view(texts.tokens_cloze_idle),
            self.shots: (),
        }

    def _masks(self, clip: ClipFeatures, sentence: str, texts: Texts) -> str:
        service = self._context.service
        words = service.read_words(sentence)
        said = service.say(words, spoken(service, texts), role="word")
        return views.masks_view(words, shown(service, service.segments(clip), texts), texts, said)

    def _start(self, request: gr.Request) -> Updates:
        texts = texts_for(request)
        return {self.answer: self.asked_view(texts.tokens_cloze_busy, texts)}

    def _use(self, path: str | None, text: str | None, offered: Offered, request: gr.Request) -> Updates:
        """Takes another sentence."""
        fresh = Masked(path or "", offered.meant(text))

        def work(opened: ClipFeatures, texts: Texts) -> Updates:
            return {
                **self._fill(opened, fresh, request, texts),
                self.view: self._masks(opened, fresh.sentence, texts),
                self._masked: fresh,
            }

        return self._context.about(path, request, work, view=self.answer)

    def _fill(self, clip: ClipFeatures, hidden: Masked, request: gr.Request, texts: Texts) -> Updates:
        service = self._context.service
        found = shown(service, service.fill(clip, hidden.sentence, hidden.words, hidden.segments), texts)
        words = [guesses for _, guesses in found.segments]
        near = self._context.titled(service.stand_ins(words, clip, library=self._context.library(request)), texts)
        segments = shown(service, service.segments(clip), texts)
        said = service.say(found.words, spoken(service, texts), role="word")
        return {
            self.answer: views.filled_view(found, segments, near, texts, said),
            self.shots: segments_shown(near),
        }

    def _hide(self, before: Masked | None, path: str | None, event: gr.EventData, request: gr.Request) -> Updates:
        sent: Any = event.value
        if before is None or before.path != path or not isinstance(sent, dict):
            return unchanged()
        words, segments = read_positions(sent.get("words")), read_positions(sent.get("segments"))
        if words is None or segments is None:
            return unchanged()
        after = replace(before, words=words, segments=segments)
        is_whole = not words and not segments and MASK not in self._context.service.read_words(before.sentence)
        if is_whole:
            return {self._masked: after, self.answer: views.idle_view(texts_for(request).tokens_cloze_idle)}
        return {self._masked: after, **self._start(request)}

    def _fill_again(self, hidden: Masked | None, path: str | None, request: gr.Request) -> Updates:
        if hidden is None or hidden.path != path:
            return unchanged()
        return self._context.about(
            path, request, lambda opened, texts: self._fill(opened, hidden, request, texts), view=self.answer
        )
