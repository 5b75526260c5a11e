"""Gives scenes and chapters the words that a person prefers. Pure functions from a timeline to another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from videobert_demo.timeline.timeline import Timeline

_Part = TypeVar("_Part")


def with_title(timeline: Timeline, index: int, title: str) -> Timeline:
    """The timeline with another title for one of its chapters.

    Args:
        timeline: As it is.
        index: Which chapter, from 0.
        title: One line, not blank.

    Raises:
        IndexError: There is no such chapter.
        ValueError: The title is blank, or not one line.
    """
    return replace(timeline, chapters=_changed(timeline.chapters, index, lambda chapter: replace(chapter, title=title)))


def with_caption(timeline: Timeline, index: int, caption: str) -> Timeline:
    """The timeline with another sentence for one of its scenes: a person's, which counts as sure.

    A chapter that is this scene alone, and is called by its sentence, is called by the new one.

    Args:
        timeline: As it is.
        index: Which scene, from 0.
        caption: One line, not blank.

    Raises:
        IndexError: There is no such scene.
        ValueError: The sentence is blank, or not one line.
    """
    scenes = _changed(
        timeline.scenes,
        index,
        lambda scene: replace(scene, caption=caption, probability=1.0, is_sure=True, english="", chinese=""),
    )
    chapter = timeline.chapter_index_of(timeline.scenes[index])
    if chapter is not None and timeline.is_called_by_its_scene(chapter):
        timeline = with_title(timeline, chapter, caption)
    return replace(timeline, scenes=scenes)


def _changed(parts: tuple[_Part, ...], index: int, change: Callable[[_Part], _Part]) -> tuple[_Part, ...]:
    if not 0 <= index < len(parts):
        raise IndexError(f"index must be in [0, {len(parts)}), got {index}")
    return (*parts[:index], change(parts[index]), *parts[index + 1 :])
