"""The HTTP endpoint `/search`: a sentence in, hits of the examples or of the lasting library out. It keeps nothing."""

from __future__ import annotations

from typing import Any

import gradio as gr

from videobert_demo.service.reports import search_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.ui.page.endpoints import Argument, add_endpoint, errors_told, refusal
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.schemas import listed, number, record, text, truth, whole
from videobert_demo.ui.texts.texts import Texts

DEFAULT_HITS = 9
MAX_HITS = 100
_HIT = record(
    title=text("The clip's title."),
    score=number("How much it is like what was looked for: a cosine similarity in [-1, 1]."),
    sure=truth("False if it may not fit."),
    start_seconds=number("The moment that fits best."),
    duration_seconds=number("How long the clip is."),
    duplicates=whole("How many clips that look the same stand behind this one."),
    content_hash=text("Names the file by its content."),
)


def build_search_endpoint(service: VideoBertService, visitors: VisitorLibraries, texts: Texts) -> None:
    """Adds the endpoint.

    Args:
        service: The model.
        visitors: The libraries; a caller sees what belongs to its own session.
        texts: The language of its documentation and error messages.
    """

    def search(sentence: str, request: gr.Request, count: float = DEFAULT_HITS) -> list[dict[str, Any]]:
        if not 1 <= count <= MAX_HITS or count % 1:
            raise refusal(texts.search_api_count.format(most=MAX_HITS))
        with errors_told():
            hits = service.search(visitors.of(session_of(request)), sentence, count=int(count))
        return search_report(hits)

    sentence = gr.Textbox(label=texts.search_label, visible=False)
    count = gr.Number(value=DEFAULT_HITS, label=texts.search_api_count_label, visible=False)
    add_endpoint(
        search,
        [sentence, count],
        name="search",
        description=texts.search_api_description,
        arguments={
            "sentence": Argument(text("What to look for: a sentence or a word."), "a dog on the floor"),
            "count": Argument(
                whole(f"How many clips to return at most, 1 to {MAX_HITS}."), DEFAULT_HITS, default=DEFAULT_HITS
            ),
        },
        returns=listed(_HIT, "The clips that fit, best first."),
    )
