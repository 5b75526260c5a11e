"""What the parts of the Tokens tab share: whose clip is shown, which segments stand near, and how one is played."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.library.base import Library
from videobert_demo.model.features import ClipFeatures
from videobert_demo.service.examples import ExampleClip
from videobert_demo.service.segments import Neighbour, Segment
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.queues import AT_ONCE
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.texts.languages import texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens import view as views

# One listener for all pictures of a part; the event carries the number of the one that was chosen.
PLAY = """
element.addEventListener('click', (event) => {
  const shot = event.target.closest('[data-shot]');
  if (shot) trigger('select', {index: Number(shot.dataset.shot)});
});
"""
_SHOW_PLAYER = """
() => { document.querySelector('#vb-tokens-player')?.scrollIntoView({behavior: 'smooth', block: 'nearest'}); }
"""
_LONGEST_TYPED = 5000


class Stage:
    """See the module. It keeps which clip each visitor has in front of them, and nothing else.

    Args:
        service: Answers.
        visits: Who is here; what is lent or made for somebody goes with the visit.
        visitors: Their libraries, in which neighbours are looked for.
        examples: The bundled clips: they are played where they lie, and have titles in several languages.
    """

    def __init__(
        self, service: VideoBertService, visits: Visits, visitors: VisitorLibraries, examples: Sequence[ExampleClip]
    ) -> None:
        self.service, self.visits, self.visitors = service, visits, visitors
        self._bundled = {str(example.path.absolute()): example for example in examples}
        self._lock = threading.Lock()
        self._shown: dict[str, str | None] = {}

    # whose clip ----------------------------------------------------------------------------------------------------

    def show(self, path: str | None, request: gr.Request) -> None:
        """The visitor has this clip in front of them now."""
        with self._lock:
            self._shown[session_of(request)] = path

    def is_shown(self, path: str, request: gr.Request) -> bool:
        """Is it still this clip? An answer about an earlier one must not appear under another."""
        with self._lock:
            return self._shown.get(session_of(request), path) == path  # of one who was away for long nothing is known

    def forget(self, session: str) -> None:
        """The visit is over."""
        with self._lock:
            self._shown.pop(session, None)

    def about(
        self, path: str | None, request: gr.Request, count: int, work: Callable[[ClipFeatures, Texts], Sequence[Any]]
    ) -> Sequence[Any]:
        """Values for `count` outputs, the first of which is a view: those of `work`, or what refuses it.

        A view that comes too late, because another clip has arrived meanwhile, is not shown.
        """
        texts = texts_for(request)
        if path is None:
            return (gr.skip(),) * count
        try:
            values = work(self.service.open(path), texts)
        except VideoBertDemoError as error:
            values = (views.refusal_view(texts.explain(error)), *(gr.skip(),) * (count - 1))
        return values if self.is_shown(path, request) else (gr.skip(),) * count

    # segments ------------------------------------------------------------------------------------------------------

    def library(self, request: gr.Request) -> Library:
        """The visitor's library."""
        return self.visitors.of(session_of(request))

    def titled(self, rows: Iterable[Iterable[Neighbour]], texts: Texts) -> list[tuple[Neighbour, ...]]:
        """Neighbours with their clips' titles in the visitor's language."""
        return [tuple(replace(one, segment=self._title(one.segment, texts)) for one in row) for row in rows]

    def _title(self, segment: Segment, texts: Texts) -> Segment:
        example = self._bundled.get(segment.source)
        return segment if example is None else replace(segment, title=example.title_in(texts.language))

    # playing -------------------------------------------------------------------------------------------------------

    def let_play(self, view: gr.HTML, shots: gr.State, player: gr.Video, told: gr.HTML) -> None:
        """Lets a click on a picture of `view` play it in `player`; what cannot be played is told in `told`."""

        def play(known: tuple[Segment, ...], event: gr.EventData, request: gr.Request) -> Any:
            index: Any = event.index
            if not isinstance(index, int) or not 0 <= index < len(known):
                return gr.skip(), gr.skip()
            shot = known[index]
            source = shot.source
            if not Path(source).is_file():
                return gr.Video(value=None, visible=False), views.refusal_view(texts_for(request).search_gone)
            if source not in self._bundled:
                source = str(self.visits.lend(session_of(request), "token", Path(source)))
            shown = gr.Video(value=source, visible=True, label=shot.title, playback_position=shot.start_seconds)
            return shown, ""

        playing = view.select(play, [shots], [player, told], trigger_mode="multiple", **AT_ONCE)
        playing.then(None, None, None, js=_SHOW_PLAYER)


def flat(shown: Iterable[Iterable[Neighbour]]) -> tuple[Segment, ...]:
    """The segments in the order in which the views number their pictures."""
    return tuple(one.segment for row in shown for one in row)


def part_view(name: str, value: str, script: str | None = None) -> gr.HTML:
    """A view of the tab; `script` listens to what is clicked in it."""
    return gr.HTML(
        value,
        js_on_load=script,
        elem_id=f"vb-tokens-{name}",
        elem_classes=["vb-tokens-view"],
        apply_default_css=False,
    )


def typed_row(name: str, label: str, placeholder: str, button: str) -> tuple[gr.Textbox, gr.Button]:
    """A line to type in, and its button."""
    with gr.Row(elem_classes=["vb-tokens-row"]):
        typed = gr.Textbox(
            label=label,
            show_label=False,
            container=False,
            placeholder=placeholder,
            max_lines=1,
            max_length=_LONGEST_TYPED,
            scale=5,
            elem_id=f"vb-tokens-{name}-text",
        )
        return typed, gr.Button(button, variant="primary", scale=1, min_width=100)
