"""The Search tab: a library of clips, searched by a sentence, by the current clip or by a picture.

What a visitor has found is a state of that visitor's session. The list of what is in the library is in shelf.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gradio as gr

from videobert_demo.library.layers import LayeredLibrary
from videobert_demo.service.results import SeenClip
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.types import Hit, LibraryEntry
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.address import Address
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.asking import ANSWERING, CANCEL, answer_after, typed_row
from videobert_demo.ui.page.pace import Pace
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.playback import Playback
from videobert_demo.ui.page.queues import AT_ONCE, QUIETLY, Updates, unchanged
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.search import view as views
from videobert_demo.ui.search.endpoint import DEFAULT_HITS
from videobert_demo.ui.search.shelf import Shelf
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts

_MAX_CHARACTERS = 2000
_MAX_SEEN, _FOR_YOU = 8, 4

# One listener for all hits; the event carries the index of the one that was chosen.
_CHOOSE = """
element.addEventListener('click', (event) => {
  const card = event.target.closest('[data-hit]');
  if (!card) return;
  window.videobert.markPlaying(card);
  trigger('select', {index: Number(card.dataset.hit)});
});
"""


class SearchTab:
    """Lays out the tab inside the caller's block, and searches when it is asked.

    Args:
        service: The model.
        visitors: The libraries that are searched and added to.
        visits: Who is here; what they upload is deleted after the visit.
        playback: Plays a hit.
        tabs: All tabs of the page.
        described: A state: the Describe tab's answer for the clip, a `Described`, or None.
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
        tabs: gr.Tabs,
        described: gr.State,
        clip: gr.Video,
        arrivals: Arrivals,
        translations: Translations,
    ) -> None:
        self._service, self._visitors, self._visits, self._playback = service, visitors, visits, playback
        self._pace = Pace()
        self._lay_out(translations)
        self._listen(clip, tabs, described)
        arrivals.add(lambda path, _: {self._like: gr.Button(interactive=path is not None)}, [self._like])

    def _lay_out(self, translations: Translations) -> None:
        words = translations.texts
        self._found, self._alike = gr.State(()), gr.State(())  # the hits, and those of "For you"
        self._playing, self._seen = gr.State(None), gr.State(())  # the clip that plays, and those that were opened
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
        self._told = gr.HTML("", js_on_load=CANCEL, elem_id="vb-search-told", apply_default_css=False)
        with gr.Column(visible=False, elem_id="vb-search-stage") as self._stage:
            self._player = gr.Video(
                label=words.search_player,
                interactive=False,
                autoplay=True,
                height=320,
                buttons=[],
                elem_id="vb-search-player",
            )
            self._use = gr.Button(words.search_use, size="sm", elem_id="vb-search-use")
        self._view = gr.HTML(
            translations.view(views.empty_view),
            js_on_load=_CHOOSE + CANCEL,
            elem_id="vb-search-view",
            apply_default_css=False,
        )
        self._for_you = gr.HTML("", js_on_load=_CHOOSE, elem_id="vb-search-for-you", apply_default_css=False)
        self._shelf = Shelf(
            self._service,
            visitors=self._visitors,
            visits=self._visits,
            playback=self._playback,
            add=add,
            told=self._told,
            words=words,
        )

    def _listen(self, clip: gr.Video, tabs: gr.Tabs, described: gr.State) -> None:
        self._clip, self._tabs = clip, tabs
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
                [self._view, self._found, *self._played],
                view=self._view,
                refuse=views.refusal_view,
                pace=self._pace,
            )
        typed.then(None, [self._row.text], None, js="(s) => window.videobert.note({s})", api_visibility="private")
        for view, hits in ((self._view, self._found), (self._for_you, self._alike)):
            view.select(self._play, [hits], self._played, trigger_mode="multiple", **AT_ONCE)
        self._shelf.listed.select(self._play_row, None, self._played, trigger_mode="multiple", **AT_ONCE)
        self._use.click(self._take, [self._playing], [clip, tabs, self._told], **AT_ONCE)
        described.change(self._see, [described, self._seen], [self._seen, self._alike, self._for_you], **QUIETLY)

    @property
    def restored(self) -> list[Any]:
        """What `restore` gives values for."""
        return [self._row.text]

    def restore(self, address: Address) -> Updates:
        """What was searched for before the page was loaded again; the page itself searches once more."""
        return {self._row.text: address.sentence} if address.sentence else {}

    def _start(self, request: gr.Request) -> Updates:
        return {self._view: views.busy_view(texts_for(request), self._pace.progress(ANSWERING))}

    def _by_text(self, sentence: str, request: gr.Request) -> Updates:
        heading = texts_for(request).search_hits_for.format(text=" ".join(sentence.split()))
        return self._search(
            heading, lambda library: self._service.search(library, sentence, count=DEFAULT_HITS), request
        )

    def _by_clip(self, path: str | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        if path is None:
            return self._results(views.refusal_view(texts.search_no_clip), (), request)
        return self._search(
            texts.search_hits_like,
            lambda library: self._service.search_like(library, self._service.open(path), count=DEFAULT_HITS),
            request,
        )

    def _by_picture(self, path: str | None, request: gr.Request) -> Updates:
        if path is None:
            return unchanged()
        self._visits.claim(session_of(request), "picture", [path])
        return self._search(
            texts_for(request).search_hits_picture,
            lambda library: self._service.search_picture(library, path, count=DEFAULT_HITS),
            request,
        )

    def _search(
        self, heading: str, search: Callable[[LayeredLibrary], tuple[Hit, ...]], request: gr.Request
    ) -> Updates:
        texts = texts_for(request)
        found = search(self._visitors.of(session_of(request)))
        hits = views.fitting([self._titled(hit, texts) for hit in found])
        return self._results(views.hits_view(heading, hits, texts), hits, request)

    def _titled(self, hit: Hit, texts: Texts) -> Hit:
        title = self._playback.title(hit.entry.source, hit.entry.title, texts)
        return replace(hit, entry=replace(hit.entry, title=title))

    @property
    def _played(self) -> list[Any]:
        """What a clip that begins to play gives values for."""
        return [self._stage, self._player, self._playing, self._told]

    def _results(self, view: str, hits: tuple[Hit, ...], request: gr.Request) -> Updates:
        """The hits, with the best one in the player, which has a fixed position: no list moves when one is chosen."""
        updates: Updates = {self._view: view, self._found: hits}
        if not hits:
            return {**updates, self._stage: gr.Column(visible=False), self._player: None, self._playing: None}
        return {**updates, **self._start_playing(hits[0].entry, hits[0].start_seconds, request)}

    def _play(self, hits: tuple[Hit, ...], event: gr.EventData, request: gr.Request) -> Updates:
        index: Any = event.index
        if not isinstance(index, int) or not 0 <= index < len(hits):
            return unchanged()
        return self._start_playing(hits[index].entry, hits[index].start_seconds, request)

    def _play_row(self, event: gr.EventData, request: gr.Request) -> Updates:
        sent: Any = event.value
        wanted = sent.get("play") if isinstance(sent, dict) else None
        entry = self._visitors.of(session_of(request)).entry(wanted) if isinstance(wanted, str) else None
        return unchanged() if entry is None else self._start_playing(entry, 0.0, request)

    def _start_playing(self, entry: LibraryEntry, start_seconds: float, request: gr.Request) -> Updates:
        texts = texts_for(request)
        title = self._playback.title(entry.source, entry.title, texts)
        player = self._playback.play(entry.source, title, start_seconds, request, purpose="played")
        if player is None:
            gone = views.refusal_view(texts.search_gone)
            return {self._stage: gr.Column(visible=False), self._player: None, self._playing: None, self._told: gone}
        return {self._stage: gr.Column(visible=True), self._player: player, self._playing: entry, self._told: ""}

    def _take(self, entry: LibraryEntry | None, request: gr.Request) -> Updates:
        """Makes the clip that plays the one that all tabs work on."""
        path = None if entry is None else self._playback.file(entry.source, request, purpose="clip")
        if path is None:
            return {self._told: views.refusal_view(texts_for(request).search_gone)}
        return {self._clip: path, self._tabs: gr.Tabs(selected="describe"), self._told: ""}

    def _see(self, answer: Described | None, seen: tuple[SeenClip, ...], request: gr.Request) -> Updates:
        """Remembers the clip for this visit, and finds others like those that were opened."""
        if answer is None or answer.problem:
            return unchanged()
        texts = texts_for(request)
        clip = self._service.see(self._service.open(answer.path))
        after = (clip, *(one for one in seen if one.content_hash != clip.content_hash))[:_MAX_SEEN]
        library = self._visitors.of(session_of(request))
        found = self._service.recommend(library, after, count=_FOR_YOU)
        alike = tuple(self._titled(hit, texts) for hit in found)
        return {self._seen: after, self._alike: alike, self._for_you: views.for_you_view(alike, texts)}


def _upload_button(label: str, file_type: str, **options: Any) -> gr.UploadButton:
    return gr.UploadButton(label, file_types=[file_type], type="filepath", size="sm", **options)
