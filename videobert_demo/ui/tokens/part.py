"""What every part of the Tokens tab has: a view, a line to type in if it can be asked, and how it is cleared.

It does not know what a part shows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import gradio as gr

from videobert_demo.model.features import ClipFeatures
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.asking import ANSWERING, CANCEL, TypedRow, typed_row
from videobert_demo.ui.page.pace import Pace
from videobert_demo.ui.page.queues import Updates
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens.context import TokensContext
from videobert_demo.ui.tokens.view import busy_view

# One listener for all pictures of a part; the event carries the number of the one that was chosen.
PLAY = """
element.addEventListener('click', (event) => {
  const shot = event.target.closest('[data-shot]');
  if (shot) trigger('select', {index: Number(shot.dataset.shot)});
});
"""


class ClipPart:
    """A part that is about the clip.

    Args:
        context: What the parts share.

    Attributes:
        view: What it shows of the clip by itself.
        ask: Where something is typed about the clip; hidden while there is none. None if nothing can be asked.
        answer: Shows the answer to it; None if `view` does.
        pace: How long its work takes.
    """

    view: gr.HTML
    ask: gr.Column | None = None
    answer: gr.HTML | None = None

    def __init__(self, context: TokensContext) -> None:
        self._context = context
        self.pace = Pace()

    def asked_view(self, heading: str, texts: Texts, *, is_strip: bool = False) -> str:
        """What stands there while an answer is worked out, with the time that it takes and a way to stop it."""
        return busy_view(heading, texts, self.pace.progress(ANSWERING), is_strip=is_strip)

    def cleared(self, view: str) -> Updates:
        """What it shows when another clip has arrived: nothing of the earlier one.

        Args:
            view: The new value of `view`.
        """
        updates: Updates = {self.view: view}
        if self.ask is not None:
            updates[self.ask] = gr.Column(visible=False)
        if self.answer is not None:
            updates[self.answer] = ""
        return updates


class EagerPart(ClipPart, ABC):
    """A part that is worked out without being asked, when somebody looks at it.

    Attributes:
        name: Its value among the parts that can be chosen.
        outputs: What `work` gives values for.
        is_strip: Whether it shows pictures in a row; if not, lines.
    """

    name: str
    outputs: list[Any]
    is_strip = True

    @abstractmethod
    def busy(self, texts: Texts) -> str:
        """What stands there while it is worked out: one sentence."""

    @abstractmethod
    def work(self, clip: ClipFeatures, described: Described, request: gr.Request, texts: Texts) -> Updates:
        """Works it out.

        Args:
            clip: The visitor's clip.
            described: What the Describe tab found out about it.
            request: Says whose page it is.
            texts: The language.
        """


def part_view(name: str, value: str, script: str = "") -> gr.HTML:
    """A view of the tab. Its input event is that somebody no longer wants to wait.

    Args:
        name: The end of its element id.
        value: What it shows at first.
        script: Listens to what is clicked in it.
    """
    return gr.HTML(
        value,
        js_on_load=script + CANCEL,
        elem_id=f"vb-tokens-{name}",
        elem_classes=["vb-tokens-view"],
        apply_default_css=False,
    )


def part_row(name: str, label: str, placeholder: str, button: str) -> TypedRow:
    """A line of the tab to type in, and its button; `name` is in its element id."""
    return typed_row(label, placeholder, button, text_id=f"vb-tokens-{name}-text", row_class="vb-tokens-row")
