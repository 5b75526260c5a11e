"""Plays a clip of the library from a given moment. It knows files and titles, not why this clip is played.

The bundled examples are served from where they are, and have a title in each language. Of any other clip the visitor
gets a copy, because the file itself may be deleted, and is in a folder that the server does not show.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from videobert_demo.service.examples import ExampleClip
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.texts.texts import Texts


class Playback:
    """Plays clips to visitors.

    Args:
        visits: Who is here; copies are deleted after the visit.
        examples: The bundled clips.
    """

    def __init__(self, visits: Visits, examples: Sequence[ExampleClip]) -> None:
        self._visits = visits
        self._examples = {str(example.path.absolute()): example for example in examples}

    def title(self, source: str, title: str, texts: Texts) -> str:
        """The clip's title, in the person's language if it has one.

        Args:
            source: The clip's file.
            title: Its title in the library.
            texts: The language.
        """
        example = self._examples.get(source)
        return title if example is None else example.title_in(texts.language)

    def play(
        self, source: str, title: str, start_seconds: float, request: gr.Request, *, purpose: str
    ) -> gr.Video | None:
        """The player with this clip in it; None if the file is no longer there.

        Args:
            source: The clip's file.
            title: Shown above it.
            start_seconds: Where it begins to play.
            request: Says whose page it is.
            purpose: What a copy is for; an earlier copy for the same purpose is released.
        """
        path = self.file(source, request, purpose=purpose)
        return (
            None if path is None else gr.Video(value=path, visible=True, label=title, playback_position=start_seconds)
        )

    def file(self, source: str, request: gr.Request, *, purpose: str) -> str | None:
        """A file of this clip that the visitor's page may have; None if it is no longer there.

        Args:
            source: The clip's file.
            request: Says whose page it is.
            purpose: What a copy is for; an earlier copy for the same purpose is released.
        """
        if not Path(source).is_file():
            return None
        if source in self._examples:
            return source
        return str(self._visits.lend(session_of(request), purpose, Path(source)))
