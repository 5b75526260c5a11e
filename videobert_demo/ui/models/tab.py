"""The Compare models tab: the clip that all tabs work on, seen by the running model and by a second one.

It knows the service and the clip component that it is handed, and keeps nothing between two calls.
"""

from __future__ import annotations

import gradio as gr

from videobert_demo.errors import QuestionError
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.models import view as views
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.asking import ANSWERING, CANCEL, ask_then_answer, typed_row
from videobert_demo.ui.page.pace import Pace
from videobert_demo.ui.page.queues import Updates
from videobert_demo.ui.page.speaking import shown
from videobert_demo.ui.texts.languages import Translations, texts_for

_MAX_CHARACTERS = 300


class ModelsTab:
    """Lays out the tab inside the caller's block.

    Args:
        service: The running model; it knows the second.
        clip: The clip that all tabs work on.
        neutral: The switch for neutral words.
        arrivals: Tells the tabs that another clip has arrived.
        translations: The sentences that the browser translates.
    """

    def __init__(
        self,
        service: VideoBertService,
        *,
        clip: gr.Video,
        neutral: gr.Checkbox,
        arrivals: Arrivals,
        translations: Translations,
    ) -> None:
        self._service, self._pace = service, Pace()
        words = translations.texts
        row = typed_row(
            words.models_question,
            words.models_placeholder,
            words.models_button,
            row_id="vb-models-row",
            text_id="vb-models-text",
            max_characters=_MAX_CHARACTERS,
            min_button_pixels=120,
        )
        self._view = gr.HTML(
            translations.view(views.empty_view), js_on_load=CANCEL, elem_id="vb-models-view", apply_default_css=False
        )
        arrivals.add(self._arrive, [self._view])
        ask_then_answer(
            row,
            self._start,
            self._answer,
            [clip, row.text, neutral],
            [self._view],
            view=self._view,
            refuse=views.refusal_view,
            pace=self._pace,
        )

    def _arrive(self, path: str | None, request: gr.Request) -> Updates:
        return {self._view: views.empty_view(texts_for(request))}

    def _start(self, request: gr.Request) -> Updates:
        return {self._view: views.busy_view(texts_for(request), self._pace.progress(ANSWERING))}

    def _answer(self, path: str | None, question: str | None, neutral: bool, request: gr.Request) -> Updates:
        if path is None:
            raise QuestionError("Choose a clip on the left first.")
        found = self._service.compare_models(path, question=question or "", neutral_words=neutral)
        texts = texts_for(request)
        found = shown(self._service, found, texts)
        return {self._view: views.comparison_view(found, texts)}
