"""Ask, then answer: how the events follow each other, and what a person reads if one of them fails."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import gradio as gr
from gradio.block_function import BlockFunction

from videobert_demo.errors import QuestionError
from videobert_demo.ui.page.asking import answer_after, ask_then_answer, typed_row
from videobert_demo.ui.page.queues import Updates
from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.texts.english import ENGLISH


def request_in(language: str) -> gr.Request:
    return cast(gr.Request, SimpleNamespace(session_hash="one", headers={"accept-language": language}))


def start(request: gr.Request) -> Updates:
    return {}


def answer(text: str, request: gr.Request) -> Updates:
    return {}


def failing_of(blocks: gr.Blocks) -> BlockFunction:
    return next(event for event in blocks.fns.values() if event.trigger_only_on_failure)


def stopping_of(blocks: gr.Blocks) -> BlockFunction:
    """What shows again what was there: Gradio stops the work through an event of its own."""
    return next(event for event in blocks.fns.values() if event.targets[0][1] == "input" and event.fn is not None)


def test_enter_and_the_button_start_and_the_answer_takes_its_turn() -> None:
    with gr.Blocks() as blocks:
        row = typed_row("label", "placeholder", "Go", text_id="line", max_characters=7)
        view = gr.HTML("")
        ask_then_answer(row, start, answer, [row.text], [view], view=view, refuse=str)
    started, answering = list(blocks.fns.values())[:2]
    failing, stopping = failing_of(blocks), stopping_of(blocks)
    assert started.targets == [(row.text._id, "submit"), (row.button._id, "click")]
    assert started.queue is False
    assert (answering.concurrency_id, answering.concurrency_limit) == ("model", 16)
    assert answering.trigger_mode == "always_last"
    assert answering.trigger_after == started._id
    assert failing.trigger_after == answering._id
    assert failing.trigger_only_on_failure
    assert {one.api_visibility for one in (started, answering, failing, stopping)} == {"private"}
    assert stopping.targets == [(view._id, "input")]
    assert answering._id in [one for event in blocks.fns.values() for one in event.cancels]
    assert row.text.max_length == 7


def test_a_failure_is_a_sentence_in_the_view_and_the_rest_is_reset() -> None:
    with gr.Blocks() as blocks:
        row = typed_row("label", "placeholder", "Go", text_id="line")
        view, other = gr.HTML(""), gr.State(1)
        started = row.button.click(start, None, [view])
        answer_after(
            started,
            answer,
            [row.text],
            [view, other],
            view=view,
            refuse=lambda sentence: f"<p>{sentence}</p>",
            reset=lambda: {other: 0},
        )
    failing = failing_of(blocks)
    assert failing.fn is not None
    for language, texts in (("en", ENGLISH), ("zh-TW", CHINESE)):
        told = failing.fn(request_in(language), "<b>earlier</b>")
        assert told == {view: f"<p>{texts.unexpected_error}</p><b>earlier</b>", other: 0}


def test_an_error_is_told_above_the_earlier_answer_and_an_answer_takes_its_place() -> None:
    def answer_or_refuse(text: str, request: gr.Request) -> Updates:
        if not text:
            raise QuestionError("There is no question yet.")
        return {view: f"<b>{text}</b>"}

    with gr.Blocks() as blocks:
        row = typed_row("label", "placeholder", "Go", text_id="line")
        view, kept = gr.HTML(""), gr.State("")
        started = row.button.click(start, None, [view])
        answer_after(
            started, answer_or_refuse, [row.text], [view], view=view, refuse=lambda told: f"<p>{told}</p>", kept=kept
        )
    answering = list(blocks.fns.values())[1]
    assert answering.fn is not None
    assert answering.fn(request_in("en"), "", "who?") == {view: "<b>who?</b>", kept: "<b>who?</b>"}
    stopping = stopping_of(blocks)
    assert stopping.fn is not None
    assert stopping.fn("<b>who?</b>") == {view: "<b>who?</b>"}  # who stops waiting sees what was there
    refused = answering.fn(request_in("en"), "<b>who?</b>", "")
    assert refused == {view: "<p>There is no question yet.</p><b>who?</b>"}
