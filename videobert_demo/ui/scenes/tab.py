"""The Scenes tab: a table of the clip's scenes and chapters, whose words can be changed and taken away.

The timeline is found elsewhere (ui/timeline/part.py); here it is shown, and changed by the visitor whose it is.
"""

from __future__ import annotations

from dataclasses import replace

import gradio as gr

from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.timeline.editing import with_caption, with_title
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.found import Found, FoundTimeline
from videobert_demo.ui.page.queues import AT_ONCE, SOON, Updates, unchanged
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.scenes import view as views
from videobert_demo.ui.scenes.exports import ExportPanel
from videobert_demo.ui.scenes.films import FilmPanel
from videobert_demo.ui.scenes.subtitles import SubtitlePanel
from videobert_demo.ui.scenes.watch import WatchPanel
from videobert_demo.ui.texts.languages import Translations, texts_for

_MAX_CHARACTERS = 200
_CHANGES = {"title": with_title, "caption": with_caption}

# A field is sent when it is left or Enter is pressed; Escape brings back what stood there.
_EDIT = """
element.addEventListener('change', (event) => {
  const field = event.target.closest('[data-edit]');
  if (!field) return;
  field.value = field.value.replace(/\\s+/g, ' ').trim() || field.defaultValue;
  if (field.value === field.defaultValue) return;
  field.defaultValue = field.value;
  trigger('submit', {action: field.dataset.edit, index: Number(field.dataset.index), text: field.value});
});
element.addEventListener('keydown', (event) => {
  const field = event.target.closest('[data-edit]');
  if (!field) return;
  if (event.key === 'Escape') field.value = field.defaultValue;
  if (event.key === 'Escape' || (event.key === 'Enter' && !event.isComposing)) {
    event.preventDefault();
    field.blur();
  }
});
"""


class ScenesTab:
    """Lays out the tab inside the caller's block.

    Args:
        service: The model.
        visitors: Their libraries, whose labels are searched for.
        visits: Who is here; the files that are made for them are deleted after the visit.
        found: A state: a `FoundTimeline`, a `ScenesProblem`, or None.
        said: A state for what is said in the clip.
        clip: The clip that all tabs work on.
        arrivals: Tells the tabs that another clip has arrived.
        translations: The sentences that the browser translates.
    """

    def __init__(
        self,
        service: VideoBertService,
        *,
        visitors: VisitorLibraries,
        visits: Visits,
        found: gr.State,
        said: gr.State,
        clip: gr.Video,
        arrivals: Arrivals,
        translations: Translations,
    ) -> None:
        self._service, self._found = service, found
        self._films = FilmPanel(service, visitors=visitors, visits=visits, found=found, translations=translations)
        self._lay_out(visits, translations)
        WatchPanel(service, clip=clip, arrivals=arrivals, translations=translations)
        SubtitlePanel(service, clip=clip, said=said, visits=visits, arrivals=arrivals, translations=translations)
        self._listen(arrivals)

    def _lay_out(self, visits: Visits, translations: Translations) -> None:
        self._view = gr.HTML(
            translations.view(views.empty_view), js_on_load=_EDIT, elem_id="vb-scenes-view", apply_default_css=False
        )
        self._exports = ExportPanel(visits, translations)

    def _listen(self, arrivals: Arrivals) -> None:
        shown = [self._view, *self._films.outputs]
        arrivals.add(self._arrive, [*shown, self._exports.column])
        self._found.change(self._show, [self._found], [*shown, *self._exports.outputs], **AT_ONCE)
        # One change at a time: each is made to what the one before it has left.
        one_by_one = {**SOON, "concurrency_limit": 1, "trigger_mode": "multiple"}
        self._view.submit(self._change, [self._found], [self._found, self._view], **one_by_one)

    def _arrive(self, path: str | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        return {
            self._view: views.empty_view(texts) if path is None else views.busy_view(texts),
            **self._films.blank(is_shown=False),
            self._exports.column: gr.Column(visible=False),
        }

    def _show(self, found: Found, request: gr.Request) -> Updates:
        texts = texts_for(request)
        if found is None:
            return {self._view: views.empty_view(texts), **self._without_timeline()}
        if not isinstance(found, FoundTimeline):
            return {self._view: views.error_view(found.sentence, texts), **self._without_timeline()}
        exported = self._exports.shown(found.timeline, request)
        if found.is_edited:  # the fields show it already, and whoever types in the next one keeps its place
            return exported
        return {
            self._view: views.table_view(found.timeline, texts),
            **self._films.blank(is_shown=True),
            **exported,
        }

    def _without_timeline(self) -> Updates:
        return {**self._films.blank(is_shown=False), self._exports.column: gr.Column(visible=False)}

    def _change(self, found: Found, event: gr.EventData, request: gr.Request) -> Updates:
        action, index, text = event.action, event.index, event.text
        if not isinstance(found, FoundTimeline) or type(index) is not int:
            return unchanged()
        if not isinstance(action, str) or action not in _CHANGES:
            return unchanged()
        try:
            changed = _CHANGES[action](found.timeline, index, " ".join(str(text).split())[:_MAX_CHARACTERS])
        except (IndexError, ValueError):  # blank, or letters that no file can hold: what stood there stands again
            return {self._view: views.table_view(found.timeline, texts_for(request))}
        return {self._found: replace(found, timeline=changed, is_edited=True)}
