"""What is in the library: clips are added, listed and removed.

What a visitor adds is in a library of that visitor's session, unless the settings name a lasting one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr
from gradio.events import Dependency

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.library.layers import LayeredLibrary
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.ui.page.pace import Pace, Steps
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.playback import Playback
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, Updates, unchanged
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.search import view as views
from videobert_demo.ui.texts.languages import texts_for
from videobert_demo.ui.texts.texts import Texts

_READING = "reading"
_REMOVE = """
element.addEventListener('click', (event) => {
  const remove = event.target.closest('[data-remove]');
  const play = event.target.closest('[data-play]');
  if (play) window.videobert.markPlaying(play);
  if (remove || play) trigger('select', {value: {remove: remove?.dataset.remove, play: play?.dataset.play}});
});
"""


class Shelf:
    """Lays out the list inside the caller's block.

    Args:
        service: Encodes what is added.
        visitors: The libraries.
        visits: Who is here; what they upload is deleted after the visit.
        playback: Knows the titles of the bundled clips.
        add: The button that clips are uploaded with.
        told: The view that says what became of them.
        words: The sentences that the browser translates.

    Attributes:
        listed: The list; a row that is to be played is an event of it, whose value names the clip's hash as "play".
    """

    def __init__(
        self,
        service: VideoBertService,
        *,
        visitors: VisitorLibraries,
        visits: Visits,
        playback: Playback,
        add: gr.UploadButton,
        told: gr.HTML,
        words: Texts,
    ) -> None:
        self._service, self._visitors, self._visits, self._playback = service, visitors, visits, playback
        self._told, self._pace = told, Pace()
        with gr.Accordion(words.search_library, open=False, elem_id="vb-search-library") as panel:
            self.listed = gr.HTML("", js_on_load=_REMOVE, min_height=60, apply_default_css=False)
        adding: Dependency = add.upload(
            self._put_in, [add], [told, self.listed], show_progress="minimal", show_progress_on=[told], **ASKING
        )
        told.input(self._stop, None, [told, self.listed], cancels=[adding], **AT_ONCE)
        adding.failure(self._fail, None, [told], **AT_ONCE)
        self.listed.select(self._take_out, None, [self.listed], trigger_mode="multiple", **AT_ONCE)
        panel.expand(self._open, None, [self.listed], **ASKING)

    def _put_in(self, files: list[str] | None, request: gr.Request) -> Iterator[Updates]:
        texts, session, paths = texts_for(request), session_of(request), files or []
        self._visits.claim(session, "added", paths)
        try:
            library = self._visitors.own(session)
        except VideoBertDemoError as error:
            yield {self._told: views.refusal_view(texts.explain(error))}
            return
        added = known = 0
        failed = []
        steps = Steps(self._pace, (_READING,) * len(paths))
        for index, path in enumerate(paths):
            yield {self._told: views.adding_view(index, len(paths), steps.progress_at(index), texts)}
            try:
                with self._pace.measured(_READING):
                    is_new = library.add(self._service.encode_for_library(path), keep_file=True)
            except VideoBertDemoError as error:
                failed.append(texts.explain(error))
                continue
            added, known = added + is_new, known + (not is_new)
        yield {self._told: views.added_view(added, known, failed, texts), self.listed: self._listed(library, texts)}

    def _stop(self, request: gr.Request) -> Updates:
        return {self._told: views.refusal_view(texts_for(request).stopped), **self._open(request)}

    def _fail(self, request: gr.Request) -> Updates:
        return {self._told: views.refusal_view(texts_for(request).unexpected_error)}

    def _take_out(self, request: gr.Request, event: gr.EventData) -> Updates:
        sent: Any = event.value
        content_hash = sent.get("remove") if isinstance(sent, dict) else None
        if not isinstance(content_hash, str):
            return unchanged()
        library = self._visitors.of(session_of(request))
        library.remove([content_hash])
        return {self.listed: self._listed(library, texts_for(request))}

    def _open(self, request: gr.Request) -> Updates:
        texts = texts_for(request)
        try:
            return {self.listed: self._listed(self._visitors.of(session_of(request)), texts)}
        except VideoBertDemoError as error:
            return {self.listed: views.refusal_view(texts.explain(error))}

    def _listed(self, library: LayeredLibrary, texts: Texts) -> str:
        entries = [
            replace(entry, title=self._playback.title(entry.source, entry.title, texts)) for entry in library.entries()
        ]
        own = {entry.content_hash for entry in entries if library.owns(entry.content_hash)}
        note = texts.search_shared_note if self._visitors.are_lasting else texts.search_own_note
        return views.library_view(entries, own, note, texts)
