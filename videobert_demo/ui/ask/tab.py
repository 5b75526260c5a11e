"""The Ask tab: a question about the clip, its answer, and what the answer rests on. Also over HTTP as `/answer`.

What a visitor asked is in states of that visitor's session, for the one clip that is shown, and is forgotten with it.
"""

from __future__ import annotations

import time
from typing import Any

import gradio as gr

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.reports import answer_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.types import AnswerResult
from videobert_demo.ui.ask import view as views
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, MODEL_QUEUE, Updates
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts

MOST_EARLIER = 20
_LONGEST_TYPED = 5000

# One listener for all suggestions; the event carries the number of the one that was chosen.
_CHOOSE = """
element.addEventListener('click', (event) => {
  const chip = event.target.closest('[data-question]');
  if (chip) trigger('select', {index: Number(chip.dataset.question)});
});
"""


def build_ask_tab(
    service: VideoBertService, *, clip: gr.Video, arrivals: Arrivals, described: gr.State, translations: Translations
) -> None:
    """Lays out the tab inside the caller's block.

    Args:
        service: Answers.
        clip: The clip that all tabs work on.
        arrivals: Who hears of another clip.
        described: What the Describe tab said of it: a `Described`, or None.
        translations: The sentences that the browser puts in.
    """
    words = translations.texts
    suggested, earlier = gr.State(()), gr.State(())
    with gr.Column(visible=False, elem_id="vb-ask") as ask:
        with gr.Row(elem_id="vb-ask-row"):
            question = gr.Textbox(
                label=words.ask_label,
                show_label=False,
                container=False,
                placeholder=words.ask_placeholder,
                max_lines=1,
                max_length=_LONGEST_TYPED,
                scale=5,
                elem_id="vb-ask-question",
            )
            button = gr.Button(words.ask_button, variant="primary", scale=1, min_width=80, elem_id="vb-ask-button")
        chips = gr.HTML("", js_on_load=_CHOOSE, elem_id="vb-ask-chips", apply_default_css=False)
    view = gr.HTML(translations.view(views.empty_view), elem_id="vb-ask-view", apply_default_css=False)

    def arrive(path: str | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        forgotten = {suggested: (), earlier: ()}
        if path is None:
            return {ask: gr.Column(visible=False), view: views.empty_view(texts), chips: "", **forgotten}
        return {ask: gr.Column(visible=True), view: "", chips: views.suggestions_view((), texts), **forgotten}

    arrivals.add(arrive, [ask, view, chips, suggested, earlier])

    def suggest(answer: Described | None, request: gr.Request) -> tuple[Any, ...]:
        texts = texts_for(request)
        if answer is None:
            return gr.Column(visible=False), views.empty_view(texts), "", ()
        if answer.problem:
            return gr.Column(visible=False), views.clip_error_view(answer.problem, texts), "", ()
        try:
            questions = service.suggest_questions(service.open(answer.path))
        except VideoBertDemoError as error:
            return gr.Column(visible=False), views.clip_error_view(texts.explain(error), texts), "", ()
        return gr.Column(visible=True), gr.skip(), views.suggestions_view(questions, texts), questions

    described.change(suggest, [described], [ask, view, chips, suggested], show_progress="hidden", **ASKING)

    def start(text: str, request: gr.Request) -> tuple[Any, ...]:
        return views.busy_view(text, texts_for(request)), gr.Button(interactive=False)

    def choose(questions: tuple[str, ...], event: gr.EventData) -> Any:
        index: Any = event.index
        return questions[index] if isinstance(index, int) and 0 <= index < len(questions) else gr.skip()

    def answer_it(
        path: str | None, text: str, before: tuple[AnswerResult, ...], request: gr.Request
    ) -> tuple[Any, ...]:
        texts = texts_for(request)
        ready = gr.Button(interactive=True)
        if path is None:
            return views.empty_view(texts), before, ready
        try:
            opened = service.open(path)
            result = service.answer(opened, text)
            shares = service.answer_frames(opened, result)
        except VideoBertDemoError as error:
            return views.refusal_view(texts.explain(error)), before, ready
        others = tuple(one for one in before if one.question != result.question)
        view_now = views.answer_view(result, opened.frames, shares, others, texts)
        return view_now, (result, *others)[:MOST_EARLIER], ready

    def fail(request: gr.Request) -> tuple[Any, ...]:
        return views.refusal_view(texts_for(request).unexpected_error), gr.Button(interactive=True)

    for started in (
        gr.on([question.submit, button.click], start, [question], [view, button], **AT_ONCE),
        chips.select(choose, [suggested], [question], **AT_ONCE).then(start, [question], [view, button], **AT_ONCE),
    ):
        answering = started.then(
            answer_it,
            [clip, question, earlier],
            [view, earlier, button],
            trigger_mode="always_last",  # of two questions in quick succession, the last one has the last word
            show_progress="minimal",
            show_progress_on=[view],
            **ASKING,
        )
        answering.failure(fail, None, [view, button], **AT_ONCE)


def build_answer_endpoint(service: VideoBertService, texts: Texts) -> None:
    """Adds the HTTP endpoint `/answer`: a video file and a question in, the answer as one JSON object out.

    Args:
        service: Answers.
        texts: The language of its error messages.
    """

    def answer(clip: str | None, question: str) -> dict[str, Any]:
        if clip is None:
            raise gr.Error(texts.api_no_clip, print_exception=False)
        started = time.perf_counter()
        try:
            opened = service.open(clip)
            result = service.answer(opened, question)
            shares = service.answer_frames(opened, result)
        except VideoBertDemoError as error:
            raise gr.Error(error.message, print_exception=False) from error
        return answer_report(opened.frames, result, shares, time.perf_counter() - started)

    file = gr.File(label=texts.clip_label, type="filepath", visible=False)
    asked = gr.Textbox(label=texts.ask_label, visible=False)
    found = gr.JSON(visible=False)
    gr.Button(visible=False).click(
        answer,
        inputs=[file, asked],
        outputs=[found],
        api_name="answer",
        api_description=texts.ask_api_description,
        **MODEL_QUEUE,
    )
