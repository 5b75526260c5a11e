"""The page of a model that nobody trained says so, in both languages."""

from __future__ import annotations

import pytest

from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.texts import Texts


@pytest.mark.parametrize("texts", [ENGLISH, CHINESE])
def test_an_untrained_model_is_called_so_above_the_tabs(texts: Texts) -> None:
    assert texts.untrained in render("page/page.html", "header", is_untrained=True, texts=texts)
    assert texts.untrained not in render("page/page.html", "header", is_untrained=False, texts=texts)
