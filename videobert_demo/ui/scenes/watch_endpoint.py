"""The HTTP endpoint `/watch`: a clip and the rows of a watch list in, alarms out. Nothing is kept or sent on."""

from __future__ import annotations

from typing import Any

import gradio as gr

from videobert_demo.service.service import VideoBertService
from videobert_demo.timeline.exports.alarms import watch_report
from videobert_demo.timeline.watchlist import COLOURS, DEFAULT_THRESHOLD, MAX_EVENTS, SENTENCE, WAYS, read_watched
from videobert_demo.ui.page.endpoints import CLIP, Argument, add_endpoint, clip_input, errors_told, given, refusal
from videobert_demo.ui.page.schemas import listed, number, one_of, record, text, truth, whole
from videobert_demo.ui.texts.texts import Texts

_EVENT = {
    "name": text("What alarms are called by."),
    "sentence": text("What is seen: a sentence, or one to three words."),
    "threshold": number(f"The probability from which on it counts as seen; {DEFAULT_THRESHOLD:g} if none was given."),
    "colour": text("How it is marked, as #rrggbb."),
    "by": one_of(list(WAYS), "What tells it: its sentence, or Open-NSFW, an optional extra for nudity."),
}
_EXAMPLE = [{"name": "dog", "sentence": "a dog", "threshold": DEFAULT_THRESHOLD, "colour": COLOURS[0], "by": SENTENCE}]
_WATCH = record(
    events=listed(record(**_EVENT, count=whole("How many alarms it has.")), "The list, as it was read."),
    alarms=listed(
        record(
            **_EVENT,
            start_seconds=number("When its first picture came on screen."),
            end_seconds=number("When it was seen no more."),
            peak_seconds=number("When it was likeliest."),
            score=number("How likely it was then, in [0, 1]."),
            over=truth("Always true: the whole clip was seen."),
            picture=text("Its likeliest moment, a JPEG in base64; empty beyond the first 200 alarms."),
        ),
        "In order of time.",
    ),
)


def build_watch_endpoint(service: VideoBertService, texts: Texts) -> None:
    """Adds the endpoint.

    Args:
        service: The model.
        texts: The language of its documentation and error messages.
    """

    def watch(clip: str | None, events: Any) -> dict[str, Any]:
        path = given(clip, texts)
        if not isinstance(events, list) or not all(isinstance(row, dict) for row in events):
            raise refusal(texts.watch_api_rows)
        with errors_told():
            wanted = read_watched(events[: MAX_EVENTS + 1])
            return watch_report(wanted, service.watch(path, wanted))

    rows = gr.JSON([], label=texts.watch_api_events, visible=False)
    told = listed(record(**_EVENT), f"Up to {MAX_EVENTS} events; only `sentence` has to be there.")
    add_endpoint(
        watch,
        [clip_input(texts), rows],
        name="watch",
        description=texts.watch_api_description,
        arguments={"clip": CLIP, "events": Argument(told, _EXAMPLE)},
        returns=_WATCH,
    )
