"""The HTTP endpoint `/correct`: the right caption or answer of a clip in, a row of training data out.

It keeps the clip only if the caller says so: in the caller's own library, or in the lasting one.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.ui.page.endpoints import CLIP, Argument, add_endpoint, clip_input, errors_told, given, refusal
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.schemas import listed, record, text, truth
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.texts.texts import Texts

_ROW = record(
    file=text("The file's name."),
    captions=listed(text("A caption."), "What is right, as a sentence."),
    questions=listed(
        record(question=text("The question."), answer=text("The right answer.")), "The question, if there was one."
    ),
    kept=truth("Whether it is kept, with the clip, in a library."),
)
_TAKES = {
    "clip": CLIP,
    "text": Argument(text("The right caption, or the right answer."), "a white dog lies on the floor"),
    "question": Argument(text("The question that it answers; empty for a caption."), "", default=""),
    "keep": Argument(truth("Keep it, and the clip, in the library of this session or the lasting one."), False, False),
    "back": Argument(
        truth("Take back what was kept of this clip, or of this question; `text` counts not."), False, False
    ),
}


def build_correct_endpoint(service: VideoBertService, visitors: VisitorLibraries, visits: Visits, texts: Texts) -> None:
    """Adds the endpoint.

    Args:
        service: The model.
        visitors: The libraries; what a caller keeps is in that of its own session.
        visits: Who is here: what a caller keeps is forgotten some minutes after its last call.
        texts: The language of its documentation and error messages.
    """

    def correct(
        clip: str | None, text: str, request: gr.Request, question: str = "", keep: bool = False, back: bool = False
    ) -> dict[str, Any]:
        path = given(clip, texts)
        if (keep or back) and request.session_hash is None and not visitors.are_lasting:
            raise refusal(texts.api_session)
        with errors_told():
            if back:
                library = visitors.own(session_of(request))
                kept = service.find_correction(library, path, question=question)
                if kept is None:
                    raise refusal(texts.mend_nothing)
                service.drop_correction(library, kept)
                return {"questions": [], **kept.row(), "kept": False}
            correction = service.make_correction(path, text, question=question)
            if keep:
                visits.claim(session_of(request), "corrected", [])
                service.keep_correction(visitors.own(session_of(request)), path, correction)
        return {"questions": [], **correction.row(), "kept": keep}

    mended = gr.Textbox(label=texts.mend_label, visible=False)
    question = gr.Textbox("", label=texts.ask_label, visible=False)
    keep = gr.Checkbox(value=False, label=texts.mend_keep, visible=False)
    back = gr.Checkbox(value=False, label=texts.mend_back, visible=False)
    add_endpoint(
        correct,
        [clip_input(texts), mended, question, keep, back],
        name="correct",
        description=texts.mend_api_description,
        arguments=_TAKES,
        returns=_ROW,
        keeps=True,
    )
