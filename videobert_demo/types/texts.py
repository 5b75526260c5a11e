"""What is said of a clip: captions and answers, the best first, and how sure they are. Knows neither clip nor model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

CANNOT_TELL = "I cannot tell"
"""What stands in place of a caption or an answer where nothing can be told of a clip."""
SURE_PROBABILITY = 0.3
"""An answer counts as sure from this probability on, where the checkpoint is not calibrated."""


@dataclass(frozen=True, slots=True)
class Caption:
    """One sentence about a clip.

    Attributes:
        text: The sentence, not blank.
        score: What captions are ranked by, in [0, 1]: the geometric mean of its words' probabilities, its end
            included; it is lower the less the clip supports the sentence's nouns and verbs (tasks/support.py).
        probability: That the sentence is right, in [0, 1]; None if the checkpoint is not calibrated.
        english: The sentence as the model wrote it, where `text` is its translation; else empty.
    """

    text: str
    score: float
    probability: float | None = None
    english: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError(f"a caption must have words, got {self.text!r}")
        _check_share("score", self.score)
        if self.probability is not None:
            _check_share("probability", self.probability)


class _BestFirst:
    """What captions and answers share: several candidates, of which the first one is shown."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def candidates(self) -> tuple[Caption, ...] | tuple[Answer, ...]:
            """At least one, the best first."""

    @property
    def text(self) -> str:
        """The best candidate's words."""
        return self.candidates[0].text

    @property
    def can_tell(self) -> bool:
        """Whether anything can be told of the clip; if not, the text is `CANNOT_TELL`."""
        return (self.candidates[0].english or self.text) != CANNOT_TELL

    @property
    def english(self) -> str:
        """The best candidate's words as the model wrote them, where they are translated; else empty."""
        return self.candidates[0].english


@dataclass(frozen=True, slots=True)
class CaptionResult(_BestFirst):
    """The captions of one clip.

    Attributes:
        candidates: At least one caption, the best first: none scores higher than the one before it.
        seconds: Time it took to make them.
        sure_from: From this probability on the best caption counts as sure.
        holds: Where the best caption is not sure: the part that holds nevertheless, such as "a person; not sure what
            they do". Empty if nothing does, or if it is sure.
        holds_english: The same as the model wrote it, where `holds` is its translation; else empty.
    """

    candidates: tuple[Caption, ...]
    seconds: float
    sure_from: float = 0.0
    holds: str = ""
    holds_english: str = ""

    def __post_init__(self) -> None:
        _check_candidates(self.candidates, "caption")
        _check_order("score", [caption.score for caption in self.candidates])
        _check_seconds(self.seconds)

    @property
    def score(self) -> float:
        """The best caption's score, in [0, 1]."""
        return self.candidates[0].score

    @property
    def probability(self) -> float | None:
        """The probability that the best caption is right, in [0, 1]; None if the checkpoint is not calibrated."""
        return self.candidates[0].probability

    @property
    def is_sure(self) -> bool:
        """Whether the best caption is at least as likely to be right as `sure_from`, where that is known."""
        return self.can_tell and (self.probability is None or self.probability >= self.sure_from)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question about a clip.

    Attributes:
        text: A word or two, not blank.
        probability: That of these words, or of others that say the same of a person, in [0, 1].
        english: The words as the model wrote them, where `text` is their translation; else empty.
    """

    text: str
    probability: float
    english: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError(f"an answer must have words, got {self.text!r}")
        _check_share("probability", self.probability)


@dataclass(frozen=True, slots=True)
class AnswerResult(_BestFirst):
    """The likeliest answers to one question about one clip.

    Attributes:
        question: As the model read it.
        candidates: At least one answer, the likeliest first.
        seconds: Time it took to find them.
        absent: What the question takes to be there and the clip does not show, such as "dog"; then the only answer is
            that there is none. Empty otherwise.
        sure_from: From this probability on the likeliest answer counts as sure.
        asked: The question as it was typed, where the model read its translation; else empty.
    """

    question: str
    candidates: tuple[Answer, ...]
    seconds: float
    absent: str = ""
    sure_from: float = SURE_PROBABILITY
    asked: str = ""

    def __post_init__(self) -> None:
        if not self.question.strip():
            raise ValueError(f"a question must have words, got {self.question!r}")
        _check_candidates(self.candidates, "answer")
        _check_order("probability", [answer.probability for answer in self.candidates])
        _check_seconds(self.seconds)

    @property
    def probability(self) -> float:
        """The likeliest answer's probability, in [0, 1]."""
        return self.candidates[0].probability

    @property
    def is_sure(self) -> bool:
        """Whether the likeliest answer is at least as likely as `sure_from`."""
        return self.probability >= self.sure_from


def _check_share(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{name} must be in [0, 1], got {value}")


def _check_candidates(candidates: object, noun: str) -> None:
    if not isinstance(candidates, tuple) or not candidates:
        raise ValueError(f"candidates must be a tuple of at least one {noun}, got {candidates!r}")


def _check_order(name: str, values: list[float]) -> None:
    if values != sorted(values, reverse=True):
        raise ValueError(f"candidates must be in order of {name}, got {values}")


def _check_seconds(seconds: float) -> None:
    if not (math.isfinite(seconds) and seconds >= 0):
        raise ValueError(f"seconds must be finite and not negative, got {seconds}")
