"""The HTTP endpoint `/search`: a sentence in, hits of the examples or of the lasting library out. It keeps nothing."""

from __future__ import annotations

from typing import Any

import gradio as gr

from videobert_demo.service.reports import search_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.ui.page.endpoints import add_endpoint, errors_told, refusal
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.texts.texts import Texts

DEFAULT_HITS = 9
MAX_HITS = 100


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
    add_endpoint(search, [sentence, count], name="search", description=texts.search_api_description)
