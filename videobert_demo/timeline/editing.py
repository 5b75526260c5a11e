"""Gives scenes and chapters the words that a person prefers. Pure functions from a timeline to another one."""

from __future__ import annotations

from dataclasses import replace

from videobert_demo.timeline.timeline import Timeline


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
    chapters = list(timeline.chapters)
    before = chapters[_within(index, len(chapters))]
    chapters[index] = replace(before, title=title)
    return replace(timeline, chapters=tuple(chapters))


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
    scenes = list(timeline.scenes)
    chapters = list(timeline.chapters)
    before = scenes[_within(index, len(scenes))]
    chapter = timeline.chapter_index_of(before)
    if chapter is not None and timeline.is_called_by_its_scene(chapter):
        chapters[chapter] = replace(chapters[chapter], title=caption)
    scenes[index] = replace(before, caption=caption, probability=1.0, is_sure=True)
    return replace(timeline, scenes=tuple(scenes), chapters=tuple(chapters))


def _within(index: int, count: int) -> int:
    if not 0 <= index < count:
        raise IndexError(f"index must be in [0, {count}), got {index}")
    return index
