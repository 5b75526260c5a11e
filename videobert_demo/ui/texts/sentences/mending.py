"""Captions and answers that a person mends, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MendingSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    mend_caption: str = "Not right? Mend the caption"
    mend_answer: str = "Not right? Mend the answer"
    mend_label: str = "The right words"
    mend_keep: str = "Keep it with the clip"
    mend_download: str = "Only take it away"
    mend_note: str = (
        "Keeping copies the clip into your library: a search finds it by these words. It is deleted when you leave."
    )
    mend_note_lasting: str = (
        "Keeping copies the clip into the lasting library, for all who use it: they find it by these words, and a "
        "model may learn from it."
    )
    mend_kept: str = "Kept in your library until you leave. Search finds the clip by these words."
    mend_kept_lasting: str = "Kept in the lasting library. Search finds the clip by these words."
    mend_api_description: str = (
        "Mends a caption or an answer: a row of training data, kept with the clip only if the caller wants so. "
        "`back` takes back what was kept."
    )
    mend_back: str = "Take it back"
    mend_taken_back: str = "Taken back: nothing of it is kept, and a search no longer goes by these words."
    mend_nothing: str = "Nothing is kept of this clip that could be taken back; ask with the same question and session."
    mend_only: str = "Kept nowhere: take it away as a row of training data."
