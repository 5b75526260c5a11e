"""Suggests questions about a clip for which there are only a model's own captions."""

from __future__ import annotations

from collections.abc import Sequence

from videobert_demo.questions.make import make_questions

SUGGESTIONS = 4
_ORDER = ("doing", "what", "who", "where", "colour", "how many")
_GENERAL = (
    "who is in the video?",
    "what is in the video?",
    "what is happening?",
    "where is it?",
)


def suggest_questions(captions: Sequence[str]) -> tuple[str, ...]:
    """Four different questions of as many types as the captions allow, with general ones where they allow fewer.

    Args:
        captions: of the clip, the likeliest first.
    """
    made = make_questions(captions)
    by_type = [[question.text for question in made if question.question_type == wanted] for wanted in _ORDER]
    first = [texts[0] for texts in by_type if texts]
    more = [text for texts in by_type for text in texts[1:]]
    return tuple(dict.fromkeys([*first, *more[:1], *_GENERAL]))[:SUGGESTIONS]
