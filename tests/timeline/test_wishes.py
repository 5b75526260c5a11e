"""Wishes in words: what stays and what goes."""

from __future__ import annotations

import pytest

from videobert_demo.timeline.wishes import Wish, read_wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("keep the parts where someone plays guitar", Wish(True, "someone plays guitar")),
        ("remove the parts without people", Wish(False, "people", is_absent=True)),
        ("Cut out everything with a dog.", Wish(False, "a dog")),
        ("keep only the moments when there is a horse", Wish(True, "a horse")),
        ("remove the parts where there is no person", Wish(False, "person", is_absent=True)),
        ("please delete all scenes showing a car", Wish(False, "a car")),
        ("remove people", Wish(False, "people")),
        ("no dogs", Wish(True, "dogs", is_absent=True)),
        ("a man cuts wood", Wish(True, "a man cuts wood")),
        ("  a dog \n runs. ", Wish(True, "a dog runs")),
        ("show", Wish(True, "show")),
        ("", Wish(True, "")),
    ],
)
def test_a_wish_is_read(text: str, wish: Wish) -> None:
    assert read_wish(text) == wish


def test_removing_what_lacks_something_keeps_what_has_it() -> None:
    assert read_wish("remove the parts without people").keeps_subject
    assert not read_wish("remove people").keeps_subject
    assert not read_wish("no dogs").keeps_subject
