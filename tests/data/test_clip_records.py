"""A record of a clip knows its part and its name."""

from __future__ import annotations

import math

import pytest

from videobert_demo.data.clip_records import ClipRecord, join_parts
from videobert_demo.errors import DataError


def test_a_part_without_an_end_goes_to_the_clips_end() -> None:
    record = ClipRecord("a/b.mp4", ("a dog",), start_seconds=2)
    assert record.span_seconds == (2, math.inf)
    assert record.name == "a/b.mp4@2-"


def test_a_part_without_a_start_begins_with_the_clip() -> None:
    record = ClipRecord("b.mp4", ("a dog",), end_seconds=2.5)
    assert record.span_seconds == (0, 2.5)
    assert record.name == "b.mp4@0-2.5"


def test_all_that_is_said_of_one_part_is_joined() -> None:
    mended = ClipRecord("a.mp4", ("a dog",), (("who runs?", "dog"),))
    part = ClipRecord("a.mp4", ("it sits",), start_seconds=1)
    again = ClipRecord("a.mp4", ("a dog", "a brown dog"), (("what color is it?", "brown"),))
    whole = ClipRecord("a.mp4", ("a dog", "a brown dog"), (*mended.questions, *again.questions))
    assert join_parts([mended, part, again]) == [whole, part]
    with pytest.raises(DataError, match="of the split None and of test"):
        join_parts([mended, ClipRecord("a.mp4", ("a dog",), split="test")])
