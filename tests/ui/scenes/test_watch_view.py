"""A watch list, its alarms, and what a camera shows, as HTML."""

from __future__ import annotations

from dataclasses import replace

from videobert_demo.service.live import LiveUpdate
from videobert_demo.timeline.exports.alarms import SeenAlarm
from videobert_demo.timeline.watching import Alarm
from videobert_demo.timeline.watchlist import WatchedEvent
from videobert_demo.types import Caption
from videobert_demo.ui.scenes import watch_view as views
from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.texts.english import ENGLISH

EVENT = WatchedEvent("<fire>", 'a "fire"', 0.2, "#b7791f")
SEEN = SeenAlarm(EVENT, Alarm(0, 1.0, 3.0, 2.0, 0.5, is_over=True), b"\xff\xd8")


def test_rows_keep_what_was_typed_and_escape_it() -> None:
    html = views.rows_view(views.rows_of([EVENT]), ENGLISH, problem="<no>")
    assert 'value="&lt;fire&gt;"' in html
    assert 'value="a &#34;fire&#34;"' in html
    assert 'value="0.2"' in html
    assert "<fire>" not in html
    assert "&lt;no&gt;" in html


def test_a_row_that_an_extra_tells_is_not_changed_by_typing() -> None:
    html = views.rows_view(views.rows_of([replace(EVENT, by="open_nsfw")]), ENGLISH)
    assert html.count("readonly") == 1
    assert '<input type="hidden" data-field="by" value="open_nsfw">' in html
    assert "readonly" not in views.empty_view(ENGLISH)


def test_whatever_a_browser_sends_becomes_rows() -> None:
    sent = [{"sentence": "x" * 1000, "threshold": 3, "more": 1}, "row", None, {}]
    rows = views.read_typed(sent, 2)
    assert [len(row["sentence"]) for row in rows] == [300]
    assert set(rows[0]) == {"name", "sentence", "threshold", "colour", "by"}
    assert views.read_typed({"rows": 1}, 2) == []


def test_alarms_lie_where_they_are() -> None:
    html = views.alarms_view([EVENT], [SEEN], 10.0, ENGLISH)
    assert "One alarm" in html
    assert "left: 10.00%; width: 20.00%" in html
    assert 'data-seek-seconds="2.005"' in html
    assert "50\u00a0%" in html
    assert "没有警报" in views.alarms_view([EVENT], [], 10.0, CHINESE)


def test_live_says_what_goes_on_and_leaves_the_delay_to_the_browser() -> None:
    update = LiveUpdate(2.0, Caption("a dog runs", 0.5), False, (), (SEEN,), 0.1)
    html = views.live_view(1234, update, [SEEN], ENGLISH)
    assert 'data-sent="1234"' in html
    assert "A dog runs" in html
    assert 'data-delay="{seconds} s behind the camera"' in html
    assert html.count("&lt;fire&gt;") >= 2
