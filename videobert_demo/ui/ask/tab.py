"""The Ask tab: a question about the clip, its answer, and what the answer rests on.

What a visitor has asked about the clip is a state of that visitor's session, and is forgotten with the clip.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.service import VideoBertService
from videobert_demo.types import Answer, AnswerResult
from videobert_demo.ui.ask import view as views
from videobert_demo.ui.ask.view import Answered
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.mending.mending import Mendable
from videobert_demo.ui.page.address import MAX_ASKED, Address
from videobert_demo.ui.page.arrivals import Arrivals, Current
from videobert_demo.ui.page.asking import ANSWERING, CANCEL, answer_after, typed_row
from videobert_demo.ui.page.pace import Pace
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, LAST_WORD, Updates, unchanged
from videobert_demo.ui.page.speaking import spoken, suggested
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.timeline.scope import ChosenScene, SceneScope, chosen_in

# The questions come back after the page is loaded again.
# As soon as it is asked, so that whoever leaves or reloads while the answer is on its way finds the question again.
_NOTE = "(question) => { window.videobert.noteQuestion(question); return [question]; }"
_REMEMBER = "(question, asked) => window.videobert.rememberAsked(question, asked)"
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
        scope: Which of the clip's scenes is meant.
        neutral: The switch for neutral words.
        translations: The sentences that the browser translates.
    """

    def __init__(
        self,
        service: VideoBertService,
        *,
        clip: gr.Video,
        arrivals: Arrivals,
        described: gr.State,
        scope: SceneScope,
        neutral: gr.Checkbox,
        translations: Translations,
    ) -> None:
        self._service, self._scope, self._neutral, self._pace = service, scope, neutral, Pace()
        self._lay_out(translations)
        self._listen(clip, arrivals, described)

    def _lay_out(self, translations: Translations) -> None:
        words = translations.texts
        self._suggested, self.earlier, self._kept = gr.State(()), gr.State(()), gr.State("")
        self._record, self._restored = gr.JSON(visible=False), gr.State(())
        with gr.Column(visible=False, elem_id="vb-ask") as self._ask:
            self._scope.bar()
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
        self._view = gr.HTML(
            translations.view(views.empty_view), js_on_load=CANCEL, elem_id="vb-ask-view", apply_default_css=False
        )

    def _listen(self, clip: gr.Video, arrivals: Arrivals, described: gr.State) -> None:
        panel = [self._ask, self._view, self._chips, self._suggested]
        arrivals.add(self._arrive, [*panel, self.earlier, self._kept])
        described.change(self._bring_back, [self._restored], [self.earlier, self._restored], **AT_ONCE)
        for known in (described, self._scope.chosen):
            known.change(
                self._suggest, [described, self._scope.chosen], panel, show_progress="hidden", **ASKING, **LAST_WORD
            )
        busy = [self._view, self._button]
        typed = gr.on(
            [self._question.submit, self._button.click], self._start, [self._question], busy, js=_NOTE, **AT_ONCE
        )
        chosen = self._chips.select(self._choose, [self._suggested], [self._question], **AT_ONCE)
        for started in (typed, chosen.then(self._start, [self._question], busy, js=_NOTE, **AT_ONCE)):
            answered = answer_after(
                started,
                self._answer,
                [clip, self._question, self.earlier, self._scope.chosen, self._neutral, arrivals.current],
                [self._view, self.earlier, self._button, self._record],
                view=self._view,
                refuse=views.refusal_view,
                reset=self._ready,
                kept=self._kept,
                pace=self._pace,
            )
            answered.then(None, [self._question, self._record], None, js=_REMEMBER, api_visibility="private")

    @property
    def restored(self) -> list[Any]:
        """What `restore` gives values for."""
        return [self._question, self._restored]

    def restore(self, address: Address) -> Updates:
        """What was asked before the page was loaded again; the page itself asks the latest once more."""
        asked = tuple(
            Answered(AnswerResult(one.question, (Answer(one.answer, one.probability),), 0.0), one.scene)
            for one in address.asked
        )
        question: Updates = {self._question: address.question} if address.question else {}
        return {**question, self._restored: asked}

    def _bring_back(self, restored: tuple[Answered, ...]) -> Updates:
        return {self.earlier: restored, self._restored: ()} if restored else unchanged()

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
            self.earlier: (),
            self._kept: "",
        }

    def _suggest(self, answer: Described | None, chosen: ChosenScene | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        if answer is None:
            return self._nothing_to_ask(views.empty_view(texts))
        if answer.problem:
            return self._nothing_to_ask(views.clip_error_view(answer.problem, texts))
        try:
            scene = chosen_in(chosen, answer.path)
            questions = (
                self._service.suggest_questions(self._service.open(answer.path), neutral_words=answer.neutral_words)
                if scene is None
                else self._service.suggest_questions_about([scene.english or scene.caption])
            )
            questions = suggested(self._service, questions, texts)
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
        return {
            self._view: views.busy_view(text, texts_for(request), self._pace.progress(ANSWERING)),
            self._button: gr.Button(interactive=False),
        }

    def _answer(
        self,
        path: str | None,
        text: str,
        before: tuple[Answered, ...],
        chosen: ChosenScene | None,
        neutral: bool,
        current: Current,
        request: gr.Request,
    ) -> Updates:
        texts = texts_for(request)
        if path is None:
            return {self._view: views.empty_view(texts), **self._ready()}
        scene = chosen_in(chosen, path)
        opened = self._service.open(path, span_seconds=None if scene is None else scene.span_seconds)
        language = spoken(self._service, texts)
        result = self._service.answer(opened, text, neutral_words=neutral, language=language)
        if current.path != path:  # another clip has arrived meanwhile
            return {self._record: None, **self._ready()}
        shares = self._service.answer_frames(opened, result)
        answered = Answered(result, "" if scene is None else scene.name_in(texts))
        others = tuple(one for one in before if not one.is_about_the_same_as(answered))
        earlier = (answered, *others)[:MAX_ASKED]
        return {
            self._view: views.answer_view(answered, opened.frames, shares, others, texts),
            self.earlier: earlier,
            self._record: [
                {
                    "question": one.result.asked or one.result.question,
                    "answer": one.result.text,
                    "probability": one.result.probability,
                    "scene": one.scene,
                }
                for one in earlier
            ],
            **self._ready(),
        }


def mendable_answer(earlier: tuple[Answered, ...], path: str | None) -> Mendable | None:
    """The latest answer, which can be mended; None without one, and for one about a single scene."""
    if path is None or not earlier or earlier[0].scene:
        return None
    return Mendable(path, earlier[0].result.text, earlier[0].result.question)
