"""The part of the Tokens tab where a person teaches labels: gathers examples, names them, teaches and forgets labels.

    a frame, the whole clip, files --> examples so far (they stay when another clip comes) --name, Teach--> my labels

A visitor's examples are kept in memory until the visit is over; labels are stored in the visitor's library. Knows no
vectors.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.model.features import ClipFeatures
from videobert_demo.service.own_labels import MAX_EXAMPLES
from videobert_demo.service.results import LabelExample
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.queues import ASKING, Updates, unchanged
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.texts.languages import texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens import own_labels_view as views
from videobert_demo.ui.tokens.context import TokensContext
from videobert_demo.ui.tokens.part import EagerPart, part_row, part_view
from videobert_demo.ui.widgets import thumbnail

_WIDTH = 144
_CHOOSE = """
element.addEventListener('click', (event) => {
  const chosen = event.target.closest('[data-pick], [data-take-out], [data-forget]');
  if (chosen) trigger('select', {value: {...chosen.dataset}});
});
"""


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """A chosen example, with its picture as a data URI."""

    example: LabelExample
    picture: str


class OwnLabelsPart(EagerPart):
    """The labels part, laid out inside the caller's block.

    Args:
        context: What the parts share.
        visitors: The visitors' libraries, which store the labels.
        visits: The visitors' sessions; what somebody uploads is deleted after the visit.
        clip: The clip that all tabs work on.
        empty: What the part shows at first.
        words: The sentences that the browser translates.
    """

    name = "labels"

    def __init__(
        self,
        context: TokensContext,
        *,
        visitors: VisitorLibraries,
        visits: Visits,
        clip: gr.Video,
        empty: str,
        words: Texts,
    ) -> None:
        super().__init__(context)
        self._visitors, self._visits = visitors, visits
        self._lock = threading.Lock()
        self._gathered: dict[str, tuple[Gathered, ...]] = {}
        row = part_row("own-labels", words.own_labels_name, words.own_labels_placeholder, words.own_labels_teach)
        add = gr.UploadButton(
            words.own_labels_upload,
            file_types=["video"],
            file_count="multiple",
            type="filepath",
            size="sm",
            elem_id="vb-own-labels-add",
        )
        self.view = part_view(self.name, empty, _CHOOSE)
        self.outputs = [self.view]
        shown: dict[str, Any] = {"show_progress": "minimal", "show_progress_on": [self.view]}
        self.view.select(self._change, [clip], [self.view], trigger_mode="multiple", **shown, **ASKING)
        add.upload(self._add, [add, clip], [self.view], **shown, **ASKING)
        gr.on([row.text.submit, row.button.click], self._teach, [row.text, clip], [self.view], **shown, **ASKING)

    def forget(self, session: str) -> None:
        """Forgets the examples of a visitor whose visit is over."""
        with self._lock:
            self._gathered.pop(session, None)

    def busy(self, texts: Texts) -> str:
        """See `EagerPart.busy`."""
        return texts.own_labels_busy

    def work(self, clip: ClipFeatures, described: Described, request: gr.Request, texts: Texts) -> Updates:
        """See `EagerPart.work`."""
        return {self.view: self._shown(clip, request, texts)}

    def _change(self, path: str | None, event: gr.EventData, request: gr.Request) -> Updates:
        """Picks an example from the clip, takes one out, or forgets a label."""
        sent: Any = event.value
        if not isinstance(sent, dict):
            return unchanged()
        session = session_of(request)
        if str(sent.get("takeOut", "")).isdecimal():
            with self._lock:
                before, at = self._gathered.get(session, ()), int(sent["takeOut"])
                self._gathered[session] = (*before[:at], *before[at + 1 :])
        if "forget" in sent:
            self._context.service.drop_label(self._visitors.own(session), str(sent["forget"]))

        def work(clip: ClipFeatures, texts: Texts) -> Updates:
            picked = str(sent.get("pick", ""))
            if picked == "whole":
                self._gather(session, clip, Path(str(path)).name, None)
            elif picked.isdecimal() and int(picked) < len(clip.frames):
                self._gather(session, clip, Path(str(path)).name, int(picked))
            return {self.view: self._shown(clip, request, texts)}

        return self._answer(path, request, work)

    def _add(self, files: list[str] | None, path: str | None, request: gr.Request) -> Updates:
        """Takes each uploaded clip, as a whole, as an example."""
        session, texts, problems = session_of(request), texts_for(request), []
        self._visits.claim(session, "labels", files or [])
        for file in files or []:
            try:
                self._gather(session, self._context.service.open(file), Path(file).name, None)
            except VideoBertDemoError as error:
                problems.append(texts.explain(error))
        return self._answer(
            path, request, lambda clip, texts: {self.view: self._shown(clip, request, texts, problems=problems)}
        )

    def _teach(self, name: str | None, path: str | None, request: gr.Request) -> Updates:
        session, texts = session_of(request), texts_for(request)
        examples = [one.example for one in self._gathered.get(session, ())]
        problems = []
        try:
            self._context.service.teach_label(self._visitors.own(session), name or "", examples)
        except VideoBertDemoError as error:
            problems.append(texts.explain(error))
        else:
            self.forget(session)
        return self._answer(
            path, request, lambda clip, texts: {self.view: self._shown(clip, request, texts, problems=problems)}
        )

    def _answer(self, path: str | None, request: gr.Request, work: Any) -> Updates:
        """The updates that `work` returns for the clip; without a clip, the part without frames."""
        if path is None:
            return {self.view: self._shown(None, request, texts_for(request))}
        return self._context.about(path, request, work, view=self.view)

    def _gather(self, session: str, clip: ClipFeatures, title: str, segment: int | None) -> None:
        moments = clip.frames.timestamps_seconds
        seconds = None if segment is None else float(moments[segment])
        example = self._context.service.label_example(clip, title, seconds=seconds)
        pixels = clip.frames.pixels[len(moments) // 2 if segment is None else segment]
        picked = Gathered(example, thumbnail(pixels, _WIDTH))
        with self._lock:
            before = self._gathered.get(session, ())
            kept = tuple(one for one in before if one.example.identity != example.identity)
            # What was picked already is taken out by a second click.
            self._gathered[session] = kept if len(kept) < len(before) else (*kept, picked)[:MAX_EXAMPLES]

    def _shown(
        self, clip: ClipFeatures | None, request: gr.Request, texts: Texts, *, problems: list[str] | None = None
    ) -> str:
        session = session_of(request)
        library = self._visitors.of(session)
        service = self._context.service
        return views.own_labels_view(
            clip,
            self._gathered.get(session, ()),
            service.own_labels(library),
            () if clip is None else service.score_labels(library, clip),
            problems or [],
            is_shared=self._visitors.are_lasting,
            texts=texts,
        )
