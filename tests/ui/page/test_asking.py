"""Ask, then answer: how the events follow each other, and what a person reads if one of them fails."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import gradio as gr

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


def test_enter_and_the_button_start_and_the_answer_takes_its_turn() -> None:
    with gr.Blocks() as blocks:
        row = typed_row("label", "placeholder", "Go", text_id="line", max_characters=7)
        view = gr.HTML("")
        ask_then_answer(row, start, answer, [row.text], [view], view=view, refuse=str)
    started, answering, failing = blocks.fns.values()
    assert started.targets == [(row.text._id, "submit"), (row.button._id, "click")]
    assert started.queue is False
    assert (answering.concurrency_id, answering.concurrency_limit) == ("model", 2)
    assert answering.trigger_mode == "always_last"
    assert answering.trigger_after == started._id
    assert failing.trigger_after == answering._id
    assert failing.trigger_only_on_failure
    assert {one.api_visibility for one in (started, answering, failing)} == {"private"}
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
    failing = list(blocks.fns.values())[-1]
    assert failing.fn is not None
    assert failing.fn(request_in("en")) == {view: f"<p>{ENGLISH.unexpected_error}</p>", other: 0}
    assert failing.fn(request_in("zh-TW")) == {view: f"<p>{CHINESE.unexpected_error}</p>", other: 0}
