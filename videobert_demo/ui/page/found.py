"""What the page knows of the scenes of a visitor's clip: values that its parts hand to each other in a state."""

from __future__ import annotations

from dataclasses import dataclass

from videobert_demo.timeline.timeline import Timeline


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


Found = FoundTimeline | ScenesProblem | None
"""What is known of the scenes of the visitor's clip; None while they are looked for, and without a clip."""
