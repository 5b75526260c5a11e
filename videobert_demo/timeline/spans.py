"""Stretches of time: how much two overlap, how they join, and what is left without them. Pure arithmetic.

spans      |---|  |-----|
|------|   |--|
joined     |---|  |--------|   |--|
the rest       |--|        |---|  |---|
"""

from __future__ import annotations

from collections.abc import Sequence

Span = tuple[float, float]
"""Start and end in seconds; the end is exclusive."""


def overlap_share(first: Span, second: Span) -> float:
    """Intersection over union of two stretches, in [0, 1]."""
    shared = min(first[1], second[1]) - max(first[0], second[0])
    whole = max(first[1], second[1]) - min(first[0], second[0])
    return max(0.0, shared) / whole if whole > 0 else 0.0


def join_spans(spans: Sequence[Span], *, max_gap_seconds: float = 0.0) -> list[Span]:
    """The same time in stretches that are in order and apart by more than a gap; empty ones are left out."""
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if joined and start <= joined[-1][1] + max_gap_seconds:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def rest_of(spans: Sequence[Span], duration_seconds: float) -> list[Span]:
    """The stretches of a clip that lie in none of the spans, in order."""
    rest: list[Span] = []
    at = 0.0
    for start, end in join_spans(spans):
        if start > at:
            rest.append((at, min(start, duration_seconds)))
        at = max(at, end)
    if at < duration_seconds:
        rest.append((at, duration_seconds))
    return [span for span in rest if span[1] > span[0]]
