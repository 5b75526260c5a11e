"""A record of a clip knows its part and its name."""

from __future__ import annotations

import math

from videobert_demo.data.clip_records import ClipRecord


def test_a_part_without_an_end_goes_to_the_clips_end() -> None:
    record = ClipRecord("a/b.mp4", ("a dog",), start_seconds=2)
    assert record.span_seconds == (2, math.inf)
    assert record.name == "a/b.mp4@2-"


def test_a_part_without_a_start_begins_with_the_clip() -> None:
    record = ClipRecord("b.mp4", ("a dog",), end_seconds=2.5)
    assert record.span_seconds == (0, 2.5)
    assert record.name == "b.mp4@0-2.5"
