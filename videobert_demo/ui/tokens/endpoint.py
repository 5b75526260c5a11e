"""The HTTP endpoints `/tokens`, `/cloze`, `/align`, `/reel` and `/classify`: what the model itself sees.

They keep nothing. A caller's library is the examples or the lasting library, as in `/search`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import gradio as gr

from videobert_demo.model.features import ClipFeatures
from videobert_demo.service import reports
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.tasks.visual_words import REEL_SEGMENTS
from videobert_demo.ui.page.endpoints import add_endpoint, clip_input, errors_told, given, refusal
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens import forms

MAX_POSITIONS = 1000
Report = dict[str, Any]


def build_tokens_endpoints(service: VideoBertService, visitors: VisitorLibraries, texts: Texts) -> None:
    """Adds the endpoints.

    Args:
        service: The model.
        visitors: The libraries; a caller sees what belongs to its own session.
        texts: The language of their documentation and error messages.
    """
    endpoints = _TokensEndpoints(service, visitors, texts)
    clip, sentence = clip_input(texts), gr.Textbox(label=texts.tokens_align_label, visible=False)
    hidden = (
        gr.JSON([], label=texts.tokens_api_words_label, visible=False),
        gr.JSON([], label=texts.tokens_api_segments_label, visible=False),
    )
    length = min(REEL_SEGMENTS, service.max_frames)
    numbers = (
        gr.Number(length, label=texts.tokens_reel_length, visible=False),
        gr.Number(1, label=texts.tokens_reel_temperature, visible=False),
        gr.Number(0, label=texts.tokens_reel_seed, visible=False),
    )
    labels = gr.Textbox("", label=texts.tokens_typed_label, visible=False)
    for answer, inputs, description, takes, returns in (
        (endpoints.tokens, [clip], texts.tokens_api_tokens, forms.TOKENS_TAKES, forms.TOKENS),
        (endpoints.cloze, [clip, sentence, *hidden], texts.tokens_api_cloze, forms.CLOZE_TAKES, forms.CLOZE),
        (endpoints.align, [clip, sentence], texts.tokens_api_align, forms.ALIGN_TAKES, forms.ALIGNED),
        (endpoints.reel, [sentence, *numbers], texts.tokens_api_reel, forms.reel_takes(length), forms.REEL),
        (endpoints.classify, [clip, labels], texts.tokens_api_classify, forms.CLASSIFY_TAKES, forms.CLASSIFIED),
    ):
        add_endpoint(answer, inputs, name=answer.__name__, description=description, arguments=takes, returns=returns)


class _TokensEndpoints:
    """What the endpoints answer; the parameters' names and defaults are those of the endpoints."""

    def __init__(self, service: VideoBertService, visitors: VisitorLibraries, texts: Texts) -> None:
        self._service, self._visitors, self._texts = service, visitors, texts

    def tokens(self, clip: str | None, request: gr.Request) -> Report:
        def work(opened: ClipFeatures) -> Report:
            library = self._visitors.of(session_of(request))
            found = self._service.inspect(opened, library=library)
            return reports.tokens_report(found, self._service.forecast(opened, library=library))

        return self._about(clip, work)

    def cloze(self, clip: str | None, sentence: str, hidden_words: Any = None, hidden_segments: Any = None) -> Report:
        words, segments = read_positions(hidden_words), read_positions(hidden_segments)
        if words is None or segments is None:
            raise refusal(self._texts.tokens_api_places)
        return self._about(
            clip, lambda opened: reports.cloze_report(self._service.fill(opened, sentence, words, segments))
        )

    def align(self, clip: str | None, sentence: str) -> Report:
        return self._about(clip, lambda opened: reports.align_report(self._service.align(opened, sentence)))

    def reel(
        self,
        sentence: str,
        request: gr.Request,
        segments: float = REEL_SEGMENTS,
        temperature: float = 1.0,
        seed: float = 0,
    ) -> Report:
        def work() -> Report:
            library = self._visitors.of(session_of(request))
            return reports.reel_report(
                self._service.reel(sentence, library=library, segments=segments, temperature=temperature, seed=seed)
            )

        return _timed(work)

    def classify(self, clip: str | None, request: gr.Request, labels: str = "") -> Report:
        typed = labels.split(",")

        def work(opened: ClipFeatures) -> Report:
            library = self._visitors.of(session_of(request))
            return reports.classify_report(self._service.classify(opened, typed, library=library))

        return self._about(clip, work)

    def _about(self, clip: str | None, work: Callable[[ClipFeatures], Report]) -> Report:
        path = given(clip, self._texts)
        return _timed(lambda: work(self._service.open(path)))


def _timed(work: Callable[[], Report]) -> Report:
    """A report with the time it took."""
    started = time.perf_counter()
    with errors_told():
        report = work()
    return report | {"seconds": round(time.perf_counter() - started, 3)}


def read_positions(value: Any) -> tuple[int, ...] | None:
    """A list of whole numbers from 0 on, as someone sent it; no list at all is an empty one.

    Returns:
        The numbers, or None if it is anything else.
    """
    if value is None or value == "":
        return ()
    if not isinstance(value, list) or len(value) > MAX_POSITIONS:
        return None
    fit = all(isinstance(one, int) and not isinstance(one, bool) and one >= 0 for one in value)
    return tuple(value) if fit else None
