"""Which stretches of a clip a film would be made of, and the same as a list for editors. A value; it knows no page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from videobert_demo.timeline.cutlist import CutList, cut_list
from videobert_demo.timeline.spans import Span
from videobert_demo.timeline.timeline import Timeline
from videobert_demo.ui.page.found import FoundTimeline


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Which stretches of the clip the film would be made of.

    Attributes:
        path: The clip.
        timeline: Of the clip.
        spans: Starts and ends, in the order of showing.
        cuts: The same as a cut list, in order of time; None where there is nothing to cut.
    """

    path: str
    timeline: Timeline
    spans: tuple[Span, ...]
    cuts: CutList | None = None


def plan_of(found: FoundTimeline, spans: Sequence[Span], scores: Sequence[float] | None = None) -> Plan:
    """A film of stretches that were found, which do not overlap; what is between them goes.

    Args:
        found: The clip.
        spans: At least one, in the order of showing.
        scores: How well each fits.
    """
    timeline = found.timeline
    marked = [(span, None if scores is None else scores[at]) for at, span in enumerate(spans)]
    cuts = cut_list(timeline.media, timeline.duration_seconds, timeline.frame_rate, marked, keeps=True)
    return Plan(found.path, timeline, tuple(spans), cuts)
