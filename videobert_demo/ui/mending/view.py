"""What stands below a caption or an answer that can be mended, as HTML. Pure functions; no Gradio."""

from __future__ import annotations

from videobert_demo.service.corrections import Correction
from videobert_demo.ui.takeaway import take_away
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts

_TEMPLATE = "mending/view.html"


def offer_view(
    said: str,
    question: str,
    is_lasting: bool,
    texts: Texts,
    *,
    mended: str | None = None,
    problem: str = "",
    told: str = "",
) -> str:
    """A line to change the words in; closed until somebody wants it.

    Args:
        said: What the model said.
        question: Which it answers; empty for a caption.
        is_lasting: Whether the library is one that stays, for all.
        texts: The language.
        mended: What was typed already; None for nothing yet.
        problem: Why that cannot be kept, as a sentence.
        told: What has just happened, as a sentence.
    """
    note = texts.mend_note_lasting if is_lasting else texts.mend_note
    summary = texts.mend_answer if question else texts.mend_caption
    return render(_TEMPLATE, "offer", summary, said if mended is None else mended, note, problem, told, texts)


def kept_view(correction: Correction, is_kept: bool, is_lasting: bool, texts: Texts) -> str:
    """What was mended, to take away, and whether it is kept: then it can be taken back."""
    told = texts.mend_only
    if is_kept:
        told = texts.mend_kept_lasting if is_lasting else texts.mend_kept
    row = correction.row()
    away = take_away("correction", correction.sentence, row, [{"file": row["file"], "caption": correction.sentence}])
    return render(_TEMPLATE, "kept", correction.sentence, told, away, is_kept, texts)
