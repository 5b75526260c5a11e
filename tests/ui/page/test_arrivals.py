"""A clip arrives: every part of the page hears of it in one request, and then what follows is told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import gradio as gr

from videobert_demo.ui.page.arrivals import Arrivals, Current


def test_all_parts_are_blanked_by_one_event_and_followers_come_after_it() -> None:
    arrivals = Arrivals()
    followed: list[Any] = []
    with gr.Blocks() as blocks:
        clip, view, state, kept = gr.Video(), gr.HTML(), gr.State(), gr.HTML()
        arrivals.add(lambda path, _request: {view: f"about {path}"}, [view, kept])
        arrivals.add(lambda _path, _request: {}, [])
        arrivals.add(lambda path, _request: {state: path is not None}, [state])
        arrivals.follow(followed.append)
        arrivals.listen_to(clip)
    (event,) = blocks.fns.values()
    assert event.targets == [(clip._id, "change")]
    assert list(event.outputs) == [view, kept, state]
    assert event.fn is not None
    request = cast(gr.Request, SimpleNamespace())
    current = Current()
    assert event.fn("a.mp4", current, request) == {view: "about a.mp4", state: True}  # `kept` stays as it is
    assert current.path == "a.mp4"
    assert event.fn(None, current, request) == {view: "about None", state: False}
    assert len(followed) == 1
