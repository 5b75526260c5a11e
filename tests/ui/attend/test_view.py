"""What the Attend tab draws."""

from __future__ import annotations

import re

import numpy as np

from videobert_demo.attention.faithfulness import Faithfulness
from videobert_demo.types import Frames, Heatmap
from videobert_demo.ui.attend.view import faithfulness_view, heads_view, result_view, words_view
from videobert_demo.ui.texts.english import ENGLISH

TIMES = np.array([0.0, 1.0, 3.0])


def frames() -> Frames:
    return Frames(np.full((3, 24, 32, 3), 120, dtype=np.uint8), TIMES)


def heatmap(hot: int) -> Heatmap:
    values = np.zeros((3, 2, 2), dtype=np.float32)
    values[hot] = 1
    return Heatmap(values, TIMES)


def test_words_are_escaped_and_the_chosen_one_is_marked() -> None:
    view = words_view("a <b>dog</b>", 1, ENGLISH)
    assert "<b>" not in view
    assert re.findall(r'data-word="(\d)" aria-pressed="(\w+)"', view) == [("0", "false"), ("1", "true")]


def test_the_result_names_the_hottest_moment_and_leads_to_every_frame() -> None:
    view = result_view("d<g", frames(), heatmap(2), colour_map="turbo", opacity=0.5, texts=ENGLISH)
    assert "d&lt;g" in view
    assert "Strongest at 0:03.0" in view
    assert re.findall(r'data-moment="([\d.]+)"', view) == ["0.000", "1.000", "3.000"] * 2  # frames, then the curve
    pictures = re.findall(r'src="(data:image/jpeg[^"]+)"', view)
    assert pictures[0] == pictures[1] != pictures[2]
    plain = result_view("dog", frames(), heatmap(2), colour_map="turbo", opacity=0.0, texts=ENGLISH)
    assert len(set(re.findall(r'src="(data:image/jpeg[^"]+)"', plain))) == 1


def test_every_head_is_shown_at_its_own_moment() -> None:
    maps = [[heatmap(0), heatmap(1)], [heatmap(2), heatmap(0)]]
    view = heads_view(frames(), maps, colour_map="turbo", opacity=0.5, texts=ENGLISH)
    assert re.findall(r'data-moment="([\d.]+)"', view) == ["0.000", "1.000", "3.000", "0.000"]
    assert "Layer 2, head 1, 0:03.0" in view


def test_the_verdict_follows_the_score() -> None:
    shares, line = np.array([0.0, 0.5, 1.0]), np.array([0.0, -1.0, -4.0])
    good = Faithfulness(shares, line - np.array([0, 1, 0]), line[::-1] + np.array([0, 1, 0]), line, line[::-1].copy())
    bad = Faithfulness(shares, line, line[::-1].copy(), line, line[::-1].copy())
    assert ENGLISH.attend_faith_better in faithfulness_view(good, ENGLISH)
    assert 'data-score="0.5000"' in faithfulness_view(good, ENGLISH)
    assert ENGLISH.attend_faith_worse in faithfulness_view(bad, ENGLISH)
