"""Clips made of two videos, side by side or one after the other, and a noun that only one of them shows.

    side by side     +---------+---------+        one after the other     a_1  a_2  a_3  b_1  b_2  b_3
                     |  a_t    |  b_t    |
                     +---------+---------+

Knows captions and pixels; knows no model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.errors import DataError
from videobert_demo.questions.nouns import MIN_CAPTION_SHARE, mentions, split_caption

_DRAWS_PER_PAIR = 200


@dataclass(frozen=True, slots=True)
class Composite:
    """Two videos of different categories and a noun that one of them shows.

    Attributes:
        first: the left one, or the earlier one.
        second: the right one, or the later one.
        noun: in at least `MIN_CAPTION_SHARE` of the captions of one, in no caption of the other.
        in_second: whether that one is the second.
    """

    first: CaptionedVideo
    second: CaptionedVideo
    noun: str
    in_second: bool


def choose_composites(
    videos: Sequence[CaptionedVideo], nouns: frozenset[str], count: int, seed: int
) -> list[Composite]:
    """Draws pairs of videos of different categories; the noun's video comes first in half of them.

    Raises:
        DataError: videos without categories, or too few whose captions differ.
    """
    if any(video.category is None for video in videos):
        raise DataError("composites need videos with categories")
    random = np.random.default_rng(seed)
    counts = [Counter(word for caption in video.captions for word in set(split_caption(caption))) for video in videos]
    found: list[Composite] = []
    for _ in range(_DRAWS_PER_PAIR * count):
        if len(found) == count:
            return found
        shown, other = (int(index) for index in random.integers(0, len(videos), 2))
        if videos[shown].category == videos[other].category:
            continue
        needed = MIN_CAPTION_SHARE * len(videos[shown].captions)
        candidates = sorted(
            (-times, word)
            for word, times in counts[shown].items()
            if times >= needed and word in nouns and not mentions(counts[other], word)
        )
        if not candidates:
            continue
        in_second = len(found) % 2 == 1
        pair = (videos[other], videos[shown]) if in_second else (videos[shown], videos[other])
        found.append(Composite(*pair, candidates[0][1], in_second))
    raise DataError(f"only {len(found)} of {count} pairs of videos have a noun that tells them apart")
