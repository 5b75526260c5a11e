"""The Describe tab: a caption as soon as a clip arrives.

It knows the service and the clip component that it is handed, and keeps nothing between two calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr
from gradio.events import Dependency

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.describe.description import Description, describe_clip
from videobert_demo.ui.describe.view import busy_view, done_view, empty_view, error_view
from videobert_demo.ui.mending.mending import Mendable
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.asking import CANCEL
from videobert_demo.ui.page.found import Found, FoundTimeline
from videobert_demo.ui.page.pace import Pace, Steps
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, LAST_WORD, Updates, unchanged
from videobert_demo.ui.page.speaking import spoken
from videobert_demo.ui.page.stepping import Done, in_steps
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts

_AGAIN = """
element.addEventListener('click', (event) => { if (event.target.closest('[data-again]')) trigger('submit'); });
"""


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """What became of the visitor's clip, so that the other tabs need not caption it once more.

    Attributes:
        path: The file.
        caption: The best caption as the model wrote it, or empty.
        problem: Why there is none, as a sentence, or empty.
        neutral_words: Whether it says person and child in place of man, woman, boy and girl.
        seconds: Time from the file to the caption.
        said: The caption in the language of the page, or empty.
    """

    path: str
    caption: str = ""
    problem: str = ""
    seconds: float = 0.0
    neutral_words: bool = False
    said: str = ""


class DescribeTab:
    """Lays out the tab inside the caller's block, and answers whenever the clip changes.

    Args:
        service: The model.
        clip: The clip that all tabs work on.
        found: A state: what is known of the clip's scenes, a `FoundTimeline` once they are found.
        arrivals: Tells the tabs that another clip has arrived.
        neutral: The switch for neutral words.
        translations: The sentences that the browser translates.

    Attributes:
        described: A state that changes with every answer: a `Described`, or None while there is no clip.
    """

    def __init__(
        self,
        service: VideoBertService,
        *,
        clip: gr.Video,
        found: gr.State,
        arrivals: Arrivals,
        neutral: gr.Checkbox,
        translations: Translations,
    ) -> None:
        self._service, self._clip, self._neutral, self._pace = service, clip, neutral, Pace()
        self._view = gr.HTML(
            translations.view(empty_view), js_on_load=CANCEL + _AGAIN, elem_id="vb-describe", apply_default_css=False
        )
        self.described = gr.State(None)
        arrivals.add(self._arrive, [self._view])
        arrivals.follow(self._listen)
        self._listen(self._view.submit(self._arrive, [clip], [self._view], **AT_ONCE))
        self._listen(neutral.input(self._arrive, [clip], [self._view], **AT_ONCE))
        found.change(self._add_chapters, [found, self.described], [self._view], show_progress="hidden", **ASKING)

    def _listen(self, arrival: Dependency) -> None:
        answering: Dependency = arrival.then(
            self._describe,
            inputs=[self._clip, self._neutral],
            outputs=[self._view, self.described],
            show_progress="minimal",
            show_progress_on=[self._view],
            **ASKING,
            **LAST_WORD,
        )
        answering.failure(self._fail, inputs=[self._clip], outputs=[self._view, self.described], **AT_ONCE)
        self._view.input(self._stop, [self._clip], [self._view, self.described], cancels=[answering], **AT_ONCE)

    def _arrive(self, path: str | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        return {self._view: empty_view(texts) if path is None else busy_view(texts)}

    def _describe(self, path: str | None, neutral: bool, request: gr.Request) -> Iterator[Updates]:
        texts = texts_for(request)
        if path is None:
            yield {self._view: empty_view(texts), self.described: None}
            return
        headings = {"reading": texts.reading, "looking": texts.looking, "writing": texts.writing}
        steps = Steps(self._pace, tuple(headings))
        try:
            for step in in_steps(
                lambda report: describe_clip(
                    self._service,
                    path,
                    neutral_words=neutral,
                    language=spoken(self._service, texts),
                    progress=lambda _, name: report(name),
                )
            ):
                if isinstance(step, Done):
                    steps.end()
                    yield self._answered(path, step.result, neutral, texts)
                else:
                    steps.begin(step)
                    yield {self._view: busy_view(texts, headings[step], steps.progress(step))}
        except VideoBertDemoError as error:
            yield self._told(path, texts.explain(error), texts)

    def _answered(self, path: str, answer: Description, neutral: bool, texts: Texts) -> Updates:
        view = done_view(
            answer.info,
            answer.frames,
            answer.result,
            seconds=answer.seconds,
            texts=texts,
            repeated_frames=answer.repeated_frames,
        )
        english = answer.result.english or answer.result.text
        described = Described(path, english, seconds=answer.seconds, neutral_words=neutral, said=answer.result.text)
        return {self._view: view, self.described: described}

    def _add_chapters(self, found: Found, described: Described | None, request: gr.Request) -> Updates:
        """Says what happens when, below the caption of a clip that has several scenes."""
        if not isinstance(found, FoundTimeline) or described is None or described.path != found.path:
            return unchanged()
        if len(found.timeline.scenes) < 2:
            return unchanged()
        texts = texts_for(request)
        try:
            answer = describe_clip(  # which the service remembers
                self._service,
                found.path,
                neutral_words=described.neutral_words,
                language=spoken(self._service, texts),
            )
        except VideoBertDemoError:
            return unchanged()
        view = done_view(
            answer.info,
            answer.frames,
            answer.result,
            seconds=described.seconds,
            texts=texts,
            chapters=found.timeline.chapters,
            repeated_frames=answer.repeated_frames,
        )
        return {self._view: view}

    def _fail(self, path: str, request: gr.Request) -> Updates:
        # The server logs what nobody foresaw, with its traceback; the person reads a sentence.
        texts = texts_for(request)
        return self._told(path, texts.unexpected_error, texts, can_try_again=True)

    def _stop(self, path: str | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        return {} if path is None else self._told(path, texts.stopped, texts, can_try_again=True)

    def _told(self, path: str, problem: str, texts: Texts, *, can_try_again: bool = False) -> Updates:
        view = error_view(problem, texts, can_try_again=can_try_again)
        return {self._view: view, self.described: Described(path, problem=problem)}


def mendable_caption(described: Described | None, path: str | None) -> Mendable | None:
    """The caption that can be mended; None while there is none for this clip."""
    if described is None or not described.caption or described.path != path:
        return None
    return Mendable(path, described.said or described.caption)
