"""Two models are compared on the page: what each says, and what each costs, beside each other."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import numpy as np
import pytest

from tests.ui.page.test_states import ScriptedService
from videobert_demo.errors import QuestionError
from videobert_demo.service.compare_models import Form, ModelComparison, ModelSide
from videobert_demo.service.service import VideoBertService
from videobert_demo.types import Heatmap
from videobert_demo.ui.models.tab import ModelsTab
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import Translations

REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={}))


class Service(ScriptedService):
    """Also compares: the second model takes half the time."""

    def compare_models(self, path: str, *, question: str, neutral_words: bool) -> ModelComparison:
        clip: Any = self.open(path)
        heat = np.zeros((4, 2, 2), np.float32)
        heat[2] = 1.0

        def side(name: str, form: Form, factor: float) -> ModelSide:
            asked = self.answer(clip, question, neutral_words=neutral_words) if question else None
            caption = self.caption(clip, candidates=1, neutral_words=neutral_words)
            heatmap = Heatmap(heat, clip.frames.timestamps_seconds)
            seconds: Any = {"open": 0.2 * factor, "caption": 0.1 * factor}
            return ModelSide(name, form, 80 * factor, clip, caption, asked, heatmap, seconds)

        return ModelComparison(question, "dog", (side("<full>", "running", 1), side("small", "eight_bits", 0.5)))


@pytest.fixture
def tab() -> ModelsTab:
    with gr.Blocks():
        return ModelsTab(
            cast(VideoBertService, Service()),
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
