"""What the page does when a clip comes or goes: every part of it hears of it in one request, then the clip is read.

Gradio's page sends the listeners of one event one after another. If every tab listened on its own, the last of them
could hear of the clip after its caption, which may be known already: it would take the caption for an earlier clip's,
and blank it.

    clip changes -> all tabs blank what they show of the earlier clip -> Describe captions the clip -> the other tabs

It knows that there are parts; it does not know what they show.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.events import Dependency

from videobert_demo.ui.page.queues import AT_ONCE, Updates

Clearing = Callable[[str | None, gr.Request], Updates]
"""Takes the clip's path, or None, and the request."""


@dataclass(slots=True)
class Current:
    """The clip that a visitor sees now, None if there is none: it changes while something works on an earlier one."""

    path: str | None = None


class Arrivals:
    """The parts of the page, in the order in which they were added.

    Attributes:
        current: A state: the visitor's `Current`, which is told of every clip before the parts are.
    """

    def __init__(self) -> None:
        self.current = gr.State(Current())
        self._blanks: list[Clearing] = []
        self._outputs: list[Any] = []
        self._followers: list[Callable[[Dependency], None]] = []

    def add(self, blank: Clearing, outputs: Sequence[Any]) -> None:
        """Lets a part of the page forget the earlier clip: `blank` gives values for any of its `outputs`."""
        self._blanks.append(blank)
        self._outputs += outputs

    def follow(self, listen: Callable[[Dependency], None]) -> None:
        """Calls `listen` with the event that comes after all parts have heard."""
        self._followers.append(listen)

    def listen_to(self, clip: gr.Video) -> None:
        """Listens to the clip; nothing can be added from now on."""

        def arrive(path: str | None, current: Current, request: gr.Request) -> Updates:
            current.path = path
            return {component: value for blank in self._blanks for component, value in blank(path, request).items()}

        event = clip.change(arrive, [clip, self.current], self._outputs, **AT_ONCE)
        for listen in self._followers:
            listen(event)
