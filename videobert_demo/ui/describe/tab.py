"""The Describe tab: a caption as soon as a clip arrives.

It knows the service and the clip component that it is handed, and keeps nothing between two calls.
"""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr
from gradio.events import Dependency

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.describe.description import describe_clip
from videobert_demo.ui.describe.view import busy_view, done_view, empty_view, error_view
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, LAST_WORD, Updates
from videobert_demo.ui.texts.languages import Translations, texts_for


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """What became of the visitor's clip; the other tabs need not caption it once more.

    Attributes:
        path: The file.
        caption: The best caption, or empty.
        problem: Why there is none, as a sentence, or empty.
    """

    path: str
    caption: str = ""
    problem: str = ""


class DescribeTab:
    """Lays out the tab inside the caller's block, and answers whenever the clip changes.

    Args:
        service: The model.
        clip: The clip that all tabs work on.
        arrivals: Tells the tabs that another clip has arrived.
        translations: The sentences that the browser translates.

    Attributes:
        described: A state that changes with every answer: a `Described`, or None while there is no clip.
    """

    def __init__(
        self, service: VideoBertService, *, clip: gr.Video, arrivals: Arrivals, translations: Translations
    ) -> None:
        self._service, self._clip = service, clip
        self._view = gr.HTML(translations.view(empty_view), elem_id="vb-describe", apply_default_css=False)
        self.described = gr.State(None)
        arrivals.add(self._arrive, [self._view])
        arrivals.follow(self._listen)

    def _listen(self, arrival: Dependency) -> None:
        answering = arrival.then(
            self._describe,
            inputs=[self._clip],
            outputs=[self._view, self.described],
            show_progress="minimal",
            show_progress_on=[self._view],
            **ASKING,
            **LAST_WORD,
        )
        answering.failure(self._fail, inputs=[self._clip], outputs=[self._view, self.described], **AT_ONCE)

    def _arrive(self, path: str | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        return {self._view: empty_view(texts) if path is None else busy_view(texts)}

    def _describe(
        self,
        path: str | None,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 (Gradio's own way)
    ) -> Updates:
        texts = texts_for(request)
        if path is None:
            return {self._view: empty_view(texts), self.described: None}
        steps = {"reading": texts.reading, "looking": texts.looking, "writing": texts.writing}

        def report(share: float, step: str) -> None:
            progress(share, desc=steps.get(step, step))

        try:
            answer = describe_clip(self._service, path, progress=report)
        except VideoBertDemoError as error:
            return self._told(path, texts.explain(error), request)
        view = done_view(answer.info, answer.frames, answer.result, seconds=answer.seconds, texts=texts)
        return {self._view: view, self.described: Described(path, answer.result.text)}

    def _fail(self, path: str, request: gr.Request) -> Updates:
        # The server logs what nobody foresaw, with its traceback; the person reads a sentence.
        return self._told(path, texts_for(request).unexpected_error, request)

    def _told(self, path: str, problem: str, request: gr.Request) -> Updates:
        return {self._view: error_view(problem, texts_for(request)), self.described: Described(path, problem=problem)}
