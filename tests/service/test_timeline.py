"""`scenes`: what it returns, how it reports, and how it is cancelled."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.timeline.films import EXAMPLES, STREET_CUTS
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import QuestionError, UnreadableClipError
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.service import timeline as timeline_module
from videobert_demo.service.scenes_progress import ScenesProgress
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import stream_clip

STREET = EXAMPLES / "street.mp4"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return load_checkpoint(str(write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny")))


@pytest.fixture
def demo(loaded: LoadedModel) -> VideoBertService:
    return VideoBertService(loaded, Settings(cache_clips=2))


def test_scenes_of_a_clip_with_cuts(demo: VideoBertService) -> None:
    timeline = demo.scenes(STREET)
    # The last of its shots has a third of a second, too little for a scene.
    assert [scene.start_seconds for scene in timeline.scenes] == pytest.approx([0.0, *STREET_CUTS[:-1]])
    assert timeline.scenes[-1].end_seconds == timeline.duration_seconds == 8.0
    assert timeline.frame_rate is not None
    assert timeline.frame_rate.numerator == 25
    assert (timeline.media.name, timeline.media.width, timeline.media.height) == ("street.mp4", 640, 272)
    assert timeline.is_complete
    assert timeline.scenes_left_out == 0
    for scene in timeline.scenes:
        assert scene.caption
        assert scene.thumbnail.startswith(b"\xff\xd8")
        assert scene.vector is not None
        assert len(scene.visual_words) == demo.max_frames
    assert timeline.chapters[0].start_seconds == 0.0


def test_a_thumbnail_shows_its_own_scene(demo: VideoBertService) -> None:
    moments, pictures = zip(*stream_clip(STREET, 100, limits=ClipLimits(), max_side=160), strict=True)
    for scene in demo.scenes(STREET).scenes[:3]:
        thumbnail = np.array(Image.open(io.BytesIO(scene.thumbnail))).astype(int)
        nearest = moments[int(np.argmin([np.abs(picture - thumbnail).mean() for picture in pictures]))]
        assert scene.start_seconds <= nearest < scene.end_seconds


def test_progress_goes_up_to_the_end(demo: VideoBertService) -> None:
    reports: list[ScenesProgress] = []
    timeline = demo.scenes(STREET, on_progress=reports.append)
    shares = [report.share for report in reports]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert reports[-1].step == "describing"
    assert reports[-1].scenes == timeline.scenes
    assert all(report.seconds_left is not None and report.seconds_left >= 0 for report in reports)


def test_what_is_cancelled_keeps_what_there_is_and_is_not_remembered(demo: VideoBertService) -> None:
    cancelled = demo.scenes(STREET, is_cancelled=lambda: True)
    assert not cancelled.is_complete
    assert 1 <= len(cancelled.scenes) <= 4
    assert demo.scenes(STREET).is_complete


def test_the_same_content_comes_from_the_cache_under_its_own_name(demo: VideoBertService, tmp_path: Path) -> None:
    first = demo.scenes(STREET)
    copy = tmp_path / "other name.mp4"
    copy.write_bytes(STREET.read_bytes())
    second = demo.scenes(copy)
    assert second.scenes is first.scenes
    assert second.media.name == "other name.mp4"


def test_a_missing_file_is_refused(demo: VideoBertService, tmp_path: Path) -> None:
    with pytest.raises(UnreadableClipError):
        demo.scenes(tmp_path / "none.mp4")


def test_a_long_clip_goes_into_a_library_scene_by_scene(
    demo: VideoBertService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = demo.encode_for_library(STREET)
    assert len(short.segment_vectors) == demo.max_frames
    monkeypatch.setattr(timeline_module, "MAX_SCENE_SECONDS", 5.0)  # street.mp4 has 8
    long, scenes = demo.encode_for_library(STREET), demo.scenes(STREET).scenes
    assert long.segment_seconds.tolist() == [[scene.start_seconds, scene.end_seconds] for scene in scenes]
    assert all((vector == scene.vector).all() for vector, scene in zip(long.segment_vectors, scenes, strict=True))
    assert (long.vector == short.vector).all()
    with demo.temporary_library() as library:
        library.add(long)
        assert scenes[2].vector is not None
        (hit,) = library.search(scenes[2].vector)
        best = max(scenes, key=lambda scene: float(np.dot(scene.vector, scenes[2].vector)))
        assert hit.start_seconds == best.start_seconds


def test_the_scenes_that_fit_a_sentence_come_in_the_order_of_their_likeness(demo: VideoBertService) -> None:
    timeline = demo.scenes(STREET)
    found = demo.search_scenes(timeline, "a dog runs", count=3)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert len({index for index, _ in found}) == 3
    everything = demo.search_scenes(timeline, "a dog runs", count=10)
    assert everything[:3] == found
    assert {index for index, _ in everything} == {0, 1, 2, 3}
    blind = replace(timeline, scenes=(replace(timeline.scenes[0], vector=None), *timeline.scenes[1:]))
    assert {index for index, _ in demo.search_scenes(blind, "a dog runs")} == {1, 2, 3}
    with pytest.raises(QuestionError):
        demo.search_scenes(timeline, " ")
