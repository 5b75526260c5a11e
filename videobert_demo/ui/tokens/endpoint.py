"""The HTTP endpoints `/tokens`, `/cloze`, `/align`, `/reel` and `/classify`: what the model itself sees. Keeps nothing.

A caller's library is the examples or the lasting library, as in `/search`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import gradio as gr

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.model.features import ClipFeatures
from videobert_demo.service import reports
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.tasks.visual_words import REEL_SEGMENTS
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.queues import MODEL_QUEUE
from videobert_demo.ui.texts.texts import Texts


def build_tokens_endpoints(service: VideoBertService, visitors: VisitorLibraries, texts: Texts) -> None:
    """Adds the endpoints.

    Args:
        service: Answers.
        visitors: The libraries; a caller sees what belongs to its own session.
        texts: The language of its error messages.
    """

    def answered(clip: str | None, work: Callable[[ClipFeatures], dict[str, Any]]) -> dict[str, Any]:
        if clip is None:
            raise gr.Error(texts.api_no_clip, print_exception=False)
        return timed(lambda: work(service.open(clip)))

    def timed(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        started = time.perf_counter()
        try:
            report = work()
        except VideoBertDemoError as error:
            raise gr.Error(error.message, print_exception=False) from error
        return report | {"seconds": round(time.perf_counter() - started, 3)}

    def tokens(clip: str | None, request: gr.Request) -> dict[str, Any]:
        def work(opened: ClipFeatures) -> dict[str, Any]:
            library = visitors.of(session_of(request))
            inspection = service.inspect(opened, library=library)
            return reports.tokens_report(inspection, service.forecast(opened, library=library))

        return answered(clip, work)

    def cloze(
        clip: str | None, sentence: str | None, hidden_words: Any = None, hidden_segments: Any = None
    ) -> dict[str, Any]:
        words, segments = read_places(hidden_words), read_places(hidden_segments)
        if words is None or segments is None:
            raise gr.Error(texts.tokens_api_places, print_exception=False)
        return answered(
            clip, lambda opened: reports.cloze_report(service.fill(opened, sentence or "", words, segments))
        )

    def align(clip: str | None, sentence: str | None) -> dict[str, Any]:
        return answered(clip, lambda opened: reports.align_report(service.align(opened, sentence or "")))

    def reel(
        sentence: str | None,
        request: gr.Request,
        segments: float = REEL_SEGMENTS,
        temperature: float = 1.0,
        seed: float = 0,
    ) -> dict[str, Any]:
        def work() -> dict[str, Any]:
            library = visitors.of(session_of(request))
            return reports.reel_report(
                service.reel(sentence or "", library=library, segments=segments, temperature=temperature, seed=seed)
            )

        return timed(work)

    def classify(clip: str | None, labels: str | None = "") -> dict[str, Any]:
        return answered(
            clip, lambda opened: reports.classify_report(service.classify(opened, (labels or "").split(",")))
        )

    def add(answer: Callable[..., dict[str, Any]], inputs: list[Any], name: str, description: str) -> None:
        gr.Button(visible=False).click(
            answer,
            inputs=inputs,
            outputs=[gr.JSON(visible=False)],
            api_name=name,
            api_description=description,
            **MODEL_QUEUE,
        )

    file = gr.File(label=texts.clip_label, type="filepath", visible=False)
    sentence = gr.Textbox(label=texts.tokens_align_label, visible=False)
    words = gr.JSON([], label=texts.tokens_api_words_label, visible=False)
    segments = gr.JSON([], label=texts.tokens_api_segments_label, visible=False)
    labels = gr.Textbox("", label=texts.tokens_typed_label, visible=False)
    length = gr.Number(min(REEL_SEGMENTS, service.max_frames), label=texts.tokens_reel_length, visible=False)
    temperature = gr.Number(1, label=texts.tokens_reel_temperature, visible=False)
    seed = gr.Number(0, label=texts.tokens_reel_seed, visible=False)
    add(tokens, [file], "tokens", texts.tokens_api_tokens)
    add(cloze, [file, sentence, words, segments], "cloze", texts.tokens_api_cloze)
    add(align, [file, sentence], "align", texts.tokens_api_align)
    add(reel, [sentence, length, temperature, seed], "reel", texts.tokens_api_reel)
    add(classify, [file, labels], "classify", texts.tokens_api_classify)


def read_places(value: Any) -> tuple[int, ...] | None:
    """A list of whole numbers from 0 on, as someone sent it; None if it is none. No list at all is an empty one."""
    if value is None or value == "":
        return ()
    if not isinstance(value, list) or len(value) > 1000:
        return None
    fit = all(isinstance(place, int) and not isinstance(place, bool) and place >= 0 for place in value)
    return tuple(value) if fit else None
