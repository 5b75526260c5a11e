"""What the parts of the Tokens tab share: which clip a visitor sees, where to find neighbours, and how to play one.

Remembers which clip each visitor sees, and nothing else about them. Knows no part of the tab.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.library.base import Library
from videobert_demo.model.features import ClipFeatures
from videobert_demo.service.segments import Neighbour, Segment
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.playback import Playback
from videobert_demo.ui.page.queues import Updates, unchanged
from videobert_demo.ui.texts.languages import texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens import view as views


class TokensContext:
    """The state and the operations that the parts share. Safe to use from several threads.

    Args:
        service: The model.
        visitors: The visitors' libraries, in which neighbours are found.
        playback: Plays clips of a library.
    """

    def __init__(self, service: VideoBertService, visitors: VisitorLibraries, playback: Playback) -> None:
        self.service = service
        self._visitors, self._playback = visitors, playback
        self._lock = threading.Lock()
        self._shown: dict[str, str | None] = {}

    # whose clip ----------------------------------------------------------------------------------------------------

    def show(self, path: str | None, request: gr.Request) -> None:
        """Records that the visitor now sees this clip."""
        with self._lock:
            self._shown[session_of(request)] = path

    def is_shown(self, path: str, request: gr.Request) -> bool:
        """Whether the visitor still sees this clip: an answer about one clip must not appear under another.

        True for visitors who were away for so long that nothing is known about them.
        """
        with self._lock:
            return self._shown.get(session_of(request), path) == path

    def forget(self, session: str) -> None:
        """Forgets a visitor whose visit is over."""
        with self._lock:
            self._shown.pop(session, None)

    def about(
        self,
        path: str | None,
        request: gr.Request,
        work: Callable[[ClipFeatures, Texts], Updates],
        *,
        view: gr.HTML,
    ) -> Updates:
        """The updates that `work` returns for the clip, or a sentence in `view` if it raises an error of this package.

        If another clip has arrived in the meantime, nothing changes.
        """
        if path is None:
            return unchanged()
        texts = texts_for(request)
        try:
            updates = work(self.service.open(path), texts)
        except VideoBertDemoError as error:
            updates = {view: views.refusal_view(texts.explain(error))}
        return updates if self.is_shown(path, request) else unchanged()

    # neighbours ----------------------------------------------------------------------------------------------------

    def library(self, request: gr.Request) -> Library:
        """The visitor's library."""
        return self._visitors.of(session_of(request))

    def titled(self, rows: Iterable[Iterable[Neighbour]], texts: Texts) -> tuple[tuple[Neighbour, ...], ...]:
        """The same neighbours, each with the title of its clip in the visitor's language."""
        return tuple(tuple(replace(one, segment=self._titled(one.segment, texts)) for one in row) for row in rows)

    def _titled(self, segment: Segment, texts: Texts) -> Segment:
        return replace(segment, title=self._playback.title(segment.source, segment.title, texts))

    def play(self, segment: Segment, request: gr.Request) -> gr.Video | None:
        """A player that shows the segment's clip from its moment on; None if the file is gone."""
        return self._playback.play(segment.source, segment.title, segment.start_seconds, request, purpose="token")


@dataclass(frozen=True, slots=True)
class Offered:
    """The sentence that a text field begins with: as the page shows it, and as the model wrote it."""

    said: str
    english: str

    def meant(self, typed: str | None) -> str:
        """The typed text, or the model's own sentence if the text was left as it was."""
        return self.english if (typed or "").strip() == self.said.strip() else typed or ""


def segments_shown(rows: Iterable[Iterable[Neighbour]]) -> tuple[Segment, ...]:
    """The segments, in the order in which the views number their pictures."""
    return tuple(one.segment for row in rows for one in row)


def index_of(event: gr.EventData, known: tuple[Any, ...]) -> int | None:
    """The index into `known` that an event carries; None if it is not a valid one."""
    index: Any = event.index
    return index if isinstance(index, int) and 0 <= index < len(known) else None
