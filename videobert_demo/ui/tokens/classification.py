"""The part of the Tokens tab that tells what kind of clip it is, and which of some typed labels fits it best."""

from __future__ import annotations

import gradio as gr

from videobert_demo.model.features import ClipFeatures
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.asking import ask_then_answer
from videobert_demo.ui.page.queues import Updates
from videobert_demo.ui.page.speaking import shown
from videobert_demo.ui.texts.languages import texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens import view as views
from videobert_demo.ui.tokens.context import TokensContext
from videobert_demo.ui.tokens.part import EagerPart, part_row, part_view


class ClassificationPart(EagerPart):
    """Verbs, objects, categories and frame labels; below them labels that a person types."""

    name, is_strip = "classification", False

    def __init__(self, context: TokensContext, *, clip: gr.Video, empty: str, words: Texts) -> None:
        super().__init__(context)
        self.view = part_view(self.name, empty)
        with gr.Column(visible=False) as self.ask:
            row = part_row(
                "labels", words.tokens_typed_label, words.tokens_typed_placeholder, words.tokens_typed_button
            )
        self.answer: gr.HTML = part_view("typed", "")
        self.outputs = [self.view, self.ask]
        ask_then_answer(
            row,
            self._start,
            self._compare,
            [clip, row.text],
            [self.answer],
            view=self.answer,
            refuse=views.refusal_view,
            pace=self.pace,
        )

    def busy(self, texts: Texts) -> str:
        """See `EagerPart.busy`."""
        return texts.tokens_classification_busy

    def work(self, clip: ClipFeatures, described: Described, request: gr.Request, texts: Texts) -> Updates:
        """See `EagerPart.work`."""
        service = self._context.service
        found = shown(service, service.classify(clip, library=self._context.library(request)), texts)
        return {self.view: views.classification_view(found, texts), self.ask: gr.Column(visible=True)}

    def _start(self, request: gr.Request) -> Updates:
        texts = texts_for(request)
        return {self.answer: self.asked_view(texts.tokens_typed_busy, texts)}

    def _compare(self, path: str | None, text: str | None, request: gr.Request) -> Updates:
        labels = (text or "").split(",")

        def work(opened: ClipFeatures, texts: Texts) -> Updates:
            return {self.answer: views.typed_view(self._context.service.rank_labels(opened, labels), texts)}

        return self._context.about(path, request, work, view=self.answer)
