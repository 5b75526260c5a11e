"""The Search tab: a library of clips, searched by a sentence, by the current clip or by a picture.

What a visitor has found is a state of that visitor's session. The list of what is in the library is in shelf.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gradio as gr

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.library.layers import LayeredLibrary
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.types import Hit
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.asking import answer_after, typed_row
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.playback import Playback
from videobert_demo.ui.page.queues import AT_ONCE, Updates, unchanged
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.search import view as views
from videobert_demo.ui.search.endpoint import DEFAULT_HITS
from videobert_demo.ui.search.picture import read_picture
from videobert_demo.ui.search.shelf import Shelf
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts

_MAX_CHARACTERS = 2000

# One listener for all hits; the event carries the index of the one that was chosen.
_CHOOSE = """
element.addEventListener('click', (event) => {
  const card = event.target.closest('[data-hit]');
  if (card) trigger('select', {index: Number(card.dataset.hit)});
});
"""


class SearchTab:
    """Lays out the tab inside the caller's block, and searches when it is asked.

    Args:
        service: The model.
        visitors: The libraries that are searched and added to.
        visits: Who is here; what they upload is deleted after the visit.
        playback: Plays a hit.
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
        playback: Playback,
        clip: gr.Video,
        arrivals: Arrivals,
        translations: Translations,
    ) -> None:
        self._service, self._visitors, self._visits, self._playback = service, visitors, visits, playback
        self._lay_out(translations)
        self._listen(clip)
        arrivals.add(lambda path, _: {self._like: gr.Button(interactive=path is not None)}, [self._like])

    def _lay_out(self, translations: Translations) -> None:
        words = translations.texts
        self._found = gr.State(())
        self._row = typed_row(
            words.search_label,
            words.search_placeholder,
            words.search_button,
            row_id="vb-search-row",
            text_id="vb-search-text",
            max_characters=_MAX_CHARACTERS,
            min_button_pixels=90,
        )
        with gr.Row(elem_id="vb-search-ways"):
            self._like = gr.Button(words.search_like, size="sm", interactive=False, elem_id="vb-search-like")
            self._picture = _upload_button(words.search_picture, "image", elem_id="vb-search-picture")
            add = _upload_button(words.search_add, "video", file_count="multiple", elem_id="vb-search-add")
        self._told = gr.HTML("", elem_id="vb-search-told", apply_default_css=False)
        self._player = gr.Video(
            label=words.search_player,
            interactive=False,
            autoplay=True,
            visible=False,
            height=320,
            buttons=[],
            elem_id="vb-search-player",
        )
        self._view = gr.HTML(
            translations.view(views.empty_view), js_on_load=_CHOOSE, elem_id="vb-search-view", apply_default_css=False
        )
        Shelf(
            self._service,
            visitors=self._visitors,
            visits=self._visits,
            playback=self._playback,
            add=add,
            told=self._told,
            words=words,
        )

    def _listen(self, clip: gr.Video) -> None:
        typed = gr.on([self._row.text.submit, self._row.button.click], self._start, None, [self._view], **AT_ONCE)
        for started, search, inputs in (
            (typed, self._by_text, [self._row.text]),
            (self._like.click(self._start, None, [self._view], **AT_ONCE), self._by_clip, [clip]),
            (self._picture.upload(self._start, None, [self._view], **AT_ONCE), self._by_picture, [self._picture]),
        ):
            answer_after(
                started,
                search,
                inputs,
                [self._view, self._found, self._player],
                view=self._view,
                refuse=views.refusal_view,
            )
        played = [self._player, self._told]
        self._view.select(self._play, [self._found], played, trigger_mode="multiple", **AT_ONCE)

    def _start(self, request: gr.Request) -> Updates:
        return {self._view: views.busy_view(texts_for(request))}

    def _by_text(self, sentence: str, request: gr.Request) -> Updates:
        heading = texts_for(request).search_hits_for.format(text=" ".join(sentence.split()))
        return self._search(
            heading, lambda library: self._service.search(library, sentence, count=DEFAULT_HITS), request
        )

    def _by_clip(self, path: str | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        if path is None:
            return self._results(views.refusal_view(texts.search_no_clip), ())
        return self._search(
            texts.search_hits_like,
            lambda library: self._service.search_like(library, self._service.open(path), count=DEFAULT_HITS),
            request,
        )

    def _by_picture(self, path: str | None, request: gr.Request) -> Updates:
        if path is None:
            return unchanged()
        self._visits.claim(session_of(request), "picture", [path])
        max_pixels = self._service.settings.max_pixels
        return self._search(
            texts_for(request).search_hits_picture,
            lambda library: self._service.search_picture(library, read_picture(path, max_pixels), count=DEFAULT_HITS),
            request,
        )

    def _search(
        self, heading: str, search: Callable[[LayeredLibrary], tuple[Hit, ...]], request: gr.Request
    ) -> Updates:
        texts = texts_for(request)
        try:
            found = search(self._visitors.of(session_of(request)))
        except VideoBertDemoError as error:
            return self._results(views.refusal_view(texts.explain(error)), ())
        hits = tuple(self._titled(hit, texts) for hit in found)
        return self._results(views.hits_view(heading, hits, texts), hits)

    def _titled(self, hit: Hit, texts: Texts) -> Hit:
        title = self._playback.title(hit.entry.source, hit.entry.title, texts)
        return replace(hit, entry=replace(hit.entry, title=title))

    def _results(self, view: str, hits: tuple[Hit, ...]) -> Updates:
        return {self._view: view, self._found: hits, self._player: gr.Video(value=None, visible=False)}

    def _play(self, hits: tuple[Hit, ...], event: gr.EventData, request: gr.Request) -> Updates:
        index: Any = event.index
        if not isinstance(index, int) or not 0 <= index < len(hits):
            return unchanged()
        hit = hits[index]
        player = self._playback.play(hit.entry.source, hit.entry.title, hit.start_seconds, request, purpose="played")
        if player is None:
            gone = views.refusal_view(texts_for(request).search_gone)
            return {self._player: gr.Video(value=None, visible=False), self._told: gone}
        return {self._player: player, self._told: ""}


def _upload_button(label: str, file_type: str, **options: Any) -> gr.UploadButton:
    return gr.UploadButton(label, file_types=[file_type], type="filepath", size="sm", **options)
