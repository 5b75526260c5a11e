"""What is asked of a whole film, in the Scenes tab: its moments, a summary, a cut by words, and the film of these.

    text --Find-------> moments --+
    text --How often?-> events ---+
    text --Cut--------> cut list -+--> Plan: stretches of the clip --Make the film--> .mp4
           Sum it up -> scenes ---+       (parts of a cut list are changed by hand)

The plan is a visitor's own, in a state of the page; films are deleted with what that visitor has uploaded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any

import gradio as gr

from videobert_demo.errors import TimelineExportError
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.timeline.cutlist import with_border, with_part
from videobert_demo.timeline.exports.cuts import CUT_FORMATS
from videobert_demo.ui.page.asking import ANSWERING, CANCEL, answer_after, typed_row
from videobert_demo.ui.page.found import Found, FoundTimeline
from videobert_demo.ui.page.looking import look
from videobert_demo.ui.page.pace import Pace
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.queues import AT_ONCE, DRAWING, Updates, unchanged
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.scenes import films_view as views
from videobert_demo.ui.scenes.plan import Plan, plan_of
from videobert_demo.ui.scenes.view import refusal_view
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts

MAX_FILM_SECONDS = 20 * 60.0
"""The page writes no longer films; the command line does."""
_MAX_CHARACTERS, _FILM_SIDE = 300, 854
_NAMES = {"csv": "LosslessCut CSV", "edl": "EDL", "json": "JSON"}  # the same in every language

_CHANGE = """
element.addEventListener('click', (event) => {
  const part = event.target.closest('[data-part]');
  const point = event.target.closest('svg [data-moment]');
  const video = document.querySelector('#vb-clip video');
  if (point && video) { video.pause(); video.currentTime = Number(point.dataset.moment); }
  if (part) trigger('submit', {action: 'part', index: Number(part.dataset.part), value: part.ariaPressed !== 'true'});
});
element.addEventListener('change', (event) => {
  const border = event.target.closest('[data-border]');
  if (border) trigger('submit', {action: 'border', index: Number(border.dataset.border), value: Number(border.value)});
});
"""


class FilmPanel:
    """Lays out a column inside the caller's block; it is hidden until there is a timeline.

    Args:
        service: The model.
        visitors: The libraries, with the visitors' own labels.
        visits: Who is here.
        found: A state: a `FoundTimeline`, a `ScenesProblem`, or None.
        translations: The sentences that the browser translates.

    Attributes:
        column: All of it.
        outputs: What `blank` gives values for.
    """

    def __init__(
        self,
        service: VideoBertService,
        *,
        visitors: VisitorLibraries,
        visits: Visits,
        found: gr.State,
        translations: Translations,
    ) -> None:
        self._service, self._visitors, self._visits, self._found = service, visitors, visits, found
        words = translations.texts
        self._plan, self._kept = gr.State(None), gr.State("")
        with gr.Column(visible=False, elem_id="vb-films") as self.column:
            self._row = typed_row(
                words.films_label,
                words.films_placeholder,
                words.films_find,
                row_id="vb-films-row",
                text_id="vb-films-text",
                max_characters=_MAX_CHARACTERS,
                is_primary=False,
                min_button_pixels=80,
                button_id="vb-films-find",
            )
            with gr.Row(elem_id="vb-films-more"):
                self._cut = gr.Button(words.films_cut, size="sm", elem_id="vb-films-cut")
                self._count = gr.Button(words.films_events, size="sm", elem_id="vb-films-events")
                self._summarise = gr.Button(words.films_summary, size="sm", elem_id="vb-films-summary")
                self._pause = gr.Button(words.films_slots, size="sm", elem_id="vb-films-slots")
            self._view = gr.HTML("", js_on_load=_CHANGE + CANCEL, elem_id="vb-films-view", apply_default_css=False)
            with gr.Column(visible=False, elem_id="vb-films-take") as self._take:
                with gr.Row(elem_classes="vb-exports"):
                    self._make = gr.Button(words.films_make, size="sm", variant="primary", elem_id="vb-films-make")
                    self._lists = {
                        name: gr.DownloadButton(label, size="sm", visible=False, elem_id=f"vb-cut-{name}")
                        for name, label in _NAMES.items()
                    }
                self._told = gr.HTML("", elem_id="vb-films-told", apply_default_css=False)
                self._film = gr.Video(
                    label=words.films_film, interactive=False, visible=False, buttons=["download"], elem_id="vb-film"
                )
        self.outputs = [self.column, self._view, *self._taking(), self._plan, self._kept]
        self._listen()

    def blank(self, *, is_shown: bool) -> Updates:
        """Values for `outputs` before anything is asked."""
        return {
            self.column: gr.Column(visible=is_shown),
            self._view: "",
            self._take: gr.Column(visible=False),
            self._told: "",
            self._film: gr.Video(value=None, visible=False),
            self._plan: None,
            self._kept: "",
        }

    def _taking(self) -> list[Any]:
        return [self._take, self._told, self._film, *self._lists.values()]

    def _listen(self) -> None:
        outputs = [self._view, *self._taking(), self._plan]
        for events, sentence, answer in (
            ([self._row.text.submit, self._row.button.click], _finding, self._find),
            ([self._cut.click], _cutting, self._cut_by_words),
            ([self._count.click], _finding, self._find_events),
            ([self._summarise.click], _summing, self._sum_up),
            ([self._pause.click], _seeking_slots, self._find_slots),
        ):
            pace = Pace()
            started = gr.on(events, self._start(sentence, pace), None, [self._view], **AT_ONCE)
            answer_after(
                started,
                answer,
                [self._found, self._row.text],
                outputs,
                view=self._view,
                refuse=refusal_view,
                kept=self._kept,
                pace=pace,
                look=None if answer == self._sum_up else self._looking(sentence),
            )
        changes = {**AT_ONCE, "queue": True, "concurrency_limit": 1, "trigger_mode": "multiple"}
        self._view.submit(self._change, [self._plan], outputs, **changes)
        starting = self._make.click(self._start_filming, None, [self._told, self._make], **AT_ONCE)
        filming = starting.then(
            self._write_film, [self._plan], [self._told, self._film, self._make], show_progress="hidden", **DRAWING
        )
        filming.failure(self._fail, None, [self._told, self._make], **AT_ONCE)

    def _start(self, sentence: Callable[[Texts], str], pace: Pace) -> Callable[[gr.Request], Updates]:
        def start(request: gr.Request) -> Updates:
            texts = texts_for(request)
            return {self._view: views.busy_view(sentence(texts), pace.progress(ANSWERING), texts)}

        return start

    def _looking(self, sentence: Callable[[Texts], str]) -> Callable[..., Iterator[Updates]]:
        def looking(found: Found, _text: str, request: gr.Request) -> Iterator[Updates]:
            """Sees the clip from moment to moment, which takes long only the first time."""
            if isinstance(found, FoundTimeline):
                texts = texts_for(request)
                for at in look(self._service, [found.path]):
                    yield {self._view: views.busy_view(sentence(texts), at, texts)}

        return looking

    def _find(self, found: Found, text: str, request: gr.Request) -> Updates:
        if not isinstance(found, FoundTimeline):
            return {self._view: ""}
        moments = self._service.moments(found.path, text, library=self._visitors.of(session_of(request)))
        spans = tuple((one.moment.start_seconds, one.moment.end_seconds) for one in moments)
        view = views.moments_view(found.timeline, text, moments, texts_for(request))
        return self._planned(plan_of(found, spans, [one.moment.score for one in moments]), view, request)

    def _cut_by_words(self, found: Found, text: str, request: gr.Request) -> Updates:
        if not isinstance(found, FoundTimeline):
            return {self._view: ""}
        cuts = self._service.cut(found.path, text)
        view = views.cut_view(found.timeline, cuts, texts_for(request))
        return self._planned(Plan(found.path, found.timeline, cuts.kept, cuts), view, request)

    def _sum_up(self, found: Found, _text: str, request: gr.Request) -> Updates:
        if not isinstance(found, FoundTimeline):
            return {self._view: ""}
        summary = self._service.summary_of(found.timeline)
        view = views.summary_view(summary, texts_for(request))
        return self._planned(plan_of(found, summary.spans), view, request)

    def _find_events(self, found: Found, text: str, request: gr.Request) -> Updates:
        if not isinstance(found, FoundTimeline):
            return {self._view: ""}
        events = self._service.events(found.path, text)
        spans = tuple((one.start_seconds, one.end_seconds) for one in events.events)
        view = views.events_view(found.timeline, text, events, texts_for(request))
        if not spans:
            return self._unplanned(found, view, request)
        return self._planned(plan_of(found, spans), view, request)

    def _find_slots(self, found: Found, text: str, request: gr.Request) -> Updates:
        """Of a text that stands in the line, places whose content suits it come first."""
        if not isinstance(found, FoundTimeline):
            return {self._view: ""}
        shown = text.strip() or None
        slots = self._service.slots(found.path, text=shown, timeline=found.timeline)
        view = views.slots_view(found.timeline, slots, texts_for(request), shown)
        return self._unplanned(found, view, request)

    def _unplanned(self, found: FoundTimeline, view: str, request: gr.Request) -> Updates:
        """Shows what no film is made of."""
        updates = self._planned(Plan(found.path, found.timeline, ()), view, request)
        return updates | {self._take: gr.Column(visible=False)}

    def _planned(self, plan: Plan, view: str, request: gr.Request) -> Updates:
        """Shows a plan, with its files where it is a cut list; an earlier film is put away."""
        updates: Updates = {
            self._view: view,
            self._plan: plan,
            self._take: gr.Column(visible=True),
            self._told: "",
            self._film: gr.Video(value=None, visible=False),
        }
        if plan.cuts is None:
            return updates | {button: gr.DownloadButton(visible=False) for button in self._lists.values()}
        stem = PurePath(plan.timeline.media.name).stem
        names = [f"{stem}.cut{CUT_FORMATS[name][1]}" for name in self._lists]
        paths = self._visits.new_paths(session_of(request), "cut", *names)
        for (name, button), path in zip(self._lists.items(), paths, strict=True):
            try:
                path.write_text(CUT_FORMATS[name][0](plan.cuts), encoding="utf-8", newline="")
                updates[button] = gr.DownloadButton(value=str(path), visible=True, interactive=True)
            except TimelineExportError:  # an EDL cannot number so many parts
                updates[button] = gr.DownloadButton(value=None, visible=True, interactive=False)
        return updates

    def _change(self, plan: Plan | None, event: gr.EventData, request: gr.Request) -> Updates:
        """A part was switched, or a border moved; an impossible change is ignored."""
        action, index, value = event.action, event.index, event.value
        if plan is None or plan.cuts is None or type(index) is not int:
            return unchanged()
        cuts = plan.cuts
        try:
            if action == "part" and isinstance(value, bool):
                cuts = with_part(cuts, index, stays=value)
            elif action == "border" and type(value) in (int, float) and math.isfinite(value):
                cuts = with_border(cuts, index, float(value))
        except (IndexError, ValueError):
            cuts = plan.cuts
        view = views.cut_view(plan.timeline, cuts, texts_for(request))
        return self._planned(Plan(plan.path, plan.timeline, cuts.kept, cuts), view, request)

    def _start_filming(self, request: gr.Request) -> Updates:
        return {self._told: views.filming_view(texts_for(request)), self._make: gr.Button(interactive=False)}

    def _write_film(self, plan: Plan | None, request: gr.Request) -> Updates:
        texts, ready = texts_for(request), gr.Button(interactive=True)
        if plan is None:
            return {self._told: "", self._make: ready}
        if sum(end - start for start, end in plan.spans) > MAX_FILM_SECONDS:
            return {self._told: refusal_view(texts.films_too_long), self._make: ready}
        name = f"{PurePath(plan.timeline.media.name).stem}.cut.mp4"
        (path,) = self._visits.new_paths(session_of(request), "film", name)
        try:
            seconds = self._service.write_cut(plan.path, plan.spans, path, max_side=_FILM_SIDE)
        except TimelineExportError as error:
            return {self._told: refusal_view(texts.explain(error)), self._make: ready}
        film = gr.Video(value=str(path), visible=True)
        return {self._told: views.filmed_view(seconds, texts), self._film: film, self._make: ready}

    def _fail(self, request: gr.Request) -> Updates:
        # The server logs what nobody foresaw, with its traceback; the person reads a sentence.
        sentence = texts_for(request).unexpected_error
        return {self._told: refusal_view(sentence), self._make: gr.Button(interactive=True)}


def _finding(texts: Texts) -> str:
    return texts.films_finding


def _cutting(texts: Texts) -> str:
    return texts.films_cutting


def _seeking_slots(texts: Texts) -> str:
    return texts.films_seeking_slots


def _summing(texts: Texts) -> str:
    return texts.films_summing
