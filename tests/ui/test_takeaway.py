"""A result as JSON, CSV and text."""

from __future__ import annotations

import csv
import io
import json

from videobert_demo.ui.takeaway import take_away


def test_json_is_the_whole_report_and_csv_its_rows() -> None:
    rows = [{"answer": "a dog, running", "probability": 0.5}, {"answer": '狗 "x"', "probability": -0.25}]
    taken = take_away("answer", "a dog", {"answer": "狗", "candidates": rows}, rows)
    assert json.loads(taken.json) == {"answer": "狗", "candidates": rows}
    assert "狗" in taken.json
    read = list(csv.DictReader(io.StringIO(taken.csv)))
    assert [(row["answer"], float(row["probability"])) for row in read] == [("a dog, running", 0.5), ('狗 "x"', -0.25)]
    assert (taken.name, taken.text) == ("answer", "a dog")


def test_a_title_is_no_formula() -> None:
    for start in "=+-@":
        (row,) = csv.DictReader(io.StringIO(take_away("hits", "", [], [{"title": f"{start}1+1"}]).csv))
        assert row["title"] == f"'{start}1+1"


def test_truth_is_written_as_in_json() -> None:
    assert take_away("alarms", "", [], [{"sure": True}, {"sure": False}]).csv.split() == ["sure", "true", "false"]


def test_without_rows_there_is_no_table() -> None:
    assert take_away("hits", "", [], []).csv == ""
