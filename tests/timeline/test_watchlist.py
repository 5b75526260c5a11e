"""Watch lists: what makes one, and what does not."""

from __future__ import annotations

import pytest

from videobert_demo.errors import WatchListError
from videobert_demo.timeline.watchlist import COLOURS, DEFAULT_THRESHOLD, MAX_EVENTS, WatchedEvent, read_watched


def test_what_a_row_leaves_out_is_filled_in() -> None:
    rows = [
        {"sentence": " a  dog ", "name": None},
        {"name": "", "sentence": ""},
        {"Name": "fire", "sentence": "something burns", "threshold": "0.75", "color": "#ABCDEF"},
    ]
    assert read_watched(rows) == (
        WatchedEvent("a dog", "a dog", DEFAULT_THRESHOLD, COLOURS[0]),
        WatchedEvent("fire", "something burns", 0.75, "#abcdef"),
    )


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "empty"),
        ([{"name": "x"}], "sentence"),
        ([{"sentence": "a dog", "threshold": 1}], "threshold"),
        ([{"sentence": "a dog", "threshold": "high"}], "threshold"),
        ([{"sentence": "a dog", "threshold": "nan"}], "threshold"),
        ([{"sentence": "a dog", "colour": "red;x"}], "colour"),
        ([{"name": "n" * 61, "sentence": "a dog"}], "characters"),
        ([{"sentence": "a dog"}, {"name": "a dog", "sentence": "a cat"}], "Two events"),
        ([{"sentence": f"{number} dogs"} for number in range(MAX_EVENTS + 1)], "at most"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(rows: list[dict[str, object]], why: str) -> None:
    with pytest.raises(WatchListError, match=why):
        read_watched(rows)
