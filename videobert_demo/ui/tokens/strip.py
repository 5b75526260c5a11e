"""Two parts of the Tokens tab with pictures in a row: the clip's visual words, and the forecast of its second half."""

from __future__ import annotations

from dataclasses import replace

import gradio as gr

from videobert_demo.model.features import ClipFeatures
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.queues import Updates
from videobert_demo.ui.page.speaking import shown
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens import view as views
from videobert_demo.ui.tokens.context import TokensContext, segments_shown
from videobert_demo.ui.tokens.part import PLAY, EagerPart, part_view

# The segment that is pointed at, focused or tapped shows its neighbours; others of the same visual word are marked.
_POINT = """
const point = (event) => {
  const cell = event.target.closest('[data-segment]');
  if (!cell) return;
  for (const one of element.querySelectorAll('[data-segment]')) {
    one.setAttribute('aria-pressed', String(one === cell));
    one.toggleAttribute('data-same', one !== cell && one.dataset.leaf === cell.dataset.leaf);
  }
  for (const panel of element.querySelectorAll('[data-panel]')) {
    panel.hidden = panel.dataset.panel !== cell.dataset.segment;
  }
};
element.addEventListener('pointerover', (event) => { if (event.pointerType === 'mouse') point(event); });
element.addEventListener('focusin', point);
element.addEventListener('click', point);
"""


class StripPart(EagerPart):
    """Each of the clip's segments as its visual word, with its neighbours in the library."""

    name = "strip"

    def __init__(self, context: TokensContext, *, empty: str) -> None:
        super().__init__(context)
        self.view, self.shots = part_view(self.name, empty, PLAY + _POINT), gr.State(())
        self.outputs = [self.view, self.shots]

    def busy(self, texts: Texts) -> str:
        """See `EagerPart.busy`."""
        return texts.tokens_strip_busy

    def work(self, clip: ClipFeatures, described: Described, request: gr.Request, texts: Texts) -> Updates:
        """See `EagerPart.work`."""
        service = self._context.service
        found = shown(service, service.inspect(clip, library=self._context.library(request)), texts)
        near = self._context.titled(found.neighbours, texts)
        every_word = shown(service, service.codebook_map(), texts)
        return {
            self.view: views.strip_view(replace(found, neighbours=near), texts, every_word),
            self.shots: segments_shown(near),
        }


class ForecastPart(EagerPart):
    """What the model expects after the clip's first half, beside what comes."""

    name = "forecast"

    def __init__(self, context: TokensContext, *, empty: str) -> None:
        super().__init__(context)
        self.view, self.shots = part_view(self.name, empty, PLAY), gr.State(())
        self.outputs = [self.view, self.shots]

    def busy(self, texts: Texts) -> str:
        """See `EagerPart.busy`."""
        return texts.tokens_forecast_busy

    def work(self, clip: ClipFeatures, described: Described, request: gr.Request, texts: Texts) -> Updates:
        """See `EagerPart.work`."""
        service = self._context.service
        found = shown(service, service.forecast(clip, library=self._context.library(request)), texts)
        titled = self._context.titled(found.shown, texts)
        segments = shown(service, service.segments(clip), texts)
        return {
            self.view: views.forecast_view(segments, replace(found, shown=titled), texts),
            self.shots: segments_shown(titled),
        }
