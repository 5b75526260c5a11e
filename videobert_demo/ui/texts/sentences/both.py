"""The Two clips tab, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class BothSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    both_tab: str = "Two clips"
    both_second: str = "The second clip:"
    both_choose: str = "Choose the second clip"
    both_aside: str = "Set the clip on the left aside as the second"
    both_nothing: str = "There is no clip on the left yet."
    both_query: str = "What is asked of both"
    both_question: str = "A question"
    both_word: str = "A word"
    both_sentence: str = "A sentence"
    both_label: str = "Question, word or sentence"
    both_placeholder: str = "Such as: what is the animal doing?"
    both_button: str = "Ask both"
    both_empty_heading: str = "Ask two clips the same"
    both_empty_hint: str = (
        "The first clip is the one on the left. Choose a second one, or set that one aside and pick another."
    )
    both_busy: str = "Asking both clips"
    both_says_answer: str = "{probability} likely"
    both_says_word: str = "{probability} likely to be there"
    both_says_sentence: str = "{probability} likely to belong to it"
    both_unsure: str = "not sure"
    both_peak: str = "most at {time}"
    both_curve: str = "How much each moment counts"
    both_likeness: str = "Likeness of the two clips {score}"
    both_share: str = "Find what they share"
    both_share_busy: str = "Looking for the same passage in both"
    both_shared: str = "Passages in both clips: {count}"
    both_shared_none: str = "The clips share no passage"
    both_shared_hint: str = "of two seconds and more, or nearly all of a shorter clip; the longest first"
    both_shared_there: str = "is {start}–{end} of the second"
    both_shared_offset: str = "{offset} s · likeness {likeness}"
    both_api_description: str = "Asks two clips the same question, word or sentence, and tells how alike they are."
    both_api_kind: str = "“kind” is one of {kinds}."
