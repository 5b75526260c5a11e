"""What the page does when a clip comes or goes: every part of it hears of it in one request, then the clip is read.

Gradio's page sends the listeners of one event one after another. If every tab listened on its own, a caption that is
known from before would overtake the last of them, which would then take it for an earlier clip's and blank it:

    clip changes -> Describe, Ask, Search, Attend blank what was said of the earlier clip -> the caption -> all tabs

It knows that there are parts; it does not know what they show.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
from gradio.events import Dependency

from videobert_demo.ui.page.queues import AT_ONCE

Blank = Callable[[str | None, gr.Request], Sequence[Any]]
"""Takes the clip's path, or None; gives one value for each of its outputs."""


class Arrivals:
    """The parts of the page, in the order in which they were added."""

    def __init__(self) -> None:
        self._blanks: list[tuple[Blank, int]] = []
        self._outputs: list[Any] = []
        self._followers: list[Callable[[Dependency], None]] = []

    def add(self, blank: Blank, outputs: Sequence[Any]) -> None:
        """Lets a part of the page forget the earlier clip with `blank`, whose values go to `outputs`."""
        self._blanks.append((blank, len(outputs)))
        self._outputs += outputs

    def follow(self, listen: Callable[[Dependency], None]) -> None:
        """Calls `listen` with the event that comes after all parts have heard."""
        self._followers.append(listen)

    def listen_to(self, clip: gr.Video) -> None:
        """Listens; everything has been added by now."""

        def arrive(path: str | None, request: gr.Request) -> list[Any]:
            values: list[Any] = []
            for blank, count in self._blanks:
                part = blank(path, request)
                if len(part) != count:
                    raise ValueError(f"expected {count} values, got {len(part)}")
                values += part
            return values

        event = clip.change(arrive, [clip], self._outputs, **AT_ONCE)
        for listen in self._followers:
            listen(event)
