"""HTTP endpoints for what is asked of a whole film: `/moments`, `/library_moments`, `/summary`, `/cut`."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from videobert_demo.service.films import SUMMARY_SCENES, summary_report
from videobert_demo.service.moments import MOMENTS, moments_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.timeline.exports.cuts import CUT_FORMATS, cut_values
from videobert_demo.timeline.scenes import MAX_SCENES
from videobert_demo.ui.page.endpoints import (
    CLIP,
    LANGUAGE,
    Argument,
    add_endpoint,
    clip_input,
    errors_told,
    given,
    language_input,
    neutral_words,
)
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.schemas import Schema, either, listed, number, one_of, or_none, record, text, truth, whole
from videobert_demo.ui.texts.texts import Texts

MAX_MOMENTS = 50
_SPAN = {"start_seconds": number("Where it starts."), "end_seconds": number("Where it ends, exclusive.")}
_MOMENTS = record(
    text=text("What was sought."),
    moments=listed(
        record(
            **_SPAN,
            score=number("How like what was sought it is: a cosine similarity in [-1, 1]."),
            share=number("How much of all that stands out in its clip lies in it, in [0, 1]; they are ranked by it."),
            sure=truth("False if it may not fit."),
            title=or_none(text("The clip's title; null where one clip was searched.")),
            content_hash=or_none(text("Names the clip by its content.")),
        ),
        "The time ranges that fit, best first.",
    ),
)
_SUMMARY = record(
    text=text("A paragraph: what the scenes show."),
    coverage=number("How like the chosen scenes everything in the clip is, in [0, 1]."),
    duration_seconds=number("How long the clip is."),
    scenes=listed(
        record(
            index=whole("Which of the clip's scenes it is, from 0."),
            **_SPAN,
            caption=text("A sentence about it."),
            probability=number("How likely that is right, in [0, 1]."),
            sure=truth("Whether it is likely enough to be told as it is."),
        ),
        "In order of time.",
    ),
)
_CUT = record(
    file=text("The file's name, without folders."),
    duration_seconds=number("How long the clip is."),
    kept_seconds=number("How long the film is that is left."),
    frame_rate=or_none(listed(whole(), "Frames a second, as numerator and denominator; null if it varies.")),
    sure=truth("False if nothing in the clip is sure to fit."),
    parts=listed(
        record(
            **_SPAN,
            stays=truth("Whether it is in the film that is left."),
            score=or_none(number("How like what was sought it is; null where it is not.")),
        ),
        "In order; they cover the clip.",
    ),
)


_FORM = Argument(
    one_of(list(CUT_FORMATS), "json, or a cut list in the form of a file for an editor, sent as one text."),
    "json",
    default="json",
)


def build_film_endpoints(service: VideoBertService, visitors: VisitorLibraries, texts: Texts) -> None:
    """Adds the endpoints.

    Args:
        service: The model.
        visitors: The libraries; a caller sees what belongs to its own session.
        texts: The language of their documentation and error messages.
    """
    _add_moments(service, texts)
    _add_library_moments(service, visitors, texts)
    _add_summary(service, texts)
    _add_cut(service, texts)


def _add_moments(service: VideoBertService, texts: Texts) -> None:
    def moments(clip: str | None, sentence: str, count: float = MOMENTS, format: str = "json") -> dict[str, Any] | str:
        path = given(clip, texts)
        with errors_told():
            found = service.moments(path, sentence, count=int(count))
            if format == "json":
                return moments_report(sentence, found)
            # A text that is sent as JSON has to be written as JSON.
            return json.dumps(CUT_FORMATS[format][0](service.cut_of(path, found)))

    counted = whole_number(texts.moments_api_count, MOMENTS, most=MAX_MOMENTS)
    arguments = {
        "clip": CLIP,
        "sentence": _SENTENCE,
        "count": _count("time ranges", MOMENTS, MAX_MOMENTS),
        "format": _FORM,
    }
    returns = either(_MOMENTS, text("The cut list, where another format than json was asked for."))
    inputs = [clip_input(texts), _sentence(texts), counted, _form_input(texts)]
    _add(moments, inputs, "moments", texts.moments_api_description, arguments, returns)


def _add_library_moments(service: VideoBertService, visitors: VisitorLibraries, texts: Texts) -> None:
    def library_moments(sentence: str, request: gr.Request, count: float = MOMENTS) -> dict[str, Any]:
        with errors_told():
            found = service.library_moments(visitors.of(session_of(request)), sentence, count=int(count))
        return moments_report(sentence, found)

    inputs = [_sentence(texts), whole_number(texts.moments_api_count, MOMENTS, most=MAX_MOMENTS)]
    arguments = {"sentence": _SENTENCE, "count": _count("time ranges", MOMENTS, MAX_MOMENTS)}
    _add(library_moments, inputs, "library_moments", texts.library_moments_api_description, arguments, _MOMENTS)


def _add_summary(service: VideoBertService, texts: Texts) -> None:
    def summary(
        clip: str | None,
        count: float = SUMMARY_SCENES,
        neutral_words: bool = service.settings.neutral_words,
        language: str = "en",
    ) -> dict[str, Any]:
        path = given(clip, texts)
        with errors_told():
            summary = service.summary(path, count=int(count), neutral_words=neutral_words, language=language)
            return summary_report(service.in_language(summary, language))

    neutral = gr.Checkbox(value=service.settings.neutral_words, label=texts.neutral_label, visible=False)
    scenes = whole_number(texts.summary_api_count, SUMMARY_SCENES, most=MAX_SCENES)
    inputs = [clip_input(texts), scenes, neutral, language_input(texts)]
    arguments = {
        "clip": CLIP,
        "count": _count("scenes", SUMMARY_SCENES, MAX_SCENES),
        "neutral_words": neutral_words(service.settings.neutral_words),
        "language": LANGUAGE,
    }
    _add(summary, inputs, "summary", texts.summary_api_description, arguments, _SUMMARY)


def _add_cut(service: VideoBertService, texts: Texts) -> None:
    def cut(clip: str | None, sentence: str, format: str = "json") -> dict[str, Any] | str:
        path = given(clip, texts)
        with errors_told():
            cuts = service.cut(path, sentence)
            # A text that is sent as JSON has to be written as JSON.
            return cut_values(cuts) if format == "json" else json.dumps(CUT_FORMATS[format][0](cuts))

    wish = gr.Textbox(label=texts.cut_api_sentence, visible=False)
    told = text("What to keep or to remove; what fits a bare sentence is kept.")
    arguments = {
        "clip": CLIP,
        "sentence": Argument(told, "remove the parts without a dog"),
        "format": _FORM,
    }
    returns = either(_CUT, text("The file, where another format than json was asked for."))
    _add(cut, [clip_input(texts), wish, _form_input(texts)], "cut", texts.cut_api_description, arguments, returns)


_SENTENCE = Argument(text("What to look for: a sentence, or one to three words."), "a dog on the floor")


def _add(
    answer: Any, inputs: list[Any], name: str, description: str, arguments: dict[str, Argument], returns: Schema
) -> None:
    add_endpoint(answer, inputs, name=name, description=description, arguments=arguments, returns=returns)


def _sentence(texts: Texts) -> gr.Textbox:
    return gr.Textbox(label=texts.search_label, visible=False)


def _form_input(texts: Texts) -> gr.Dropdown:
    """A dropdown refuses what is not among its choices."""
    return gr.Dropdown(choices=list(CUT_FORMATS), value="json", label=texts.scenes_api_format, visible=False)


def whole_number(label: str, value: int, *, most: int) -> gr.Number:
    """The input of a whole number from 1 on, which page/values.py checks."""
    return gr.Number(value=value, minimum=1, maximum=most, precision=0, label=label, visible=False)


def _count(what: str, default: int, most: int) -> Argument:
    return Argument(whole(f"How many {what} to return at most, 1 to {most}."), default, default=default)
