"""The Tokens tab: what the model itself sees of the clip. Chooses among the parts, each of which has its own file.

A part is worked out only when the tab is open and the part is chosen, and not before the clip has its caption:

    the tab is opened, a part is chosen, or the clip has been described  ->  wanted  ->  the part's view

What a visitor sees is in states of that visitor's session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import gradio as gr

from videobert_demo.model.features import ClipFeatures
from videobert_demo.service.segments import Segment
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, LAST_WORD, SOON, Updates, unchanged
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens import view as views
from videobert_demo.ui.tokens.alignment import AlignmentPart
from videobert_demo.ui.tokens.classification import ClassificationPart
from videobert_demo.ui.tokens.cloze import ClozePart
from videobert_demo.ui.tokens.context import Offered, TokensContext, index_of
from videobert_demo.ui.tokens.own_labels import OwnLabelsPart
from videobert_demo.ui.tokens.part import EagerPart
from videobert_demo.ui.tokens.reel import ReelPart
from videobert_demo.ui.tokens.strip import ForecastPart, StripPart

PARTS = ("strip", "classification", "labels", "cloze", "align", "reel", "forecast")

NAME = "tokens"
"""By which the page's address names the tab."""
_IS_OPEN = f"() => window.videobert.openedTab() === '{NAME}'"
_SHOW_PLAYER = """
() => { window.videobert.show(document.querySelector('#vb-tokens-player')); }
"""


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A part is wanted for the clip that was described thus."""

    described: Described


class TokensTab:
    """Lays out the tab inside the caller's block, and works out what is looked at. `labels` is the part with labels.

    Args:
        context: What the parts share.
        visitors: The libraries in which labels are noted.
        visits: Who is here.
        clip: The clip that all tabs work on.
        arrivals: Tells the tabs that another clip has arrived.
        described: A state: the Describe tab's answer for it, a `Described`, or None.
        is_open: Whether the tab is looked at: hidden, and outside the tabs, which Gradio draws one by one.
        translations: The sentences that the browser translates.
    """

    def __init__(
        self,
        context: TokensContext,
        *,
        visitors: VisitorLibraries,
        visits: Visits,
        clip: gr.Video,
        arrivals: Arrivals,
        described: gr.State,
        is_open: gr.Checkbox,
        translations: Translations,
    ) -> None:
        self._context, self._is_open = context, is_open
        self._before = gr.State({})  # what each part was wanted for last
        self._lay_out_choice(translations.texts)
        self._lay_out_parts(visitors, visits, clip, translations)
        self._eager: dict[EagerPart, gr.State] = {
            part: gr.State(None)
            for part in (self._strip, self._classification, self.labels, self._cloze, self._forecast)
        }
        self._about_clip = (*self._eager, self._alignment)
        self._listen_to_clip(clip, arrivals, described)
        self._listen_to_choice(clip, described)
        for view, shots in (
            (self._strip.view, self._strip.shots),
            (self._forecast.view, self._forecast.shots),
            (self._cloze.answer, self._cloze.shots),
            (self._reel.view, self._reel.shots),
        ):
            played = [self._player, self._told]
            playing = view.select(self._play, [shots], played, trigger_mode="multiple", **AT_ONCE)
            playing.then(None, None, None, js=_SHOW_PLAYER)

    def _lay_out_choice(self, words: Texts) -> None:
        self._chosen = gr.Radio(
            [(str(getattr(words, f"tokens_part_{name}")), name) for name in PARTS],
            value=PARTS[0],
            label=words.tokens_parts_label,
            show_label=False,
            container=False,
            interactive=True,
            elem_id="vb-tokens-part",
        )
        self._player = gr.Video(
            label=words.tokens_player,
            interactive=False,
            autoplay=True,
            visible=False,
            height=280,
            buttons=[],
            elem_id="vb-tokens-player",
        )
        self._told = gr.HTML("", elem_id="vb-tokens-told", apply_default_css=False)

    def _lay_out_parts(
        self, visitors: VisitorLibraries, visits: Visits, clip: gr.Video, translations: Translations
    ) -> None:
        """All parts are there; the style sheet shows the one that is chosen, which needs no request."""
        context, words, empty = self._context, translations.texts, translations.view(views.empty_view)
        with _column("strip"):
            self._strip = StripPart(context, empty=empty)
        with _column("classification"):
            self._classification = ClassificationPart(context, clip=clip, empty=empty, words=words)
        with _column("labels"):
            self.labels = OwnLabelsPart(context, visitors=visitors, visits=visits, clip=clip, empty=empty, words=words)
        with _column("cloze"):
            self._cloze = ClozePart(context, clip=clip, empty=empty, words=words)
        with _column("align"):
            self._alignment = AlignmentPart(context, clip=clip, empty=empty, words=words)
        with _column("reel"):
            self._reel = ReelPart(context, visits=visits, translations=translations)
        with _column("forecast"):
            self._forecast = ForecastPart(context, empty=empty)

    # the clip --------------------------------------------------------------------------------------------------------

    def _listen_to_clip(self, clip: gr.Video, arrivals: Arrivals, described: gr.State) -> None:
        arrivals.add(self._arrive, [*self._cleared(""), self._player, self._told])
        outputs = [*(part.view for part in self._about_clip), *self._alignment.offered]
        described.change(self._hear, [described, clip, self._alignment.sentence], outputs, **AT_ONCE)

    def _cleared(self, view: str) -> Updates:
        """All parts that are about the clip, without anything of it."""
        return {output: value for part in self._about_clip for output, value in part.cleared(view).items()}

    def _arrive(self, path: str | None, request: gr.Request) -> Updates:
        self._context.show(path, request)
        texts = texts_for(request)
        view = views.empty_view(texts) if path is None else views.busy_view(texts.busy_heading, texts)
        return {**self._cleared(view), **self._without_player()}

    def _without_player(self) -> Updates:
        return {self._player: gr.Video(value=None, visible=False), self._told: ""}

    def _hear(self, answer: Described | None, path: str | None, typed: str | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        if answer is None or answer.path != path:
            return unchanged()
        if answer.problem:
            view = views.error_view(texts.attend_clip_error_heading, answer.problem)
            return {part.view: view for part in self._about_clip}
        caption = Offered(answer.said or answer.caption, answer.caption)
        return self._alignment.offer(caption, typed, texts)

    # the choice ------------------------------------------------------------------------------------------------------

    def listen_to_tabs(self, tabs: Sequence[gr.Tab]) -> None:
        """Learns whether it is looked at; to be called once all tabs are laid out.

        Args:
            tabs: All tabs of the page. Of a tab that a link or a reload has opened, Gradio tells only by the tab's own
                event, which may come after that of the next; so the page's script says which of them is open.
        """
        selected = [one.select for one in tabs]
        gr.on(selected, None, None, [self._is_open], js=_IS_OPEN, show_progress="hidden", api_visibility="private")

    def _listen_to_choice(self, clip: gr.Video, described: gr.State) -> None:
        self._chosen.change(self._without_player, None, [self._player, self._told], **AT_ONCE)
        gr.on(
            [self._is_open.change, self._chosen.change, described.change],
            self._begin,
            [described, self._is_open, self._chosen, clip, self._before],
            [self._before, *self._eager.values(), *(part.view for part in self._eager)],
            **SOON,
        )
        for part, wanted in self._eager.items():
            self._work_out(part, wanted, clip)

    def _begin(
        self,
        answer: Described | None,
        is_open: bool,
        name: str,
        path: str | None,
        before: Mapping[str, Described],
        request: gr.Request,
    ) -> Updates:
        """Wants the chosen part, unless it was wanted for this clip before."""
        part = next((one for one in self._eager if one.name == name), None)
        if part is None or not is_open or answer is None or answer.problem or answer.path != path:
            return unchanged()
        if before.get(name) is answer:
            return unchanged()
        texts = texts_for(request)
        busy = views.busy_view(part.busy(texts), texts, part.pace.progress(part.name), is_strip=part.is_strip)
        return {self._before: {**before, name: answer}, self._eager[part]: Wanted(answer), part.view: busy}

    def _work_out(self, part: EagerPart, wanted: gr.State, clip: gr.Video) -> None:
        """Lets a part answer when it is wanted."""

        def run(now: Wanted | None, path: str | None, request: gr.Request) -> Updates:
            if now is None or now.described.path != path:  # it was wanted for an earlier clip
                return unchanged()
            described = now.described

            def work(opened: ClipFeatures, texts: Texts) -> Updates:
                with part.pace.measured(part.name):
                    return part.work(opened, described, request, texts)

            return self._context.about(path, request, work, view=part.view)

        def fail(before: Mapping[str, Described], request: gr.Request) -> Updates:
            if part.name not in before:  # it was stopped, which ends as a failure as well
                return unchanged()
            return given_up(texts_for(request).unexpected_error, before)

        def stop(before: Mapping[str, Described], request: gr.Request) -> Updates:
            return given_up(texts_for(request).stopped, before)

        def given_up(sentence: str, before: Mapping[str, Described]) -> Updates:
            # When the part is chosen once more, it is tried once more.
            others = {name: answer for name, answer in before.items() if name != part.name}
            return {part.view: views.refusal_view(sentence), self._before: others}

        running = wanted.change(
            run,
            [wanted, clip],
            part.outputs,
            show_progress="minimal",
            show_progress_on=[part.view],
            **ASKING,
            **LAST_WORD,
        )
        given = [part.view, self._before]
        running.failure(fail, [self._before], given, **AT_ONCE)
        part.view.input(stop, [self._before], given, cancels=[running], **AT_ONCE)

    # playing ---------------------------------------------------------------------------------------------------------

    def _play(self, known: tuple[Segment, ...], event: gr.EventData, request: gr.Request) -> Updates:
        index = index_of(event, known)
        if index is None:
            return unchanged()
        player = self._context.play(known[index], request)
        if player is None:
            return {**self._without_player(), self._told: views.refusal_view(texts_for(request).search_gone)}
        return {self._player: player, self._told: ""}


def _column(name: str) -> gr.Column:
    return gr.Column(elem_classes=["vb-part", f"vb-part-{name}"])
