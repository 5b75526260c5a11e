"""Results as JSON values: what is told of one that is sure, of one that is not, and how numbers are rounded."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from videobert_demo.service.reports import answer_report, caption_report, search_report
from videobert_demo.types import Answer, AnswerResult, Caption, CaptionResult, ClipInfo, Frames, Hit, LibraryEntry

INFO = ClipInfo("mp4", "h264", 6, 4, 2.00049, 1.0, 2, 0, 100)
FRAMES = Frames(np.zeros((2, 4, 6, 3), np.uint8), np.array([0.0, 1.00049]))


@pytest.mark.parametrize(("probability", "is_sure"), [(0.61239, True), (0.58, False), (None, True)])
def test_a_caption_tells_whether_it_is_sure(probability: float | None, is_sure: bool) -> None:
    captions = (Caption("a dog runs", 0.51239, probability), Caption("a dog", 0.4))
    report = caption_report(INFO, FRAMES, CaptionResult(captions, 0.1, sure_from=0.6, holds="a dog"), 0.12345)
    assert report["sure"] is is_sure
    assert (report["caption"], report["score"], report["holds"]) == ("a dog runs", 0.5124, "a dog")
    assert report["probability"] == (None if probability is None else round(probability, 4))
    assert report["candidates"][1] == {"text": "a dog", "score": 0.4, "probability": None}
    assert report["frames"] == [{"timestamp_seconds": 0.0}, {"timestamp_seconds": 1.0}]
    assert (report["duration_seconds"], report["seconds"]) == (2.0, 0.123)


@pytest.mark.parametrize(("probability", "is_sure"), [(0.9, True), (0.05, False)])
def test_an_answer_tells_whether_it_is_sure(probability: float, is_sure: bool) -> None:
    result = AnswerResult("what runs?", (Answer("a dog", probability), Answer("a cat", 0.01)), 0.1)
    report = answer_report(FRAMES, result, np.array([0.25, 0.75]), 0.12345)
    assert report["sure"] is is_sure
    assert report["can_tell"] is True
    assert [one["text"] for one in report["candidates"]] == ["a dog", "a cat"]
    assert [one["share"] for one in report["frames"]] == [0.25, 0.75]


def test_a_hit_that_may_not_fit_is_marked() -> None:
    entry = LibraryEntry("a" * 64, "a dog", 2.0, b"\xff\xd8", "/clips/dog.mp4")
    hits = [Hit(entry, 0.51239, 1.00049), dataclasses.replace(Hit(entry, 0.1, 0.0), is_sure=False)]
    told = search_report(hits)
    assert [one["sure"] for one in told] == [True, False]
    assert (told[0]["title"], told[0]["score"], told[0]["start_seconds"]) == ("a dog", 0.5124, 1.0)
