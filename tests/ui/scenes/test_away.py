"""What can be taken away of what is asked of a film."""

from __future__ import annotations

import csv
import io
import json

import numpy as np

from tests.timeline.samples import sample_cuts, sample_timeline
from videobert_demo.service.films import Summary
from videobert_demo.service.moments import FoundMoment
from videobert_demo.timeline.events import Event, Events
from videobert_demo.timeline.moments import Moment
from videobert_demo.timeline.slots import Slot
from videobert_demo.ui.scenes import films_view as views
from videobert_demo.ui.scenes.away import (
    cut_away,
    events_away,
    moments_away,
    slots_away,
    summary_away,
    timeline_away,
)
from videobert_demo.ui.takeaway import Takeaway
from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.texts.english import ENGLISH

FILM = sample_timeline("25")
FOUND = (FoundMoment(Moment(60.1, 72.0, 0.514, 0.75), True), FoundMoment(Moment(0.0, 12.34, 0.1, 0.25), False))
SLOTS = (Slot(12.34, 0.8, 0.9, 0.7, None),)
EVENTS = Events(
    np.array([1.0, 2.0]), np.array([0.9, 0.1]), (Event(1.0, 3.0, 0.9, (0.5, 1.5), (2.5, 3.5)),), (1, 2), 2.0, 0.5
)


def table(away: Takeaway) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(away.csv)))


def test_moments_are_rows_the_best_first_and_doubt_is_told() -> None:
    away = moments_away("Where it fits", " a  dog ", FOUND, CHINESE)
    assert [row["start_seconds"] for row in table(away)] == ["60.1", "0.0"]
    assert [row["sure"] for row in table(away)] == ["true", "false"]
    assert json.loads(away.json)["text"] == "a dog"
    heading, best, other = away.text.splitlines()
    assert heading == "Where it fits"
    assert best.startswith("1:00.1–1:12.0")
    assert CHINESE.timeline_not_sure in other
    assert CHINESE.timeline_not_sure not in best


def test_events_keep_their_curve() -> None:
    away = events_away("“dog”: 1 ×", "between 1 and 2 times", "dog", EVENTS)
    assert table(away) == [{"start_seconds": "1.0", "end_seconds": "3.0", "probability": "0.9"}]
    assert len(json.loads(away.json)["curve"]) == 2
    assert "between 1 and 2 times" in away.text


def test_a_summary_begins_with_its_paragraph() -> None:
    summary = Summary(FILM, (0, 2), 0.5)
    away = summary_away(summary)
    assert away.text.startswith(summary.text + "\n\n0:00.0–0:12")
    assert [row["index"] for row in table(away)] == ["0", "2"]


def test_breaks_and_cuts() -> None:
    (slot,) = table(slots_away("Breaks", SLOTS, ENGLISH))
    assert slot == {"seconds": "12.34", "score": "0.8", "change": "0.9", "calm": "0.7", "fit": ""}
    cuts = sample_cuts("25")
    away = cut_away("some stays", cuts, CHINESE)
    assert len(table(away)) == len(cuts.parts)
    assert {row["score"] for row in table(away) if row["stays"] == "false"} == {""}  # nothing was sought there
    assert CHINESE.films_goes in away.text


def test_scenes_stand_below_the_titles_of_their_chapters() -> None:
    first = timeline_away(FILM, ENGLISH).text.split("\n\n")[0].splitlines()
    assert first[0] == "Guitar & song"
    assert first[1].startswith("0:00.0–0:12")
    assert first[1].endswith(f"({ENGLISH.timeline_not_sure})")


def test_each_answer_of_the_page_can_be_taken_away() -> None:
    for html in (
        views.moments_view(FILM, "<dog>", FOUND, ENGLISH),
        views.events_view(FILM, "dog", EVENTS, ENGLISH),
        views.summary_view(Summary(FILM, (0,), 1.0), ENGLISH),
        views.slots_view(FILM, SLOTS, ENGLISH),
        views.cut_view(FILM, sample_cuts("25"), ENGLISH),
    ):
        assert html.count('data-take="csv"') == html.count('data-take="json"') == html.count('data-take="copy"') == 1
        assert "<dog>" not in html
    assert "data-take" not in views.slots_view(FILM, (), ENGLISH)
