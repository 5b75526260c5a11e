"""The timeline under the player: it looks for scenes as soon as a clip is described, and shows them.

A caption never waits for it: scenes have a queue of their own, and only a visitor who waits long is told how far it has
    come. What was
found is a state of the visitor's session, and is forgotten with the clip.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.service import VideoBertService
from videobert_demo.timeline.timeline import Timeline
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.found import Found, FoundTimeline, Said, ScenesProblem
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.queues import AT_ONCE, LAST_WORD, SCENES_QUEUE, SOON, Updates, unchanged
from videobert_demo.ui.page.speaking import shown, spoken
from videobert_demo.ui.texts.languages import texts_for
from videobert_demo.ui.timeline.finding import SceneFinder
from videobert_demo.ui.timeline.scope import SceneScope
from videobert_demo.ui.timeline.view import busy_view, problem_view, timeline_view

_SCRIPT = (Path(__file__).parent / "timeline.js").read_text(encoding="utf-8")
_QUEUE: dict[str, Any] = {**SCENES_QUEUE, "api_visibility": "private"}
_PATIENCE_SECONDS = 1.0  # Who waits no longer than this sees no bar that comes and goes.


class TimelinePart:
    """The timeline of whichever clip is there.

    Args:
        service: The model.
        arrivals: Tells that another clip has arrived.

    Attributes:
        found: A state that changes with every answer: a `FoundTimeline`, a `ScenesProblem`, or None.
        said: A state: a `Said`, or None; whoever reads what is said in the clip sets it.
        scope: Which of the scenes the tabs' questions are about.
    """

    def __init__(self, service: VideoBertService, *, arrivals: Arrivals) -> None:
        self._service, self._finder = service, SceneFinder(service)
        self._view = gr.HTML("", js_on_load=_SCRIPT, elem_id="vb-timeline", apply_default_css=False, render=False)
        self.found, self.said = gr.State(None), gr.State(None)
        self.scope = SceneScope(self.found, arrivals=arrivals)
        arrivals.add(self._arrive, [self._view, self.found, self.said])

    def lay_out(self) -> None:
        """Lays it out inside the caller's block."""
        self._view.render()

    def listen_to(self, described: gr.State) -> None:
        """Looks for scenes whenever this state, a `Described` or None, changes. Call it when all tabs are there."""
        outputs = [self._view, self.found]
        finding = described.change(self._find, [described], outputs, show_progress="hidden", **_QUEUE, **LAST_WORD)
        finding.failure(self._fail, None, outputs, **SOON)
        self._view.stop(self._stop, None, None, **AT_ONCE)
        known = [self.found, self.said]
        self.found.change(self._redraw, known, [self._view], **AT_ONCE)
        self.said.change(self._mark, known, [self._view], **AT_ONCE)
        self.scope.listen_to(self._view)

    def forget(self, session: str) -> None:
        """The visit is over: nobody waits for its scenes."""
        self._finder.give_up(session)

    def _arrive(self, _path: str | None, request: gr.Request) -> Updates:
        self._finder.give_up(session_of(request))
        return {self._view: "", self.found: None, self.said: None}

    def _stop(self, request: gr.Request) -> None:
        self._finder.stop(session_of(request))

    def _find(self, answer: Described | None, request: gr.Request) -> Iterator[Updates]:
        texts, started = texts_for(request), time.monotonic()
        if answer is None or answer.problem:
            yield {self._view: "", self.found: None if answer is None else ScenesProblem(answer.problem)}
            return
        language = spoken(self._service, texts)
        try:
            for report in self._finder.find(session_of(request), answer.path, answer.neutral_words, language):
                if isinstance(report, Timeline):
                    report = shown(self._service, report, texts)
                    yield {self._view: timeline_view(report, texts), self.found: FoundTimeline(answer.path, report)}
                elif time.monotonic() - started > _PATIENCE_SECONDS:
                    yield {self._view: busy_view(report.share, report.seconds_left, texts)}
        except VideoBertDemoError as error:
            yield self._told(texts.explain(error))

    def _fail(self, request: gr.Request) -> Updates:
        # The server logs what nobody foresaw, with its traceback; the person reads a sentence.
        return self._told(texts_for(request).unexpected_error)

    def _told(self, problem: str) -> Updates:
        return {self._view: problem_view(problem), self.found: ScenesProblem(problem)}

    def _redraw(self, found: Found, said: Said | None, request: gr.Request) -> Updates:
        """Another timeline; what is said was perhaps read before it was found."""
        if not isinstance(found, FoundTimeline) or not (found.is_edited or said is not None):
            return unchanged()
        return self._mark(found, said, request)

    def _mark(self, found: Found, said: Said | None, request: gr.Request) -> Updates:
        """Shows what is said along the scenes."""
        if not isinstance(found, FoundTimeline):
            return unchanged()
        subtitles = said.subtitles if said is not None and said.path == found.path else None
        return {self._view: timeline_view(found.timeline, texts_for(request), subtitles)}
