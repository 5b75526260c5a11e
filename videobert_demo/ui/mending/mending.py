"""Mends what was said of the clip: a line with the words to change, kept with the clip only if a person wants so.

It knows the service, a state that says what may be mended, and the visitors' libraries. It keeps nothing between calls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.ui.mending.view import kept_view, offer_view
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, Updates, unchanged
from videobert_demo.ui.texts.languages import texts_for

_MAX_CHARACTERS = 300
_MEND = """
const send = (kept) => {
  const field = element.querySelector('[data-mended]');
  if (field?.value.trim()) trigger('submit', {text: field.value, keep: kept});
};
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-keep]');
  if (button) send(button.dataset.keep === 'yes');
  if (event.target.closest('[data-back]')) trigger('clear');
});
element.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.isComposing && event.target.closest('[data-mended]')) send(false);
});
"""


@dataclass(frozen=True, slots=True)
class Mendable:
    """What was said of a clip.

    Attributes:
        path: The clip.
        said: The caption, or the answer.
        question: Which it answers; empty for a caption.
    """

    path: str
    said: str
    question: str = ""


class Mending:
    """Lays out the line inside the caller's block.

    Args:
        service: Reads what was written, and keeps it.
        visitors: The libraries in which it is kept.
        source: A state that says what was said.
        clip: The clip that all tabs work on.
        read: Takes the state's value and the clip's path; what may be mended, or None.
        name: The end of the element id.
    """

    def __init__(
        self,
        service: VideoBertService,
        *,
        visitors: VisitorLibraries,
        source: gr.State,
        clip: gr.Video,
        read: Callable[[Any, str | None], Mendable | None],
        name: str,
    ) -> None:
        self._service, self._visitors, self._read = service, visitors, read
        self._view = gr.HTML("", js_on_load=_MEND, elem_id=f"vb-mend-{name}", apply_default_css=False)
        source.change(self._offer, [source, clip], [self._view], **AT_ONCE)
        self._view.submit(
            self._mend,
            [source, clip],
            [self._view],
            show_progress="minimal",
            show_progress_on=[self._view],
            **ASKING,
        )
        self._view.clear(self._take_back, [source, clip], [self._view], **ASKING)

    def _offer(self, source: Any, path: str | None, request: gr.Request) -> Updates:
        """What is kept already of this clip, to be taken back; else a line to mend it in."""
        found, texts, lasting = self._read(source, path), texts_for(request), self._visitors.are_lasting
        if found is None:
            return {self._view: ""}
        try:
            library = self._visitors.of(session_of(request))
            kept = self._service.find_correction(library, found.path, question=found.question)
        except (VideoBertDemoError, OSError):  # whoever mends something is told why it cannot be kept
            kept = None
        if kept is not None:
            return {self._view: kept_view(kept, True, lasting, texts)}
        return {self._view: offer_view(found.said, found.question, lasting, texts)}

    def _take_back(self, source: Any, path: str | None, request: gr.Request) -> Updates:
        found, texts, lasting = self._read(source, path), texts_for(request), self._visitors.are_lasting
        if found is None:
            return unchanged()
        try:
            library = self._visitors.own(session_of(request))
            kept = self._service.find_correction(library, found.path, question=found.question)
            if kept is not None:
                self._service.drop_correction(library, kept)
        except VideoBertDemoError as error:
            offer = offer_view(found.said, found.question, lasting, texts, problem=texts.explain(error))
            return {self._view: offer}
        return {self._view: offer_view(found.said, found.question, lasting, texts, told=texts.mend_taken_back)}

    def _mend(self, source: Any, path: str | None, event: gr.EventData, request: gr.Request) -> Updates:
        found, texts, session = self._read(source, path), texts_for(request), session_of(request)
        text = event.text
        if found is None or not isinstance(text, str):
            return unchanged()
        try:
            correction = self._service.make_correction(
                found.path, text[: _MAX_CHARACTERS + 1], said=found.said, question=found.question
            )
            if event.keep is True:
                self._service.keep_correction(self._visitors.own(session), found.path, correction)
        except VideoBertDemoError as error:
            lasting = self._visitors.are_lasting
            offer = offer_view(found.said, found.question, lasting, texts, mended=text, problem=texts.explain(error))
            return {self._view: offer}
        return {self._view: kept_view(correction, event.keep is True, self._visitors.are_lasting, texts)}
