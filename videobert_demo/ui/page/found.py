"""What the page knows of the scenes of a visitor's clip, and of what is said in it: values that its parts hand over."""

from __future__ import annotations

from dataclasses import dataclass

from videobert_demo.timeline.timeline import Timeline
from videobert_demo.types import Subtitles


@dataclass(frozen=True, slots=True, eq=False)
class FoundTimeline:
    """The scenes of the clip at `path`.

    Attributes:
        path: The file.
        timeline: Its scenes and chapters, with the titles that the visitor gave them.
        is_edited: Whether the visitor has just changed a title; otherwise all of it is new.
    """

    path: str
    timeline: Timeline
    is_edited: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ScenesProblem:
    """Why the clip has no timeline, as a sentence."""

    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What is said in the clip at `path`."""

    path: str
    subtitles: Subtitles


Found = FoundTimeline | ScenesProblem | None
"""What is known of the scenes of the visitor's clip; None while they are looked for, and without a clip."""
