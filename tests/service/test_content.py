"""`content`: what a clip shows from moment to moment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.timeline.films import EXAMPLES
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import StoppedError, UnreadableClipError
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.service import content as content_module
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return load_checkpoint(str(write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny")))


@pytest.fixture
def demo(loaded: LoadedModel) -> VideoBertService:
    return VideoBertService(loaded, Settings(cache_clips=2))


def test_a_picture_each_half_a_second_with_a_vector_and_colours(demo: VideoBertService) -> None:
    content = demo.content(EXAMPLES / "street.mp4")
    assert content.duration_seconds == 8.0
    assert content.moments_seconds == pytest.approx(np.arange(16) * 0.52)  # the first frame after each half a second
    assert np.linalg.norm(content.vectors, axis=1) == pytest.approx(1, abs=1e-4)
    assert content.motion.max() > 0.1  # there are cuts
    assert demo.content(EXAMPLES / "street.mp4") is content


def test_of_a_long_clip_pictures_are_further_apart(loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_module, "MAX_PICTURES", 4)
    content = VideoBertService(loaded, Settings()).content(EXAMPLES / "street.mp4")
    assert content.moments_seconds == pytest.approx([0, 2, 4, 6], abs=0.045)


def test_a_clip_over_ten_minutes_is_skimmed(loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_module, "LONG_FILM_SECONDS", 1.0)
    content = VideoBertService(loaded, Settings()).content(EXAMPLES / "surfer.mp4")
    assert 1 <= len(content) < 12


def test_whoever_waits_is_told_how_far_it_is_and_may_stop_it(demo: VideoBertService) -> None:
    shares = list[float]()
    with pytest.raises(StoppedError, match=r"horses\.mp4"):
        demo.content(EXAMPLES / "horses.mp4", is_cancelled=lambda: True, on_progress=shares.append)
    assert shares == []
    demo.content(EXAMPLES / "horses.mp4", is_cancelled=lambda: False, on_progress=shares.append)
    assert shares == sorted(shares)
    assert 0.5 < shares[-1] <= 1


def test_what_is_no_clip_is_refused(demo: VideoBertService, tmp_path: Path) -> None:
    with pytest.raises(UnreadableClipError):
        demo.content(tmp_path / "none.mp4")
