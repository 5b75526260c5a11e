"""A clip in the model's own terms: visual words, guesses at hidden words, scores of typed labels. Knows no model."""

from __future__ import annotations

from dataclasses import dataclass

_SHOWN_NAMES = 2
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class VisualWord:
    """The visual word of a segment, read or predicted.

    Attributes:
        word_id: The leaf of the codebook.
        value: Where it was predicted, its probability in [0, 1]. Where it was read, the distance of the segment's
            pooled feature to the word's centroid, as a share of the feature's length.
        names: Words that captions of its training segments use most; none where the checkpoint has none.
        english: The same as the model has them, where `names` are translations.
    """

    word_id: int
    value: float
    names: tuple[str, ...] = ()
    english: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.word_id < 0:
            raise ValueError(f"word_id must not be negative, got {self.word_id}")

    @property
    def name(self) -> str:
        """Two of its names, for people: "screen, text"; "" where it has none."""
        return ("、" if self.english else ", ").join(self.names[:_SHOWN_NAMES])

    @property
    def english_name(self) -> str:
        """The same in English, where `name` is a translation; else ""."""
        return ", ".join(self.english[:_SHOWN_NAMES])


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess at a hidden word or at a label, with its probability in [0, 1].

    Attributes:
        english: The text as the model has it, where it is a translation.
    """

    text: str
    probability: float
    english: str = ""

    def __post_init__(self) -> None:
        _check_share("probability", self.probability)


@dataclass(frozen=True, slots=True)
class Blank:
    """One hidden word: its position in the sentence, and the guesses, the likeliest first."""

    position: int
    with_clip: tuple[Guess, ...]
    without_clip: tuple[Guess, ...]

    def __post_init__(self) -> None:
        if self.position < 0:
            raise ValueError(f"position must not be negative, got {self.position}")


@dataclass(frozen=True, slots=True)
class LabelScore:
    """A label that a person typed.

    Attributes:
        text: As the model read it.
        share: Its probability among the typed labels, by the contrastive vectors, in [0, 1].
        alignment: The probability that it belongs to the clip, by the alignment head, in [0, 1].
    """

    text: str
    share: float
    alignment: float

    def __post_init__(self) -> None:
        _check_share("share", self.share)
        _check_share("alignment", self.alignment)


def _check_share(name: str, value: float) -> None:
    if not -_ROUNDING <= value <= 1 + _ROUNDING:
        raise ValueError(f"{name} must be in [0, 1], got {value}")
