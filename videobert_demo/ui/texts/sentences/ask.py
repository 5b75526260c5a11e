"""The Ask tab, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class AskSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    ask_tab: str = "Ask"
    ask_empty_heading: str = "Ask about a clip"
    ask_empty_hint: str = "Drop a clip, record one, or pick an example. Then ask what you like: the answer is one word."
    ask_clip_error_heading: str = "Nothing can be asked about this clip"
    ask_label: str = "Question"
    ask_placeholder: str = "What is the man doing?"
    ask_button: str = "Ask"
    ask_suggestions_heading: str = "Try one of these"
    ask_suggestions_hint: str = "based on how the model describes the clip"
    ask_busy: str = "Looking for the answer to “{question}”"
    ask_busy_blank: str = "Looking for the answer"
    ask_absent: str = "There is no {thing}, I think"
    ask_not_sure: str = "Not sure, perhaps {answer}"
    ask_probability: str = "Probability {probability}"
    ask_likeliest_heading: str = "The likeliest answers"
    ask_likeliest_hint: str = "with their probabilities"
    ask_frames_heading: str = "What the answer rests on"
    ask_frames_hint: str = "each frame's share of the answer's relevance; click one to jump there"
    ask_earlier_heading: str = "Earlier questions about this clip"
    ask_api_description: str = (
        "Answers a question about a clip: the likeliest answers, their probabilities, the frames."
    )
