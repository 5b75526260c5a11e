"""What the Scenes tab shows, as HTML: the table of scenes and chapters, and what stands at its exports.

Pure functions from values to markup, drawn by `view.html`. It knows nothing about Gradio.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from videobert_demo.timeline.timeline import Timeline
from videobert_demo.ui.scenes.away import timeline_away
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.timeline.view import Block, blocks_of, notes_of

_TEMPLATE = "scenes/view.html"


@dataclass(frozen=True, slots=True)
class _Group:
    """The scenes of one chapter.

    Attributes:
        titled: The chapter's index, from 0; None where its title would only repeat the sentence of its one scene.
        blocks: At least one scene.
    """

    titled: int | None
    blocks: tuple[Block, ...]


def empty_view(texts: Texts) -> str:
    """Before there is a clip: what to do."""
    return render("widgets.html", "notice", "scenes", "empty", texts.scenes_empty_heading, texts.scenes_empty_hint)


def error_view(message: str, texts: Texts) -> str:
    """There are no scenes: why."""
    return render("widgets.html", "notice", "scenes", "error", texts.scenes_error_heading, message)


def busy_view(texts: Texts) -> str:
    """While scenes are looked for: the shape of the table, still blank."""
    return render(_TEMPLATE, "busy", texts)


def refusal_view(message: str) -> str:
    """What was typed cannot be searched for: one calm sentence."""
    return render("widgets.html", "refusal", "scenes", message)


def table_view(timeline: Timeline, texts: Texts) -> str:
    """Chapters with their scenes, the words of each in a field.

    Args:
        timeline: The clip's, with the words that the visitor has changed.
        texts: The language.
    """
    groups = [
        _Group(None if index is None or timeline.is_called_by_its_scene(index) else index, tuple(blocks))
        for index, blocks in groupby(blocks_of(timeline), key=lambda block: block.chapter_index)
    ]
    return render(_TEMPLATE, "table", groups, len(timeline.scenes), notes_of(timeline, texts), texts)


def below_exports_view(reasons: Mapping[str, str], timeline: Timeline, texts: Texts) -> str:
    """Below the formats: for each that is missing a sentence that says why, and the scenes as a text to copy."""
    return render(_TEMPLATE, "below_exports", reasons, timeline_away(timeline, texts), texts)


def exports_heading_view(texts: Texts) -> str:
    """What stands above the buttons."""
    return render(_TEMPLATE, "exports_heading", texts)


def label_view(text: str) -> str:
    """What a row of buttons is for."""
    return render(_TEMPLATE, "label", text)
