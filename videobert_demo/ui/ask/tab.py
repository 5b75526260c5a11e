"""The Ask tab: a question about the clip, its answer, and what the answer rests on.

What a visitor has asked about the clip is a state of that visitor's session, and is forgotten with the clip.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.service import VideoBertService
from videobert_demo.types import AnswerResult
from videobert_demo.ui.ask import view as views
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.asking import answer_after, typed_row
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, Updates, unchanged
from videobert_demo.ui.texts.languages import Translations, texts_for

MAX_EARLIER = 20

# One listener for all suggestions; the event carries the index of the one that was chosen.
_CHOOSE = """
element.addEventListener('click', (event) => {
  const chip = event.target.closest('[data-question]');
  if (chip) trigger('select', {index: Number(chip.dataset.question)});
});
"""


class AskTab:
    """Lays out the tab inside the caller's block, and answers what is asked.

    Args:
        service: The model.
        clip: The clip that all tabs work on.
        arrivals: Tells the tabs that another clip has arrived.
        described: A state: the Describe tab's answer for it, a `Described`, or None.
        translations: The sentences that the browser translates.
    """

    def __init__(
        self,
        service: VideoBertService,
        *,
        clip: gr.Video,
        arrivals: Arrivals,
        described: gr.State,
        translations: Translations,
    ) -> None:
        self._service = service
        self._lay_out(translations)
        self._listen(clip, arrivals, described)

    def _lay_out(self, translations: Translations) -> None:
        words = translations.texts
        self._suggested, self._earlier = gr.State(()), gr.State(())
        with gr.Column(visible=False, elem_id="vb-ask") as self._ask:
            self._question, self._button = typed_row(
                words.ask_label,
                words.ask_placeholder,
                words.ask_button,
                row_id="vb-ask-row",
                text_id="vb-ask-question",
                button_id="vb-ask-button",
                min_button_pixels=80,
            )
            self._chips = gr.HTML("", js_on_load=_CHOOSE, elem_id="vb-ask-chips", apply_default_css=False)
        self._view = gr.HTML(translations.view(views.empty_view), elem_id="vb-ask-view", apply_default_css=False)

    def _listen(self, clip: gr.Video, arrivals: Arrivals, described: gr.State) -> None:
        panel = [self._ask, self._view, self._chips, self._suggested]
        arrivals.add(self._arrive, [*panel, self._earlier])
        described.change(self._suggest, [described], panel, show_progress="hidden", **ASKING)
        busy = [self._view, self._button]
        typed = gr.on([self._question.submit, self._button.click], self._start, [self._question], busy, **AT_ONCE)
        chosen = self._chips.select(self._choose, [self._suggested], [self._question], **AT_ONCE)
        for started in (typed, chosen.then(self._start, [self._question], busy, **AT_ONCE)):
            answer_after(
                started,
                self._answer,
                [clip, self._question, self._earlier],
                [self._view, self._earlier, self._button],
                view=self._view,
                refuse=views.refusal_view,
                reset=self._ready,
            )

    def _ready(self) -> Updates:
        return {self._button: gr.Button(interactive=True)}

    def _arrive(self, path: str | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        there = path is not None
        return {
            self._ask: gr.Column(visible=there),
            self._view: "" if there else views.empty_view(texts),
            self._chips: views.suggestions_view((), texts) if there else "",
            self._suggested: (),
            self._earlier: (),
        }

    def _suggest(self, answer: Described | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        if answer is None:
            return self._nothing_to_ask(views.empty_view(texts))
        if answer.problem:
            return self._nothing_to_ask(views.clip_error_view(answer.problem, texts))
        try:
            questions = self._service.suggest_questions(self._service.open(answer.path))
        except VideoBertDemoError as error:
            return self._nothing_to_ask(views.clip_error_view(texts.explain(error), texts))
        return {
            self._ask: gr.Column(visible=True),
            self._chips: views.suggestions_view(questions, texts),
            self._suggested: questions,
        }

    def _nothing_to_ask(self, view: str) -> Updates:
        return {self._ask: gr.Column(visible=False), self._view: view, self._chips: "", self._suggested: ()}

    def _choose(self, questions: tuple[str, ...], event: gr.EventData) -> Updates:
        index: Any = event.index
        if not isinstance(index, int) or not 0 <= index < len(questions):
            return unchanged()
        return {self._question: questions[index]}

    def _start(self, text: str, request: gr.Request) -> Updates:
        return {self._view: views.busy_view(text, texts_for(request)), self._button: gr.Button(interactive=False)}

    def _answer(self, path: str | None, text: str, before: tuple[AnswerResult, ...], request: gr.Request) -> Updates:
        texts = texts_for(request)
        if path is None:
            return {self._view: views.empty_view(texts), **self._ready()}
        try:
            opened = self._service.open(path)
            result = self._service.answer(opened, text)
            shares = self._service.answer_frames(opened, result)
        except VideoBertDemoError as error:
            return {self._view: views.refusal_view(texts.explain(error)), **self._ready()}
        others = tuple(one for one in before if one.question != result.question)
        return {
            self._view: views.answer_view(result, opened.frames, shares, others, texts),
            self._earlier: (result, *others)[:MAX_EARLIER],
            **self._ready(),
        }
