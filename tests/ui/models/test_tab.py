"""Two models are compared on the page: what each says, and what each costs, beside each other."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import gradio as gr
import pytest

from tests.ui.page.test_states import ScriptedService
from videobert_demo.errors import QuestionError
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.models.tab import ModelsTab
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import Translations

REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={}))


@pytest.fixture
def tab() -> ModelsTab:
    with gr.Blocks():
        return ModelsTab(
            cast(VideoBertService, ScriptedService()),
            clip=gr.Video(),
            neutral=gr.Checkbox(),
            arrivals=Arrivals(),
            translations=Translations(),
        )


@pytest.fixture
def clip(tmp_path: Path) -> str:
    (tmp_path / "one.mp4").write_bytes(b"one")
    return str(tmp_path / "one.mp4")


def test_both_models_stand_beside_each_other(tab: ModelsTab, clip: str) -> None:
    html = tab._answer(clip, "what is it?", False, REQUEST)[tab._view]
    assert html.count('class="vb-models-caption"') == html.count('class="vb-models-answer"') == 2
    for text in ("&lt;full&gt;", "small", ENGLISH.models_eight_bits, "80 MB", "40 MB", "200 ms", "50 ms", "0:02.5"):
        assert text in html
    assert "<full>" not in html
    assert html.count("width:50.0%") == 3  # the second one's weights and both its steps
    without = tab._answer(clip, None, False, REQUEST)[tab._view]
    assert "vb-models-answer" not in without
    assert "vb-models-asked" not in without


def test_without_a_clip_it_is_said_what_to_do(tab: ModelsTab) -> None:
    with pytest.raises(QuestionError, match="on the left"):
        tab._answer(None, "what?", False, REQUEST)
    assert ENGLISH.models_empty_heading in tab._arrive(None, REQUEST)[tab._view]
    assert ENGLISH.models_busy in tab._start(REQUEST)[tab._view]
