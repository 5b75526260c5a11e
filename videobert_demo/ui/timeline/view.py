"""The timeline under the player as HTML: a block a scene, the sentence of the one that is playing, and what is said.

Pure functions from values to markup, drawn by `view.html`. What moves in the browser is in timeline.js. No Gradio.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from videobert_demo.timeline.spans import Span, join_spans
from videobert_demo.timeline.timeline import Scene, Timeline
from videobert_demo.types import Cue, Subtitles
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import clock

_TEMPLATE = "timeline/view.html"
_MANY_SCENES = 10
_LONG_SECONDS = 120.0
_MOST_CUES = 4000
_MARKS_APART = 400
"""Marks that are nearer to each other than this part of a scene are one: nobody would see the gap."""


@dataclass(frozen=True, slots=True)
class Block:
    """One scene as the timeline shows it.

    Attributes:
        scene: The scene.
        number: From 1.
        chapter: The title of its chapter, or empty.
        chapter_index: Which of the chapters it is in, from 0; None if it is in none.
        starts_chapter: It is the first scene of its chapter.
    """

    scene: Scene
    number: int
    chapter: str
    chapter_index: int | None
    starts_chapter: bool


def timeline_view(timeline: Timeline, texts: Texts, said: Subtitles | None = None) -> str:
    """The scenes in their order; nothing for a clip of one scene in which nothing is said.

    Args:
        timeline: The clip's.
        texts: The language.
        said: What is said in the clip: it is marked below the scenes, and the line that is said now is shown.
    """
    if len(timeline.scenes) < 2 and said is None:
        return ""
    is_long = len(timeline.scenes) > _MANY_SCENES or timeline.duration_seconds > _LONG_SECONDS
    cues = said.cues[:_MOST_CUES] if said is not None else ()
    marks = [_marks(scene, cues) for scene in timeline.scenes] if cues else []
    lines = json.dumps([[round(cue.start_seconds, 3), round(cue.end_seconds, 3), cue.text] for cue in cues])
    notes = notes_of(timeline, texts)
    return render(_TEMPLATE, "timeline", blocks_of(timeline), notes, is_long, marks, lines if cues else "", texts)


def busy_view(share: float, left_seconds: float | None, texts: Texts) -> str:
    """While scenes are looked for: how far that has come, how long it will take, and a way to stop.

    Args:
        share: How much of the clip is done, in [0, 1].
        left_seconds: How long it will still take; None while that is not known.
        texts: The language.
    """
    left = "" if left_seconds is None else _about(left_seconds, texts)
    return render(_TEMPLATE, "busy", share, left, texts)


def problem_view(message: str) -> str:
    """Scenes could not be found: one calm sentence. What was said of the clip before stays."""
    return render(_TEMPLATE, "problem", message)


def scope_view(blocks: tuple[Block, ...], chosen: int | None, texts: Texts) -> str:
    """What a question is about: the whole clip, or one of its scenes; nothing for a clip of one scene.

    Args:
        blocks: The clip's scenes.
        chosen: The index of the scene that is meant, or None for the whole clip.
        texts: The language.
    """
    return "" if len(blocks) < 2 else render(_TEMPLATE, "scope", blocks, chosen, texts)


def blocks_of(timeline: Timeline) -> tuple[Block, ...]:
    """The scenes, each with the chapter that it belongs to."""
    blocks: list[Block] = []
    for number, scene in enumerate(timeline.scenes, start=1):
        index = timeline.chapter_index_of(scene)
        title = "" if index is None else timeline.chapters[index].title
        is_first = index is not None and (not blocks or blocks[-1].chapter_index != index)
        blocks.append(Block(scene, number, title, index, is_first))
    return tuple(blocks)


def notes_of(timeline: Timeline, texts: Texts) -> list[str]:
    """What has to be said of the timeline as a whole."""
    notes = []
    if not timeline.is_complete:
        notes.append(texts.timeline_stopped.format(time=clock(timeline.scenes[-1].end_seconds)))
    if timeline.scenes_left_out:
        notes.append(texts.timeline_left_out.format(count=timeline.scenes_left_out))
    return notes


def _marks(scene: Scene, cues: Sequence[Cue]) -> list[Span]:
    """Where words are said in a scene: start and end, as shares of the scene."""
    inside = [
        (max(cue.start_seconds, scene.start_seconds), min(cue.end_seconds, scene.end_seconds))
        for cue in cues
        if cue.start_seconds < scene.end_seconds and cue.end_seconds > scene.start_seconds
    ]
    length = scene.duration_seconds
    joined = join_spans(inside, max_gap_seconds=length / _MARKS_APART)
    return [((start - scene.start_seconds) / length, (end - scene.start_seconds) / length) for start, end in joined]


def _about(seconds: float, texts: Texts) -> str:
    if seconds >= 90:
        return texts.timeline_minutes_left.format(minutes=round(seconds / 60))
    return texts.timeline_seconds_left.format(seconds=max(1, round(seconds)))
