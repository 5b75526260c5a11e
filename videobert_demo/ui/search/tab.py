"""The Search tab: a library of clips, searched by a sentence, by the current clip or by a picture. Also as `/search`.

What a visitor adds is in a library of that visitor's session (visitors.py), unless the settings name a lasting one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from videobert_demo.errors import UnreadableClipError, VideoBertDemoError
from videobert_demo.library.layers import LayeredLibrary
from videobert_demo.service.examples import ExampleClip
from videobert_demo.service.reports import search_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.types import Hit, LibraryEntry
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, MODEL_QUEUE
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.search import view as views
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts

HITS = 9
MOST_HITS = 100
_LONGEST_TYPED = 2000

_CHOOSE = """
element.addEventListener('click', (event) => {
  const card = event.target.closest('[data-hit]');
  if (card) trigger('select', {index: Number(card.dataset.hit)});
});
"""
_REMOVE = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-remove]');
  if (button) trigger('select', {value: button.dataset.remove});
});
"""


def read_picture(path: str, max_pixels: int) -> NDArray[np.uint8]:
    """A picture file -> (H, W, 3) uint8 RGB.

    Raises:
        UnreadableClipError: it is no picture, or larger than `max_pixels`.
    """
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > max_pixels:
                raise UnreadableClipError("{name} has too many pixels; choose a smaller picture.", name=Path(path).name)
            return np.asarray(picture.convert("RGB"), dtype=np.uint8)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableClipError(
            "{name} cannot be read as a picture; choose a JPEG, PNG or WebP file.", name=Path(path).name
        ) from error


