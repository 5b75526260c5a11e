"""The HTTP endpoints `/label` and `/labels`: names that a caller teaches with a few clips or moments.

The labels are in the caller's own library, and go with the caller's session, or in the lasting library.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from videobert_demo.library.base import Library
from videobert_demo.service.reports import own_label_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.ui.page.endpoints import CLIPS, Argument, add_endpoint, clips_input, errors_told, refusal
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.schemas import listed, number, or_none, text
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens.forms import OWN_LABEL

_LABELS = listed(OWN_LABEL, "The labels of the library, the oldest first.")
_LABEL_TAKES = {
    "name": Argument(text("The label's name; one of this name is taught anew."), "an animal looks at me"),
    "clips": CLIPS,
    "seconds": Argument(
        listed(or_none(number()), "For each clip the moment that is an example, in seconds, or null for all of it."),
        [0.5, None, None],
        default=[],
    ),
}
_LABELS_TAKES = {"remove": Argument(text("The name of a label to forget first."), "an old label", default="")}


def build_label_endpoints(service: VideoBertService, visitors: VisitorLibraries, visits: Visits, texts: Texts) -> None:
    """Adds the endpoints.

    Args:
        service: The model.
        visitors: The libraries; a caller's labels are in that of its own session.
        visits: Who is here: a caller's labels are forgotten some minutes after its last call.
        texts: The language of their documentation and error messages.
    """

    def own_library(request: gr.Request) -> Library:
        """The caller's library. Callers without a session would share their labels; they are told what to send."""
        if request.session_hash is None and not visitors.are_lasting:
            raise refusal(texts.api_session)
        visits.claim(session_of(request), "labels", [])
        return visitors.own(session_of(request))

    def label(name: str, clips: list[str] | None, request: gr.Request, seconds: Any = None) -> dict[str, Any]:
        moments = _read_moments(seconds, len(clips or []))
        if moments is None:
            raise refusal(texts.own_labels_api_seconds)
        with errors_told():
            library = own_library(request)
            examples = [
                service.label_example(service.open(path), Path(path).name, seconds=moment)
                for path, moment in zip(clips or [], moments, strict=True)
            ]
            return own_label_report(service.teach_label(library, name, examples))

    def labels(request: gr.Request, remove: str = "") -> list[dict[str, Any]]:
        with errors_told():
            library = own_library(request)
            if remove:
                service.drop_label(library, remove)
            return [own_label_report(one) for one in service.own_labels(library)]

    name = gr.Textbox(label=texts.own_labels_name, visible=False)
    moments = gr.JSON([], label=texts.own_labels_api_moments, visible=False)
    add_endpoint(
        label,
        [name, clips_input(texts), moments],
        name="label",
        description=texts.own_labels_api_label,
        arguments=_LABEL_TAKES,
        returns=OWN_LABEL,
        keeps=True,
    )
    remove = gr.Textbox("", label=texts.own_labels_api_remove, visible=False)
    add_endpoint(
        labels,
        [remove],
        name="labels",
        description=texts.own_labels_api_labels,
        arguments=_LABELS_TAKES,
        returns=_LABELS,
        keeps=True,
    )


def _read_moments(value: Any, count: int) -> list[float | None] | None:
    """A moment for each of `count` clips, as someone sent them; None if it is anything else."""
    if value is None or value in ("", []):
        return [None] * count
    if not isinstance(value, list) or len(value) != count:
        return None
    fit = all(one is None or (isinstance(one, int | float) and not isinstance(one, bool) and one >= 0) for one in value)
    return value if fit else None
