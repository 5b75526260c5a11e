"""A question with its answer, and the types of question that there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from videobert_demo.errors import DataError

QUESTION_TYPES = ("who", "what", "doing", "where", "how many", "colour", "yes/no")
MAX_QUESTION_WORDS = 14
_YES_NO = ("is", "are", "was", "were", "does", "do", "did", "has", "have", "can")


@dataclass(frozen=True)
class Question:
    """A question with its one-word answer.

    Raises:
        DataError: The type is not one of `QUESTION_TYPES`, or the support is negative.

    Attributes:
        text: Lower case, ends with a question mark.
        answer: One lower-case lemma.
        question_type: One of `QUESTION_TYPES`.
        support: How many of the video's captions agree; for "no", how many do not mention it.
    """

    text: str
    answer: str
    question_type: str
    support: int = 1

    def __post_init__(self) -> None:
        if self.question_type not in QUESTION_TYPES:
            raise DataError(f"question_type is {self.question_type!r}, not one of {QUESTION_TYPES}")
        if self.support < 0:
            raise DataError(f"support is {self.support}, less than 0")


def best_supported(questions: Iterable[Question]) -> list[Question]:
    """The questions with the answer to each that most captions agree on; the first one of a tie."""
    best: dict[str, Question] = {}
    for question in questions:
        if question.text not in best or question.support > best[question.text].support:
            best[question.text] = question
    return list(best.values())


def question_type_of(question: str) -> str | None:
    """The type of a question by its words, or None if no such question is ever made ("when", "why")."""
    words = question.lower().rstrip("? ").split()
    start = " ".join(words[:2])
    if words[-1:] == ["doing"]:
        return "doing"
    if start in ("how many", "what color", "what colour"):
        return "how many" if start == "how many" else "colour"
    if words[:1] and words[0] in _YES_NO:
        return "yes/no"
    return words[0] if words[:1] and words[0] in ("who", "what", "where") else None


def as_statement(question: str) -> str:
    """What a yes/no question asks about: "a man playing a piano" of "is a man playing a piano?".

    A question of what "it" is asks whether there is such a thing: "there is a dog" of "is it a dog?".
    """
    words = question.rstrip("? ").split()
    if words[:1] == ["is"] and words[1:2] and words[1] in ("it", "this", "that") and words[2:3] in (["a"], ["an"]):
        return " ".join(["there is", *words[2:]])
    return " ".join(words[1:]) or question
