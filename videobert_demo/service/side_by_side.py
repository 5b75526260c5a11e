"""Two clips side by side: the same question, the same word, or one sentence, asked of both; and how alike they are.

Knows the service's operations; knows no page and no command.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import QuestionError
from videobert_demo.model.features import ClipFeatures

if TYPE_CHECKING:
    from videobert_demo.service.service import VideoBertService

Query = Literal["question", "word", "sentence"]
QUERIES: tuple[Query, ...] = get_args(Query)
"""What may be asked of both."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """What one of the two clips says.

    Attributes:
        clip: the clip.
        text: the answer to a question; empty for a word and a sentence.
        probability: of the answer, that the clip shows the word, or that the sentence belongs to it, in [0, 1].
        is_sure: whether an answer is likely enough to be told as it is; True for a word and a sentence.
        moments: (T,) float64, one for each frame: how much the answer rests on it (they sum to 1), how warm the word is
            in it, or how likely the sentence belongs to it, in [0, 1].
    """

    clip: ClipFeatures
    text: str
    probability: float
    is_sure: bool
    moments: NDArray[np.float64]

    @property
    def peak(self) -> int:
        """Index of the frame that counts most."""
        return int(np.argmax(self.moments))


@dataclass(frozen=True, slots=True, eq=False)
class SideBySide:
    """Two clips and what was asked of both.

    Attributes:
        query: what `text` is.
        text: the question, the word or the sentence.
        sides: of the first and of the second clip.
        likeness: cosine similarity of the two clips, in [-1, 1].
    """

    query: Query
    text: str
    sides: tuple[Side, Side]
    likeness: float


def ask_both(
    service: VideoBertService,
    clips: Sequence[ClipFeatures],
    query: Query,
    text: str,
    *,
    neutral_words: bool | None = None,
    language: str | None = None,
) -> SideBySide:
    """Asks the same of two clips.

    Args:
        service: the model.
        clips: two.
        query: what `text` is.
        text: in a language that the checkpoint speaks.
        neutral_words, language: as for `service.answer`.

    Raises:
        QuestionError, WordError: it cannot be asked; or there are not two clips.
    """
    if len(clips) != 2:
        raise QuestionError("Give two clips to see side by side; there are {count}.", count=len(clips))
    first, second = (_ask(service, clip, query, text, neutral_words, language) for clip in clips)
    vectors = [service.see(clip).vector for clip in clips]
    return SideBySide(query, " ".join(text.split()), (first, second), float(vectors[0] @ vectors[1]))


def _ask(
    service: VideoBertService,
    clip: ClipFeatures,
    query: Query,
    text: str,
    neutral_words: bool | None,
    language: str | None,
) -> Side:
    if query == "question":
        result = service.answer(clip, text, neutral_words=neutral_words, language=language)
        shares = service.answer_frames(clip, result)
        return Side(clip, result.text, result.probability, result.is_sure and result.can_tell, shares)
    if query == "word":
        heatmap = service.attend(clip, service.word_target(text))
        warmth = heatmap.values.max((1, 2)).astype(np.float64)
        return Side(clip, "", service.presence(clip, text.strip()), True, warmth)
    alignment = service.align(clip, text)
    return Side(clip, "", alignment.probability, True, alignment.moments)


def side_by_side_report(found: SideBySide, names: Sequence[str]) -> dict[str, Any]:
    """Both sides as JSON values; `names` are those of the two files."""
    return {
        "kind": found.query,
        "text": found.text,
        "likeness": round(found.likeness, 4),
        "clips": [
            {
                "file": name,
                "answer": side.text,
                "probability": round(side.probability, 4),
                "sure": side.is_sure,
                "peak_seconds": round(float(side.clip.frames.timestamps_seconds[side.peak]), 3),
                "moments": [
                    {"timestamp_seconds": round(float(moment), 3), "value": round(float(value), 4)}
                    for moment, value in zip(side.clip.frames.timestamps_seconds, side.moments, strict=True)
                ],
            }
            for name, side in zip(names, found.sides, strict=True)
        ],
    }