def build_search_tab(
    service: VideoBertService,
    *,
    visits: Visits,
    clip: gr.Video,
    arrivals: Arrivals,
    examples: Sequence[ExampleClip],
    translations: Translations,
) -> VisitorLibraries:
    """Lays out the tab inside the caller's block.

    Args:
        service: Answers.
        visits: Who is here; what somebody sends goes with the visit.
        clip: The clip that all tabs work on.
        arrivals: Who hears of another clip.
        examples: Clips that are in every library from the start.
        translations: The sentences that the browser puts in.

    Returns:
        The visitors' libraries.
    """
    visitors = VisitorLibraries(service)
    found = gr.State(())
    words = translations.texts
    with gr.Row(elem_id="vb-search-row"):
        text = gr.Textbox(
            label=words.search_label,
            show_label=False,
            container=False,
            placeholder=words.search_placeholder,
            max_lines=1,
            max_length=_LONGEST_TYPED,
            scale=5,
            elem_id="vb-search-text",
        )
        go = gr.Button(words.search_button, variant="primary", scale=1, min_width=90)
    with gr.Row(elem_id="vb-search-ways"):
        like = gr.Button(words.search_like, size="sm", interactive=False, elem_id="vb-search-like")
        picture = gr.UploadButton(
            words.search_picture, file_types=["image"], type="filepath", size="sm", elem_id="vb-search-picture"
        )
        add = gr.UploadButton(
            words.search_add,
            file_types=["video"],
            file_count="multiple",
            type="filepath",
            size="sm",
            elem_id="vb-search-add",
        )
    told = gr.HTML("", elem_id="vb-search-told", apply_default_css=False)
    player = gr.Video(
        label=words.search_player,
        interactive=False,
        autoplay=True,
        visible=False,
        height=320,
        buttons=[],
        elem_id="vb-search-player",
    )
    view = gr.HTML(
        translations.view(views.empty_view), js_on_load=_CHOOSE, elem_id="vb-search-view", apply_default_css=False
    )
    with gr.Accordion(words.search_library, open=False, elem_id="vb-search-library") as panel:
        shelf = gr.HTML("", js_on_load=_REMOVE, min_height=60, apply_default_css=False)
    bundled = {str(example.path.absolute()): example for example in examples}

    def titled(entry: LibraryEntry, texts: Texts) -> LibraryEntry:
        example = bundled.get(entry.source)
        return entry if example is None else replace(entry, title=example.title_in(texts.language))

    def show_shelf(library: LayeredLibrary, texts: Texts) -> str:
        entries = [titled(entry, texts) for entry in library.entries()]
        own = {entry.content_hash for entry in entries if library.owns(entry.content_hash)}
        note = texts.search_shared_note if visitors.are_lasting else texts.search_own_note
        return views.library_view(entries, own, note, texts)

    def searched(request: gr.Request, heading: str, search: Callable[[LayeredLibrary], tuple[Hit, ...]]) -> Any:
        texts = texts_for(request)
        try:
            hits = search(visitors.of(session_of(request)))
        except VideoBertDemoError as error:
            return views.refusal_view(texts.explain(error)), (), gr.Video(value=None, visible=False)
        hits = tuple(replace(hit, entry=titled(hit.entry, texts)) for hit in hits)
        return views.hits_view(heading, hits, texts), hits, gr.Video(value=None, visible=False)

    def by_text(sentence: str, request: gr.Request) -> Any:
        heading = texts_for(request).search_hits_for.format(text=" ".join(sentence.split()))
        return searched(request, heading, lambda library: service.search(library, sentence, count=HITS))

    def by_clip(path: str | None, request: gr.Request) -> Any:
        texts = texts_for(request)
        if path is None:
            return views.refusal_view(texts.search_no_clip), (), gr.Video(value=None, visible=False)
        return searched(
            request,
            texts.search_hits_like,
            lambda library: service.search_like(library, service.open(path), count=HITS),
        )

    def by_picture(path: str | None, request: gr.Request) -> Any:
        if path is None:
            return gr.skip(), gr.skip(), gr.skip()
        visits.claim(session_of(request), "picture", [path])
        return searched(
            request,
            texts_for(request).search_hits_picture,
            lambda library: service.search_picture(
                library, read_picture(path, service.settings.max_pixels), count=HITS
            ),
        )

    def start(request: gr.Request) -> str:
        return views.busy_view(texts_for(request))

    def fail(request: gr.Request) -> str:
        return views.refusal_view(texts_for(request).unexpected_error)

    results = [view, found, player]
    waiting = {**ASKING, "show_progress": "minimal", "show_progress_on": [view]}
    for started, search, inputs in (
        (gr.on([text.submit, go.click], start, None, [view], **AT_ONCE), by_text, [text]),
        (like.click(start, None, [view], **AT_ONCE), by_clip, [clip]),
        (picture.upload(start, None, [view], **AT_ONCE), by_picture, [picture]),
    ):
        searching = started.then(search, inputs, results, trigger_mode="always_last", **waiting)
        searching.failure(fail, None, [view], **AT_ONCE)
    arrivals.add(lambda path, _: {like: gr.Button(interactive=path is not None)}, [like])

    def play(hits: tuple[Hit, ...], event: gr.EventData, request: gr.Request) -> Any:
        index: Any = event.index
        if not isinstance(index, int) or not 0 <= index < len(hits):
            return gr.skip(), gr.skip()
        hit = hits[index]
        source = hit.entry.source
        if not Path(source).is_file():
            return gr.Video(value=None, visible=False), views.refusal_view(texts_for(request).search_gone)
        if source not in bundled:
            source = str(visits.lend(session_of(request), "played", Path(source)))
        shown = gr.Video(value=source, visible=True, label=hit.entry.title, playback_position=hit.start_seconds)
        return shown, ""

    view.select(play, [found], [player, told], trigger_mode="multiple", **AT_ONCE)

    def put_in(
        files: list[str] | None,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 (Gradio's own way)
    ) -> Any:
        texts = texts_for(request)
        added = known = 0
        failed = []
        session = session_of(request)
        visits.claim(session, "added", files or ())
        try:
            library = visitors.own(session)
        except VideoBertDemoError as error:
            return views.refusal_view(texts.explain(error)), gr.skip()
        for number, path in enumerate(files or ()):
            progress((number, len(files or ())), desc=texts.search_adding)
            try:
                fresh = library.add(service.encode_for_library(path), keep_file=True)
            except VideoBertDemoError as error:
                failed.append(texts.explain(error))
                continue
            added, known = added + fresh, known + (not fresh)
        return views.added_view(added, known, failed, texts), show_shelf(library, texts)

    putting = add.upload(put_in, [add], [told, shelf], show_progress_on=[told], **ASKING)
    putting.failure(fail, None, [told], **AT_ONCE)

    def take_out(request: gr.Request, event: gr.EventData) -> Any:
        library = visitors.of(session_of(request))
        wanted: Any = event.value
        library.remove([str(wanted)])
        return show_shelf(library, texts_for(request))

    shelf.select(take_out, None, [shelf], trigger_mode="multiple", **AT_ONCE)

    def open_shelf(request: gr.Request) -> str:
        texts = texts_for(request)
        try:
            return show_shelf(visitors.of(session_of(request)), texts)
        except VideoBertDemoError as error:
            return views.refusal_view(texts.explain(error))

    panel.expand(open_shelf, None, [shelf], **ASKING)

    return visitors


def build_search_endpoint(service: VideoBertService, visitors: VisitorLibraries, texts: Texts) -> None:
    """Adds the HTTP endpoint `/search`: a sentence in, hits of the examples or the lasting library out.

    Args:
        service: Answers.
        visitors: The libraries; a caller sees what belongs to its own session.
        texts: The language of its error messages.
    """

    def search(sentence: str, request: gr.Request, count: float = HITS) -> list[dict[str, Any]]:
        if not 1 <= count <= MOST_HITS:
            raise gr.Error(texts.search_api_count.format(most=MOST_HITS), print_exception=False)
        try:
            hits = service.search(visitors.of(session_of(request)), sentence, count=int(count))
        except VideoBertDemoError as error:
            raise gr.Error(error.message, print_exception=False) from error
        return search_report(hits)

    sentence = gr.Textbox(label=texts.search_label, visible=False)
    count = gr.Number(value=HITS, label=texts.search_api_count_label, visible=False)
    hits = gr.JSON(visible=False)
    gr.Button(visible=False).click(
        search,
        inputs=[sentence, count],
        outputs=[hits],
        api_name="search",
        api_description=texts.search_api_description,
        **MODEL_QUEUE,
    )
