"""The map of the visual words as it is drawn."""

from __future__ import annotations

import numpy as np

from tests.ui.tokens.test_view import OWN
from videobert_demo.service.codebook_map import CodebookMap, Landmark
from videobert_demo.service.results import Inspection
from videobert_demo.types.visual_words import VisualWord
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.tokens.mapping import draw
from videobert_demo.ui.tokens.view import strip_view

WORDS = (VisualWord(7, 0.0, ("dog", "grass")), VisualWord(164, 0.0, ("<car>",)), VisualWord(3, 0.0))
FOUND = CodebookMap(
    WORDS,
    np.array([[0.5, 0.5], [0.51, 0.5], [1.0, 0.0]]),
    (Landmark("near them", 0.55, 0.5), Landmark("far away", 0.2, 0.9)),
)


def test_labels_do_not_cover_each_other() -> None:
    drawn = draw(FOUND, OWN)
    assert [one.text for one in drawn.own] == ["7 dog, grass", "164 <car>"]
    assert len(drawn.way) == 3  # 7, 164, 7
    first, second = drawn.own
    assert first.label_y is not None
    assert second.label_y is not None
    assert abs(first.label_y - second.label_y) > 0.08
    assert [one.text for one in drawn.landmarks] == ["far away"]
    assert all(0 <= dot.x <= 1 and 0 <= dot.y <= 1 for dot in drawn.dots)


def test_the_strip_has_the_map_below() -> None:
    html = strip_view(Inspection(OWN, ((), (), ()), 3), ENGLISH, FOUND)
    assert html.count("<circle") == 5
    assert "164 &lt;car&gt;" in html
    assert "A map of 3 visual words" in html
    assert "vb-map" not in strip_view(Inspection(OWN, ((), (), ()), 3), ENGLISH)
