"""What the operations on libraries and on visual words return. It knows neither model nor page.

Index i of a clip is its segment i, whose frame comes on screen at the clip's timestamp i.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videobert_demo.service.segments import Neighbour, Segment
from videobert_demo.tasks.few_shot import LabelFit
from videobert_demo.types import SURE_PROBABILITY
from videobert_demo.types.visual_words import Blank, Guess, LabelScore, VisualWord


@dataclass(frozen=True, slots=True, eq=False)
class SeenClip:
    """What is remembered of a clip that somebody has looked at.

    Attributes:
        content_hash: of its file.
        vector: (D,) float32, unit length: what is in it.
    """

    content_hash: str
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class LabelExample:
    """A clip, or one of its moments, by which a label is taught.

    Attributes:
        content_hash: of the clip's file.
        title: of the clip, in lists.
        start_seconds: when the moment comes on screen; None for the whole clip.
        vector: (D,) float32, unit length.
    """

    content_hash: str
    title: str
    start_seconds: float | None
    vector: NDArray[np.float32]

    @property
    def identity(self) -> tuple[str, float | None]:
        """What it is an example of; two with the same identity are one."""
        return self.content_hash, self.start_seconds


@dataclass(frozen=True, slots=True, eq=False)
class OwnLabel:
    """A label that a person has taught.

    Attributes:
        name: as it was typed.
        examples: by which it was taught.
        fit: what was learned.
    """

    name: str
    examples: tuple[LabelExample, ...]
    fit: LabelFit

    def fits(self, vector: NDArray[np.float32]) -> bool:
        """Whether it fits a unit vector (D,)."""
        return float(self.fit.direction @ vector) >= self.fit.threshold


@dataclass(frozen=True, slots=True)
class OwnLabelScore:
    """How well a taught label fits a clip.

    Attributes:
        name: of the label.
        score: of the whole clip or its best moment, whichever is larger, in [-1, 1].
        threshold: from this score on it fits.
        peak_seconds: when the best moment comes on screen.
    """

    name: str
    score: float
    threshold: float
    peak_seconds: float

    @property
    def fits(self) -> bool:
        """Whether the clip has it."""
        return self.score >= self.threshold


@dataclass(frozen=True, slots=True)
class Inspection:
    """A clip as the model reads it.

    Attributes:
        segments: of the clip, each with its visual word.
        neighbours: for each segment the nearest segments of other clips.
        levels: how many levels the codebook's tree has.
    """

    segments: tuple[Segment, ...]
    neighbours: tuple[tuple[Neighbour, ...], ...]
    levels: int


@dataclass(frozen=True, slots=True)
class Filled:
    """What stood at the hidden positions of a sentence and of a clip.

    Attributes:
        words: the sentence as it was read.
        blanks: one for each hidden word.
        segments: the index of each hidden segment, and its likeliest visual words.
    """

    words: tuple[str, ...]
    blanks: tuple[Blank, ...]
    segments: tuple[tuple[int, tuple[VisualWord, ...]], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """How well a sentence fits a clip.

    Attributes:
        sentence: as it was typed, on one line.
        probability: that it belongs to the whole clip, in [0, 1].
        moments: (T,) float64, the same for each frame alone.
        timestamps_seconds: (T,) float64, when the frames come on screen.
    """

    sentence: str
    probability: float
    moments: NDArray[np.float64]
    timestamps_seconds: NDArray[np.float64]

    @property
    def peak(self) -> int:
        """Index of the frame that fits best."""
        return int(np.argmax(self.moments))


@dataclass(frozen=True, slots=True)
class Reel:
    """A row of visual words for a sentence.

    Attributes:
        sentence: as it was typed, on one line.
        words: the visual words, with their probabilities.
        shown: the segment that stands for each word; none where the library is empty.
        temperature, seed: with which the words were drawn.
    """

    sentence: str
    words: tuple[VisualWord, ...]
    shown: tuple[Neighbour, ...]
    temperature: float
    seed: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the model expects after the first half of a clip.

    Attributes:
        seen: how many segments it saw.
        expected: for each later segment the likeliest visual words.
        truth: the visual word of each later segment.
        shown: for each later segment the segments that stand for the expected words; none where the library is empty.
    """

    seen: int
    expected: tuple[tuple[VisualWord, ...], ...]
    truth: tuple[VisualWord, ...]
    shown: tuple[tuple[Neighbour, ...], ...]


@dataclass(frozen=True, slots=True)
class Classification:
    """What kind of clip it is: by cloze, by the trained heads, by the frames' labels, by typed labels; best first.

    Attributes:
        trained_sure_from: From this probability on a trained head's label counts as sure.
        own: Labels that were taught to a library, those that fit first.
    """

    verbs: tuple[Guess, ...]
    objects: tuple[Guess, ...]
    trained_verbs: tuple[Guess, ...]
    trained_objects: tuple[Guess, ...]
    categories: tuple[Guess, ...]
    labels: tuple[Guess, ...]
    typed: tuple[LabelScore, ...]
    trained_sure_from: float = SURE_PROBABILITY
    own: tuple[OwnLabelScore, ...] = ()
