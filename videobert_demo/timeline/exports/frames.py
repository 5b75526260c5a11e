"""Scenes on the frame grid, for the formats that count frames. Knows nothing about any of them."""

from __future__ import annotations

from dataclasses import dataclass

from videobert_demo.timeline.rates import FrameRate
from videobert_demo.timeline.timeline import Scene, Timeline

GRID_OF_VARIABLE_CLIPS = FrameRate(30)
"""Edit lists have one rate. A clip whose rate varies is counted at this one; editors conform such clips to one, too."""


@dataclass(frozen=True, slots=True)
class FrameSpan:
    """A scene in whole frames, counted from the first frame of the clip.

    Attributes:
        scene: The scene.
        start: Its first frame.
        end: The frame after its last one.
    """

    scene: Scene
    start: int
    end: int

    @property
    def length(self) -> int:
        """How many frames it has, at least 1."""
        return self.end - self.start


def grid_rate(timeline: Timeline) -> FrameRate:
    """The rate at which the timeline's frames are counted."""
    return timeline.frame_rate or GRID_OF_VARIABLE_CLIPS


def frame_count(timeline: Timeline) -> int:
    """How many frames the clip has on the grid, at least 1."""
    return max(1, grid_rate(timeline).frame_at(timeline.duration_seconds))


def frame_spans(timeline: Timeline) -> list[FrameSpan]:
    """The scenes on the grid; they do not overlap. A scene that lies between two frames of the grid is left out."""
    rate = grid_rate(timeline)
    last = frame_count(timeline)
    spans = [
        FrameSpan(scene, rate.frame_at(scene.start_seconds), min(last, rate.frame_at(scene.end_seconds)))
        for scene in timeline.scenes
    ]
    return [span for span in spans if span.length >= 1]
