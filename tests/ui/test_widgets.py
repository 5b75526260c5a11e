"""What several tabs show alike, and the templates that draw it."""

from __future__ import annotations

import re

import numpy as np
import pytest
from jinja2 import UndefinedError

from videobert_demo.types import Frames
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.widgets import clock, curve, frame_strip, percent, split_deed, thumbnail


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.0, "0:00.0"), (9.96, "0:10.0"), (59.96, "1:00.0"), (72.34, "1:12.3"), (3723.4, "1:02:03.4")],
)
def test_the_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


@pytest.mark.parametrize(
    ("hint", "parts"),
    [
        ("best first; click one to play it", ("best first", "; click one to play it")),
        ("最匹配的在前；点击可播放", ("最匹配的在前", "；点击可播放")),
        ("click one to jump there", ("", "click one to jump there")),
        ("", ("", "")),
    ],
)
def test_what_can_be_done_is_the_last_part_of_a_hint(hint: str, parts: tuple[str, str]) -> None:
    assert split_deed(hint) == parts


@pytest.mark.parametrize(
    ("share", "shown", "fine"),
    [
        (0.0, "0", "0.0"),
        (0.004, "0", "0.4"),
        (0.0994, "10", "9.9"),
        (0.0995, "10", "10"),
        (0.614, "61", "61"),
        (1.0, "100", "100"),
    ],
)
def test_percentages_are_whole_and_small_ones_may_be_fine(share: float, shown: str, fine: str) -> None:
    assert percent(share) == f"{shown}\u00a0%"
    assert percent(share, is_fine=True) == f"{fine}\u00a0%"


def some_frames(count: int) -> Frames:
    return Frames(np.zeros((count, 12, 16, 3), np.uint8), np.arange(count) + 0.5)


@pytest.mark.parametrize(
    ("count", "columns", "narrow_columns"), [(1, 3, 3), (2, 3, 3), (6, 6, 3), (7, 4, 4), (8, 4, 4), (9, 5, 3)]
)
def test_a_strip_leaves_no_gap(count: int, columns: int, narrow_columns: int) -> None:
    strip = frame_strip(some_frames(count))
    assert (strip.columns, strip.narrow_columns) == (columns, narrow_columns)
    assert [frame.seconds for frame in strip.frames] == [index + 0.5 for index in range(count)]


def test_a_strip_is_drawn_with_its_moments() -> None:
    html = render("widgets.html", "frame_strip", frame_strip(some_frames(3)), ENGLISH)
    assert re.findall(r'data-seek-seconds="([\d.]+)"', html) == ["0.500", "1.500", "2.500"]
    assert html.count(thumbnail(np.zeros((12, 16, 3), np.uint8))) == 3
    assert 'alt="Frame at 0:01.5"' in html
    assert "opacity" not in html
    assert " · " not in html


def test_a_curve_stands_in_its_picture() -> None:
    drawn = curve(np.array([1.0, 2.0, 4.0]), np.array([0.25, 0.5, 0.0]), peak=1)
    assert [point.x for point in drawn.points] == pytest.approx([6, 202, 594])
    assert [point.y for point in drawn.points] == pytest.approx([42, 8, 76])  # the largest value is at the top
    assert [point.left for point in drawn.points] == pytest.approx([0, 104, 398])
    assert [point.width for point in drawn.points] == pytest.approx([104, 294, 202])
    assert [point.is_peak for point in drawn.points] == [False, True, False]
    half = curve(np.array([1.0]), np.array([0.5]), max_value=1.0)
    assert (half.points[0].x, half.points[0].y) == pytest.approx((6, 42))


def test_a_curve_is_drawn_with_bands_to_click() -> None:
    html = render("widgets.html", "curve", curve(np.array([0.0, 2.0]), np.array([0.2, 0.8]), peak=1), "a <label>")
    assert 'aria-label="a &lt;label&gt;"' in html
    assert re.findall(r'data-moment="([\d.]+)"', html) == ["0.000", "2.000"]
    assert re.findall(r' r="([\d.]+)"', html) == ["3.2", "5.5"]
    assert "0:02.0 · 80\u00a0%" in html


def test_every_text_is_escaped_and_every_name_needs_a_value() -> None:
    html = render("widgets.html", "notice", "ask", "error", "<b>", "\"&'")
    assert '<div class="vb-tab-notice vb-ask-notice" data-ask="error" role="alert">' in html
    assert "<h2>&lt;b&gt;</h2>" in html
    assert "<p>&#34;&amp;&#39;</p>" in html
    with pytest.raises(UndefinedError, match="message"):
        render("widgets.html", "notice", "ask", "error", "heading")
