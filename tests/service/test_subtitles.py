"""Subtitles, and a caption beside them, on the tiny checkpoint."""

from __future__ import annotations

from pathlib import Path

import pytest
from transformers.feature_extraction_utils import BatchFeature

from tests.timeline.films import EXAMPLES
from tests.tiny import write_tiny_checkpoint
from tests.video.test_subtitles import CUES, SRT, with_track
from videobert_demo.errors import SubtitleError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.model.processing_videobert import VideoBertProcessor
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.subtitles import MAX_WORDS, subtitles_report
from videobert_demo.settings import Settings
from videobert_demo.tasks.caption import caption_clips

DOG = EXAMPLES / "dog.mp4"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    folder = write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny")
    return VideoBertService(load_checkpoint(str(folder)), Settings())


def test_a_file_comes_before_a_track(demo: VideoBertService, tmp_path: Path) -> None:
    clip = with_track(tmp_path)
    assert demo.subtitles(clip).source == "track"
    other = tmp_path / "other.srt"
    other.write_text(SRT.replace("Hello", "Bye"), encoding="utf-8")
    assert demo.subtitles(clip, other).cues[0].text == "Bye dog there"
    with pytest.raises(SubtitleError, match="bring a file"):
        demo.subtitles(DOG)


def test_a_report_has_what_was_found(demo: VideoBertService, tmp_path: Path) -> None:
    subtitles = demo.subtitles(with_track(tmp_path))
    report = subtitles_report(subtitles, subtitles.find("hello"))
    assert report == {
        "source": "track",
        "count": 2,
        "cues": [{"start_seconds": 0.5, "end_seconds": 1.5, "text": CUES[0].text}],
    }


def test_words_stand_in_the_text_part_beside_the_frames(
    demo: VideoBertService, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[list[str], bool]] = []
    processor = type(demo._loaded.processor)
    original = processor.__call__

    def note(self: VideoBertProcessor, text: list[str], *, with_video: bool = False) -> BatchFeature:
        read.append((text, with_video))
        return original(self, text, with_video=with_video)

    clip = demo.open(DOG)
    alone = caption_clips(demo._loaded, [clip.tensors], candidates=5)[0]
    monkeypatch.setattr(processor, "__call__", note)
    beside = demo.caption_with_words(clip, " good  dog " * 50)
    assert read == [([" ".join(["good", "dog"] * (MAX_WORDS // 2))], True)]
    assert [one.score for one in beside.candidates] != [one.score for one in alone]
    assert caption_clips(demo._loaded, [clip.tensors], candidates=5)[0] == alone
    with pytest.raises(SubtitleError):
        demo.caption_with_words(clip, " ")
