"""HTTP endpoints for what happens in a film: `/events`, `/slots`, `/compare`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gradio as gr

from videobert_demo.service.happenings import SLOTS, events_report, passages_report, slots_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.page.endpoints import CLIP, Argument, add_endpoint, clip_input, errors_told, given, refusal
from videobert_demo.ui.page.schemas import listed, number, or_none, record, text, whole
from videobert_demo.ui.scenes.film_endpoints import whole_number
from videobert_demo.ui.texts.texts import Texts

MAX_SLOTS = 60
MAX_GAP_SECONDS = 86400
_EVENTS = record(
    text=text("What was sought."),
    count=whole("How often it happens."),
    count_range=listed(whole(), "How often at least and at most."),
    total_seconds=number("How long it happens in all."),
    total_deviation_seconds=number("How far that may be off: one standard deviation."),
    events=listed(
        record(
            start_seconds=number("Where it starts."),
            end_seconds=number("Where it ends, exclusive."),
            probability=number("That it is one, in [0, 1]."),
            start_range=listed(number(), "Between which moments it starts."),
            end_range=listed(number(), "Between which moments it ends."),
        ),
        "In order of time.",
    ),
    curve=listed(
        record(
            timestamp_seconds=number("When the picture comes on screen."),
            probability=number("That it shows what was sought, in [0, 1]."),
        ),
        "Two pictures a second, at most 600.",
    ),
)
_SLOTS = record(
    slots=listed(
        record(
            seconds=number("Where it is."),
            score=number("What places are ranked by, in [0, 1]."),
            change=number("How unlike what is before and after it is, in [0, 1]."),
            calm=number("How little moves around it, in [0, 1]."),
            fit=or_none(number("How like what is to be shown there its surroundings are, in [-1, 1]; else null.")),
        ),
        "The best first.",
    )
)
_PASSAGES = record(
    passages=listed(
        record(
            first_seconds=listed(number(), "Where it starts and ends in the first clip."),
            second_seconds=listed(number(), "Where it starts and ends in the other one."),
            offset_seconds=number("How much later it is in the other one."),
            likeness=number("How alike its pictures are, in [-1, 1]."),
        ),
        "The longest first.",
    )
)


def build_happening_endpoints(service: VideoBertService, texts: Texts) -> None:
    """Adds the endpoints.

    Args:
        service: The model.
        texts: The language of their documentation and error messages.
    """
    _add_events(service, texts)
    _add_slots(service, texts)
    _add_compare(service, texts)


def _add_events(service: VideoBertService, texts: Texts) -> None:
    def events(clip: str | None, sentence: str) -> dict[str, Any]:
        path = given(clip, texts)
        with errors_told():
            return events_report(sentence, service.events(path, sentence))

    sentence = gr.Textbox(label=texts.search_label, visible=False)
    told = text("What happens: a sentence, or one to three words.")
    add_endpoint(
        events,
        [clip_input(texts), sentence],
        name="events",
        description=texts.events_api_description,
        arguments={"clip": CLIP, "sentence": Argument(told, "a dog on the floor")},
        returns=_EVENTS,
    )


def _add_slots(service: VideoBertService, texts: Texts) -> None:
    def slots(
        clip: str | None,
        count: float = SLOTS,
        min_gap_seconds: float = 0.0,
        sentence: str = "",
        shown_clip: str | None = None,
    ) -> dict[str, Any]:
        path = given(clip, texts)
        if sentence.strip() and shown_clip:
            raise refusal(texts.slots_api_one_only)
        with errors_told():
            slots = service.slots(
                path, count=int(count), text=sentence.strip() or None, clip=shown_clip, min_gap_seconds=min_gap_seconds
            )
            return slots_report(slots)

    gap = gr.Number(value=0.0, minimum=0, maximum=MAX_GAP_SECONDS, label=texts.slots_api_gap, visible=False)
    sentence = gr.Textbox(value="", label=texts.slots_api_sentence, visible=False)
    shown_clip = gr.File(label=texts.slots_api_clip, type="filepath", visible=False)
    add_endpoint(
        slots,
        [clip_input(texts), whole_number(texts.summary_api_count, SLOTS, most=MAX_SLOTS), gap, sentence, shown_clip],
        name="slots",
        description=texts.slots_api_description,
        arguments={
            "clip": CLIP,
            "count": Argument(whole(f"How many places to return at most, 1 to {MAX_SLOTS}."), SLOTS, default=SLOTS),
            "min_gap_seconds": Argument(number("How far apart they are at least."), 0.0, default=0.0),
            "sentence": Argument(text("What is to be shown there, such as “a new car”; else empty."), "", default=""),
            "shown_clip": replace(
                CLIP, schema=text("In place of the sentence, a clip of what is to be shown."), default=""
            ),
        },
        returns=_SLOTS,
    )


def _add_compare(service: VideoBertService, texts: Texts) -> None:
    def compare(clip: str | None, other: str | None) -> dict[str, Any]:
        first, second = given(clip, texts), given(other, texts)
        with errors_told():
            return passages_report(service.compare(first, second))

    another = gr.File(label=texts.compare_api_other, type="filepath", visible=False)
    add_endpoint(
        compare,
        [clip_input(texts), another],
        name="compare",
        description=texts.compare_api_description,
        arguments={"clip": CLIP, "other": CLIP},
        returns=_PASSAGES,
    )
