"""The part of the Tokens tab that tells how well a sentence fits the clip, and each of its moments."""

from __future__ import annotations

from dataclasses import replace

import gradio as gr

from videobert_demo.model.features import ClipFeatures
from videobert_demo.ui.page.asking import ask_then_answer
from videobert_demo.ui.page.queues import Updates
from videobert_demo.ui.texts.languages import texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens import view as views
from videobert_demo.ui.tokens.context import Offered, TokensContext
from videobert_demo.ui.tokens.part import ClipPart, part_row, part_view

# A moment plays in the clip itself, which is not hidden on any tab.
_PLAY_MOMENT = """
const jump = (event) => {
  const moment = event.target.closest('[data-moment]');
  const video = document.querySelector('#vb-clip video');
  if (!moment || !video) return;
  event.preventDefault();
  video.currentTime = Number(moment.dataset.moment);
  video.play();
  window.videobert.show(video);
};
element.addEventListener('click', jump);
element.addEventListener('keydown', (event) => { if (event.key === 'Enter' || event.key === ' ') jump(event); });
"""


class AlignmentPart(ClipPart):
    """A sentence to type, and a curve over the clip's moments.

    Attributes:
        sentence: What was typed.
        offered: Besides the view, what `offer` may give values for.
    """

    def __init__(self, context: TokensContext, *, clip: gr.Video, empty: str, words: Texts) -> None:
        super().__init__(context)
        with gr.Column(visible=False) as self.ask:
            row = part_row("align", words.tokens_align_label, words.tokens_align_placeholder, words.tokens_align_button)
        self._offered = gr.State(Offered("", ""))
        self.sentence, self.offered = row.text, [self.ask, row.text, self._offered]
        self.view = part_view("aligned", empty, _PLAY_MOMENT)
        ask_then_answer(
            row,
            self._start,
            self._align,
            [clip, row.text, self._offered],
            [self.view],
            view=self.view,
            refuse=views.refusal_view,
            pace=self.pace,
        )

    def offer(self, caption: Offered, typed: str | None, texts: Texts) -> Updates:
        """Lets a sentence be typed; the caption stands there unless something was typed already."""
        updates: Updates = {
            self.view: views.idle_view(texts.tokens_align_idle),
            self.ask: gr.Column(visible=True),
        }
        if not (typed and typed.strip()):
            updates |= {self.sentence: caption.said, self._offered: caption}
        return updates

    def _start(self, request: gr.Request) -> Updates:
        texts = texts_for(request)
        return {self.view: self.asked_view(texts.tokens_align_busy, texts)}

    def _align(self, path: str | None, text: str | None, offered: Offered, request: gr.Request) -> Updates:
        def work(opened: ClipFeatures, texts: Texts) -> Updates:
            found = replace(self._context.service.align(opened, offered.meant(text)), sentence=text or "")
            return {self.view: views.align_view(found, opened.frames, texts)}

        return self._context.about(path, request, work, view=self.view)
