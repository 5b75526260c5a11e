"""The HTTP endpoint `/both`: two clips and a question, a word or a sentence in, what both say out. It keeps nothing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import gradio as gr

from videobert_demo.service.service import VideoBertService
from videobert_demo.service.side_by_side import QUERIES, Query, ask_both, side_by_side_report
from videobert_demo.ui.page.endpoints import (
    CLIPS,
    LANGUAGE,
    SECONDS,
    TIMESTAMP,
    Argument,
    add_endpoint,
    clips_input,
    errors_told,
    language_input,
    refusal,
)
from videobert_demo.ui.page.schemas import listed, number, one_of, record, text, truth
from videobert_demo.ui.texts.texts import Texts

_BOTH = record(
    kind=one_of(QUERIES, "What was asked."),
    text=text("It, as it was read."),
    likeness=number("How alike the two clips are: a cosine similarity in [-1, 1]."),
    clips=listed(
        record(
            file=text("The file's name."),
            answer=text("The answer to a question; else empty."),
            probability=number("Of the answer, that it shows the word, or that the sentence belongs to it, in [0, 1]."),
            sure=truth("Whether an answer is likely enough to be told as it is."),
            peak_seconds=number("The moment that counts most."),
            moments=listed(
                record(timestamp_seconds=TIMESTAMP, value=number("How much it counts, in [0, 1].")),
                "The frames that were looked at.",
            ),
        ),
        "The first clip and the second.",
    ),
    seconds=SECONDS,
)
_TAKES = {
    "clips": Argument(CLIPS.schema, CLIPS.example[:2], is_file=True),
    "text": Argument(text("A question, a word or a sentence."), "what is the animal doing?"),
    "kind": Argument(one_of(QUERIES, "What it is."), "question", default="question"),
    "language": LANGUAGE,
}


def build_both_endpoint(service: VideoBertService, texts: Texts) -> None:
    """Adds the endpoint.

    Args:
        service: The model.
        texts: The language of its documentation and error messages.
    """

    def both(clips: list[str] | None, text: str, kind: str = "question", language: str = "en") -> dict[str, Any]:
        chosen: Query | None = next((one for one in QUERIES if one == kind), None)
        if chosen is None:
            raise refusal(texts.both_api_kind.format(kinds=", ".join(QUERIES)))
        started = time.perf_counter()
        with errors_told():
            opened = [service.open(path) for path in clips or []]
            found = ask_both(service, opened, chosen, text, language=language)
        report = side_by_side_report(found, [Path(path).name for path in clips or []])
        return report | {"seconds": round(time.perf_counter() - started, 3)}

    asked = gr.Textbox(label=texts.both_label, visible=False)
    queries = gr.Textbox(QUERIES[0], label=texts.both_query, visible=False)
    add_endpoint(
        both,
        [clips_input(texts), asked, queries, language_input(texts)],
        name="both",
        description=texts.both_api_description,
        arguments=_TAKES,
        returns=_BOTH,
    )
