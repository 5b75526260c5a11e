"""Sessions of callers over HTTP go as soon as their call is over; those of pages and of stored values stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio.state_holder import SessionState

from tests.ui.page.test_states import ScriptedService
from videobert_demo.ui.app import build_app
from videobert_demo.ui.page.sessions import forget_finished, share_types
from videobert_demo.ui.page.visits import Retention, Visits


@pytest.fixture
def blocks() -> gr.Blocks:
    """A page with a value that belongs to each session."""
    with gr.Blocks() as built:
        gr.Video()
        gr.State(0)
    return built


def test_a_finished_call_leaves_no_session(blocks: gr.Blocks, tmp_path: Path) -> None:
    visits, sessions = Visits(tmp_path, Retention()), blocks.state_holder
    (value,) = (block for block in blocks.blocks.values() if isinstance(block, gr.State))
    for name in ("page", "caller", "counting caller"):
        assert sessions[name] is not None
    visits.arrive("page")
    sessions["counting caller"][value._id] = 3
    for name in ("page", "caller", "counting caller", "never seen", None):
        forget_finished(sessions, name, visits)
    assert set(sessions.session_data) == set(sessions.time_last_used) == {"page", "counting caller"}


def test_types_are_worked_out_once_and_stay_the_same() -> None:
    app = build_app(ScriptedService())
    before = SessionState(app).config_values
    asked: list[int] = []
    for block in app.blocks.values():
        if hasattr(block, "api_info"):
            block.api_info = count_calls(block.api_info, asked)
    share_types(app)
    first, second = SessionState(app).config_values, SessionState(app).config_values
    assert before == first == second
    assert len(asked) == sum(hasattr(block, "api_info") for block in app.blocks.values() if not block.skip_api)


def count_calls(function: Any, asked: list[int]) -> Any:
    """The function, which adds to `asked` at every call."""

    def counted() -> Any:
        asked.append(1)
        return function()

    return counted
