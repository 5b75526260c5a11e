"""Two clips side by side: each side says what the clip says alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.resources.make_clips import encode
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import QuestionError
from videobert_demo.model.features import ClipFeatures
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.side_by_side import Query, ask_both, side_by_side_report
from videobert_demo.settings import Settings


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path_factory.mktemp("tiny"))))
    return VideoBertService(loaded, Settings(), examples=())


@pytest.fixture(scope="module")
def clips(service: VideoBertService, tmp_path_factory: pytest.TempPathFactory) -> list[ClipFeatures]:
    folder: Path = tmp_path_factory.mktemp("clips")
    return [
        service.open(encode(folder / f"{number}.mp4", "libx264", numbers=range(10 * number, 10 * number + 10)))
        for number in range(2)
    ]


@pytest.mark.parametrize(
    ("query", "text"), [("question", "what is the man doing?"), ("word", "dog"), ("sentence", "a dog is running")]
)
def test_each_side_says_what_the_clip_says_alone(
    service: VideoBertService, clips: list[ClipFeatures], query: Query, text: str
) -> None:
    found = ask_both(service, clips, query, text)
    for clip, side in zip(clips, found.sides, strict=True):
        assert side.clip is clip
        assert side.moments.shape == (len(clip.frames),)
        alone: Any
        if query == "question":
            alone = service.answer(clip, text)
            assert (side.text, side.probability) == (alone.text, pytest.approx(alone.probability))
        elif query == "word":
            assert side.probability == pytest.approx(service.presence(clip, text))
        else:
            alone = service.align(clip, text)
            assert side.probability == pytest.approx(alone.probability)
            np.testing.assert_allclose(side.moments, alone.moments, atol=1e-6)
    assert found.likeness == pytest.approx(float(service.see(clips[0]).vector @ service.see(clips[1]).vector))
    swapped = ask_both(service, clips[::-1], query, text)
    assert [side.probability for side in swapped.sides] == pytest.approx(
        [side.probability for side in found.sides[::-1]]
    )
    report = side_by_side_report(found, ["a.mp4", "b.mp4"])
    assert [one["file"] for one in report["clips"]] == ["a.mp4", "b.mp4"]
    times = clips[0].frames.timestamps_seconds
    assert report["clips"][0]["peak_seconds"] == pytest.approx(times[found.sides[0].peak], abs=1e-3)


def test_a_clip_is_like_itself(service: VideoBertService, clips: list[ClipFeatures]) -> None:
    assert ask_both(service, [clips[0], clips[0]], "word", "dog").likeness == pytest.approx(1.0, abs=1e-4)


def test_two_clips_are_needed(service: VideoBertService, clips: list[ClipFeatures]) -> None:
    with pytest.raises(QuestionError, match="there are 1"):
        ask_both(service, clips[:1], "word", "dog")
    with pytest.raises(QuestionError):
        ask_both(service, clips, "sentence", "  ")
