"""A cut list: a clip as parts, one after another, each of which stays in the film or goes; and how it is edited.

    clip      0 ------------------------------------------ 60
    parts     [ stays ][  goes   ][ stays  ][     goes      ]     they cover the clip without gaps
    film      [ stays ][ stays  ]                                 what is left

Knows times and words; knows nothing about models, or how films are written.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from videobert_demo.timeline.rates import FrameRate
from videobert_demo.timeline.spans import Span, join_spans
from videobert_demo.timeline.timeline import Media

_SAME_MOMENT_SECONDS = 1e-6


@dataclass(frozen=True, slots=True)
class CutPart:
    """A part of a clip.

    Attributes:
        start_seconds, end_seconds: Where it starts and ends; the end is exclusive.
        stays: Whether it is in the film that is left.
        score: Cosine similarity of what it shows with what was sought, in [-1, 1]; None if nothing was sought.
    """

    start_seconds: float
    end_seconds: float
    stays: bool
    score: float | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.end_seconds) and 0 <= self.start_seconds < self.end_seconds):
            raise ValueError(f"a part from {self.start_seconds} s to {self.end_seconds} s")

    @property
    def duration_seconds(self) -> float:
        """How long it plays."""
        return self.end_seconds - self.start_seconds


@dataclass(frozen=True, slots=True)
class CutList:
    """How a clip is cut.

    Attributes:
        media: The clip's file.
        duration_seconds: How long the clip plays.
        frame_rate: Its constant frame rate, or None if the rate varies.
        parts: In order; they cover the clip without gaps.
        is_sure: False if nothing in the clip is likely to be what was sought.
    """

    media: Media
    duration_seconds: float
    frame_rate: FrameRate | None
    parts: tuple[CutPart, ...]
    is_sure: bool = True

    def __post_init__(self) -> None:
        edges = [0.0, *(edge for part in self.parts for edge in (part.start_seconds, part.end_seconds))]
        gaps = [*(edges[at + 1] - edges[at] for at in range(0, len(edges) - 1, 2)), self.duration_seconds - edges[-1]]
        if not self.parts or any(abs(gap) > _SAME_MOMENT_SECONDS for gap in gaps):
            raise ValueError(f"parts must cover {self.duration_seconds} seconds without gaps, got {edges[1:]}")

    @property
    def kept(self) -> tuple[Span, ...]:
        """The stretches that stay, in order, neighbours joined."""
        spans = [(part.start_seconds, part.end_seconds) for part in self.parts if part.stays]
        return tuple(join_spans(spans, max_gap_seconds=_SAME_MOMENT_SECONDS))

    @property
    def kept_seconds(self) -> float:
        """How long the film is that is left."""
        return sum(end - start for start, end in self.kept)


def cut_list(
    media: Media,
    duration_seconds: float,
    frame_rate: FrameRate | None,
    marked: Sequence[tuple[Span, float | None]],
    *,
    keeps: bool,
    min_seconds: float = 0.0,
    is_sure: bool = True,
) -> CutList:
    """A clip cut at stretches that were marked.

    Args:
        media, duration_seconds, frame_rate: The clip.
        marked: Stretches with their scores, if they have any, not overlapping.
        keeps: Whether the marked stretches stay and the rest goes, or the other way round.
        min_seconds: A shorter part between two others goes with them.
        is_sure: As in `CutList`.
    """
    parts: list[CutPart] = []
    at = 0.0
    for (start, end), score in sorted(marked, key=lambda one: one[0]):
        start, end = max(at, start), min(end, duration_seconds)
        if end - start <= _SAME_MOMENT_SECONDS:
            continue
        if start - at > _SAME_MOMENT_SECONDS:
            parts.append(CutPart(at, start, not keeps))
        else:
            start = at
        parts.append(CutPart(start, end, keeps, score))
        at = end
    if duration_seconds - at > _SAME_MOMENT_SECONDS:
        parts.append(CutPart(at, duration_seconds, not keeps))
    elif parts:
        parts[-1] = replace(parts[-1], end_seconds=duration_seconds)
    joined = tuple(_without_short(parts, min_seconds))
    return CutList(media, duration_seconds, frame_rate, joined, is_sure)


def with_part(cuts: CutList, index: int, *, stays: bool) -> CutList:
    """The cut list with one of its parts in the film, or out of it.

    Raises:
        IndexError: There is no such part.
    """
    if not 0 <= index < len(cuts.parts):
        raise IndexError(f"index must be in [0, {len(cuts.parts)}), got {index}")
    parts = list(cuts.parts)
    parts[index] = replace(parts[index], stays=stays)
    return replace(cuts, parts=tuple(parts))


def with_border(cuts: CutList, index: int, seconds: float) -> CutList:
    """The cut list with another moment at which a part starts, and the one before it ends.

    Raises:
        IndexError: There is no such part, or it is the first, which starts with the clip.
        ValueError: The moment lies in neither of the two parts.
    """
    if not 1 <= index < len(cuts.parts):
        raise IndexError(f"index must be in [1, {len(cuts.parts)}), got {index}")
    before, part = cuts.parts[index - 1], cuts.parts[index]
    if not before.start_seconds < seconds < part.end_seconds:
        raise ValueError(f"{seconds} s is not between {before.start_seconds} and {part.end_seconds} s")
    parts = list(cuts.parts)
    parts[index - 1 : index + 1] = [replace(before, end_seconds=seconds), replace(part, start_seconds=seconds)]
    return replace(cuts, parts=tuple(parts))


def _without_short(parts: Sequence[CutPart], min_seconds: float) -> list[CutPart]:
    """The parts, where a short one that differs from both its neighbours goes with them."""
    changed = list(parts)
    for at, (before, part, after) in enumerate(zip(parts, parts[1:], parts[2:], strict=False), start=1):
        if part.duration_seconds < min_seconds and before.stays == after.stays != part.stays:
            changed[at] = replace(part, stays=before.stays)
    joined: list[CutPart] = []
    for stays, group in itertools.groupby(changed, key=lambda part: part.stays):
        same = list(group)
        scores = [part.score for part in same if part.score is not None]
        score = max(scores) if scores else None
        joined.append(CutPart(same[0].start_seconds, same[-1].end_seconds, stays, score))
    return joined
