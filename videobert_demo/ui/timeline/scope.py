"""What a question is about: the whole clip, or the scene that the visitor has chosen in its timeline.

It is a state of the visitor's session, and is forgotten with the clip. It does not know what is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.found import Found, FoundTimeline
from videobert_demo.ui.page.queues import AT_ONCE, SOON, Updates, unchanged
from videobert_demo.ui.texts.languages import texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.timeline.view import blocks_of, scope_view
from videobert_demo.ui.widgets import clock

WHOLE_CLIP = -1
"""The index that stands for all scenes."""

# One listener for both buttons. timeline.js hears that the bar was drawn, and names the scene that is playing.
_CHOOSE = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-scope]');
  if (button) trigger('select', {index: Number(button.dataset.scope)});
});
watch('value', () => document.dispatchEvent(new Event('vb-scope-drawn')));
"""


@dataclass(frozen=True, slots=True)
class ChosenScene:
    """One scene of the clip at `path`.

    Attributes:
        path: The file.
        index: Which of its scenes, from 0.
        span_seconds: Its start and its end.
        caption: Its sentence.
        english: The same as the model wrote it, where the sentence is a translation; else empty.
    """

    path: str
    index: int
    span_seconds: tuple[float, float]
    caption: str
    english: str = ""

    def name_in(self, texts: Texts) -> str:
        """Its number and its span, as a person reads them."""
        start, end = self.span_seconds
        return texts.scope_scene.format(number=self.index + 1, start=clock(start), end=clock(end))


class SceneScope:
    """What the tabs' questions are about.

    Args:
        found: A state: a `FoundTimeline`, a `ScenesProblem`, or None.
        arrivals: Tells that another clip has arrived.

    Attributes:
        chosen: A state: a `ChosenScene`, or None for the whole clip.
    """

    def __init__(self, found: gr.State, *, arrivals: Arrivals) -> None:
        self._found, self._arrivals = found, arrivals
        self._bars: list[gr.HTML] = []
        self.chosen = gr.State(None)
        arrivals.add(lambda _path, _request: {self.chosen: None}, [self.chosen])

    def bar(self) -> None:
        """Lays out the two buttons inside the caller's block; they are there while a clip has several scenes."""
        bar = gr.HTML("", js_on_load=_CHOOSE, elem_classes="vb-scope-bar", apply_default_css=False)
        self._bars.append(bar)
        self._arrivals.add(lambda _path, _request: {bar: ""}, [bar])

    def listen_to(self, *views: gr.HTML) -> None:
        """Listens to the buttons, and to views that send the index of a chosen scene. No bar can be added after."""
        inputs, outputs = [self._found, self.chosen], [self.chosen, *self._bars]
        for view in (*self._bars, *views):
            view.select(self._choose, [self._found], outputs, trigger_mode="multiple", **SOON)
        self._found.change(self._offer, inputs, outputs, **AT_ONCE)

    def _offer(self, found: Found, chosen: ChosenScene | None, request: gr.Request) -> Updates:
        if not isinstance(found, FoundTimeline):
            return {self.chosen: None, **dict.fromkeys(self._bars, "")}
        return self._told(found, chosen_in(chosen, found.path), texts_for(request))

    def _choose(self, found: Found, event: gr.EventData, request: gr.Request) -> Updates:
        index: Any = event.index
        if not isinstance(found, FoundTimeline) or not isinstance(index, int):
            return unchanged()
        if not WHOLE_CLIP <= index < len(found.timeline.scenes):
            return unchanged()
        if index == WHOLE_CLIP:
            return self._told(found, None, texts_for(request))
        scene = found.timeline.scenes[index]
        chosen = ChosenScene(found.path, index, (scene.start_seconds, scene.end_seconds), scene.caption, scene.english)
        return self._told(found, chosen, texts_for(request))

    def _told(self, found: FoundTimeline, chosen: ChosenScene | None, texts: Texts) -> Updates:
        view = scope_view(blocks_of(found.timeline), None if chosen is None else chosen.index, texts)
        return {self.chosen: chosen, **dict.fromkeys(self._bars, view)}


def chosen_in(chosen: ChosenScene | None, path: str) -> ChosenScene | None:
    """The chosen scene if it is one of this clip: a choice may be on its way when another clip arrives."""
    return chosen if chosen is not None and chosen.path == path else None
