"""The passages that two clips share, as HTML."""

from __future__ import annotations

from videobert_demo.timeline.matching import Passage
from videobert_demo.ui.both.view import shared_view
from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.texts.english import ENGLISH


def test_a_passage_is_drawn_where_it_is_in_either_clip() -> None:
    passage = Passage((2.5, 6.5), (0.0, 4.0), 0.97)
    html = shared_view([passage], ["<one>.mp4", "two.mp4"], [10.0, 4.0], ENGLISH)
    assert "left: 25.00%; width: 40.00%" in html
    assert "left: 0.00%; width: 100.00%" in html
    assert 'data-seek-seconds="2.505"' in html
    assert "-2.5 s · likeness 0.97" in html
    assert "<one>" not in html


def test_clips_that_share_nothing_say_so() -> None:
    assert "两段视频没有相同的片段" in shared_view([], ["a", "b"], [1.0, 1.0], CHINESE)
