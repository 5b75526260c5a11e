"""What a caption says of a mirror image: left and right change places, where they tell a side.

"He left the room" and "right now" stay. Knows words only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_BEFORE = (
    "the|his|her|its|their|your|my|to|on|from|at|far|upper|lower|top|bottom|turn|turns|turning|move|moves|moving|look|"
    "looks|looking|go|goes|going|walk|walks|walking|run|runs|running|facing|faces|swipe|swipes|lean|leans|leaning"
)
_BEHIND = "side|hand|arm|leg|foot|eye|ear|corner|half|end|edge|shoulder|knee|wing|lane|part"
_AFTER_WORD = re.compile(rf"\b(?:{_BEFORE}) (left|right)\b(?! (?:now|away|after|before|over))")
_BEFORE_WORD = re.compile(rf"\b(left|right)(?= (?:{_BEHIND})s?\b)")
_PAIR = re.compile(r"\b(left|right)( (?:and|to) )(left|right)\b")
_OTHER = {"left": "right", "right": "left"}


def swap_sides(caption: str) -> str:
    """A normalised caption as it would be for the mirror image."""
    if "left" not in caption and "right" not in caption:
        return caption
    swapped, at = [], 0
    for start, end in _sides(caption):
        swapped += [caption[at:start], _OTHER[caption[start:end]]]
        at = end
    return "".join([*swapped, caption[at:]])


def _sides(caption: str) -> list[tuple[int, int]]:
    """Where the words stand that name a side, in order."""
    found = {one.span(1) for pattern in (_AFTER_WORD, _BEFORE_WORD) for one in pattern.finditer(caption)}
    for pair in _PAIR.finditer(caption):
        found |= {pair.span(1), pair.span(3)}
    return sorted(found)


class SidedCaptions:
    """Captions of many clips with their token ids, of each clip as it is and of its mirror image.

    Args:
        captions: of each clip, normalised.
        tokenize: captions -> token ids.
    """

    def __init__(self, captions: Sequence[Sequence[str]], tokenize: Callable[[list[str]], list[list[int]]]) -> None:
        self.plain = [(list(texts), tokenize(list(texts))) for texts in captions]
        self._mirrored: dict[int, tuple[list[str], list[list[int]]]] = {}
        for index, (texts, _) in enumerate(self.plain):
            swapped = [swap_sides(text) for text in texts]
            if swapped != texts:
                self._mirrored[index] = swapped, tokenize(swapped)

    def __len__(self) -> int:
        return len(self.plain)

    def of(self, index: int, *, is_mirrored: bool) -> tuple[list[str], list[list[int]]]:
        """One clip's captions and their token ids."""
        return self._mirrored.get(index, self.plain[index]) if is_mirrored else self.plain[index]
