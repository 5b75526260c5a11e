"""The Describe tab: a caption as soon as a clip arrives, and the same answer over HTTP as `/caption`.

It knows the service and the clip component that it is handed, and keeps nothing between two calls.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.events import Dependency

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.reports import caption_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.types import CaptionResult, ClipInfo, Frames
from videobert_demo.ui.describe.view import busy_view, done_view, empty_view, error_view
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.queues import ASKING, MODEL_QUEUE, Updates
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts

CANDIDATES = 5
_ENCODED_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Description:
    """What the tab and the HTTP endpoint tell of one clip.

    Attributes:
        info: Facts of the clip.
        frames: The frames that were looked at.
        result: The captions, the best first.
        seconds: Time from the file to the answer.
    """

    info: ClipInfo
    frames: Frames
    result: CaptionResult
    seconds: float


def describe_clip(
    service: VideoBertService, path: str, *, progress: Callable[[float, str], None] | None = None
) -> Description:
    """Opens one clip and captions it.

    Args:
        service: Answers.
        path: The file, as it was uploaded: nothing is known of it yet.
        progress: Called with the share that is done, in [0, 1], and what is going on: the service's words, "writing".

    Raises:
        ClipError: The file cannot be used as a clip.
    """
    started = time.perf_counter()
    report = progress or _silent
    clip = service.open(path, progress=lambda share, step: report(share * _ENCODED_SHARE, step))
    report(_ENCODED_SHARE, "writing")
    result = service.caption(clip, candidates=CANDIDATES)
    return Description(clip.info, clip.frames, result, time.perf_counter() - started)


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


def build_describe_tab(
    service: VideoBertService, *, clip: gr.Video, arrivals: Arrivals, translations: Translations
) -> gr.State:
    """Lays out the tab inside the caller's block, and lets it answer whenever `clip` changes.

    Args:
        service: Answers.
        clip: The clip that all tabs work on.
        arrivals: Who hears of another clip.
        translations: The sentences that the browser puts in.

    Returns:
        A state that changes with every answer: a `Described`, or None while there is no clip.
    """
    view = gr.HTML(translations.view(empty_view), elem_id="vb-describe", apply_default_css=False)
    described = gr.State(None)

    def start(path: str | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        return {view: empty_view(texts) if path is None else busy_view(texts)}

    arrivals.add(start, [view])

    def describe(
        path: str | None,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 (Gradio's own way)
    ) -> tuple[str, Described | None]:
        texts = texts_for(request)
        if path is None:
            return empty_view(texts), None
        steps = {"reading": texts.reading, "looking": texts.looking, "writing": texts.writing}

        def report(share: float, step: str) -> None:
            progress(share, desc=steps.get(step, step))

        try:
            answer = describe_clip(service, path, progress=report)
        except VideoBertDemoError as error:
            problem = texts.explain(error)
            return error_view(problem, texts), Described(path, problem=problem)
        view = done_view(answer.info, answer.frames, answer.result, seconds=answer.seconds, texts=texts)
        return view, Described(path, answer.result.text)

    def fail(path: str, request: gr.Request) -> tuple[str, Described]:
        # What nobody foresaw is logged with its traceback by the server; the person reads a sentence.
        texts = texts_for(request)
        return error_view(texts.unexpected_error, texts), Described(path, problem=texts.unexpected_error)

    def listen(arrival: Dependency) -> None:
        answering = arrival.then(
            describe,
            inputs=[clip],
            outputs=[view, described],
            trigger_mode="always_last",  # of several clips in quick succession, the last one has the last word
            show_progress="minimal",
            show_progress_on=[view],
            **ASKING,
        )
        answering.failure(
            fail,
            inputs=[clip],
            outputs=[view, described],
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )

    arrivals.follow(listen)
    return described


def build_caption_endpoint(service: VideoBertService, texts: Texts) -> None:
    """Adds the HTTP endpoint `/caption`: a video file in, the answer as one JSON object out.

    Args:
        service: Answers.
        texts: The language of its error messages.
    """

    def caption(clip: str | None) -> dict[str, Any]:
        if clip is None:
            raise gr.Error(texts.api_no_clip, print_exception=False)
        try:
            answer = describe_clip(service, clip)
        except VideoBertDemoError as error:
            raise gr.Error(error.message, print_exception=False) from error
        return caption_report(answer.info, answer.frames, answer.result, answer.seconds)

    file = gr.File(label=texts.clip_label, type="filepath", visible=False)
    answer = gr.JSON(visible=False)
    gr.Button(visible=False).click(
        caption,
        inputs=[file],
        outputs=[answer],
        api_name="caption",
        api_description=texts.api_description,
        **MODEL_QUEUE,
    )


def _silent(share: float, step: str) -> None:
    """Reports progress to nobody."""
