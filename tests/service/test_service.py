"""The service: a clip is opened once, asked often, and kept in a bounded cache keyed by its content."""

from __future__ import annotations

import hashlib
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch

import videobert_demo
from tests.resources.make_clips import encode, number_in
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import (
    ClipError,
    ClipTooLargeError,
    SettingsError,
    UnreadableClipError,
    UnsupportedClipError,
)
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.service import opening
from videobert_demo.service import service as service_module
from videobert_demo.service.libraries import FITTING_SCORE
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.types import CaptionResult


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny"))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three clips whose frames show their numbers."""
    folder = tmp_path_factory.mktemp("clips")
    for number, start in enumerate((0, 20, 40)):
        encode(folder / f"{number}.mp4", "libx264", numbers=range(start, start + 20))
    return folder


@pytest.fixture(scope="session")
def loaded(checkpoint: str) -> LoadedModel:
    return load_checkpoint(checkpoint)


@pytest.fixture
def tiny_service(loaded: LoadedModel) -> VideoBertService:
    """A service with an empty cache for two clips."""
    return VideoBertService(loaded, Settings(cache_clips=2))


def test_a_clip_is_read_sampled_and_encoded(tiny_service: VideoBertService, folder: Path) -> None:
    clip = tiny_service.open(folder / "1.mp4")
    assert clip.content_hash == hashlib.sha256((folder / "1.mp4").read_bytes()).hexdigest()
    assert [number_in(frame) for frame in clip.frames.pixels] == [22, 27, 32, 37]
    assert clip.info.codec == "h264"
    assert clip.tensors.frame_features.shape == (4, 1280)
    assert clip.tensors.patch_features.shape == (4, 4, 1280)
    assert tiny_service.max_frames == 4
    assert tiny_service.model_name == "tiny"


def test_a_part_of_a_clip_is_a_clip_of_its_own(tiny_service: VideoBertService, folder: Path) -> None:
    whole = tiny_service.open(folder / "1.mp4")
    part = tiny_service.open(folder / "1.mp4", span_seconds=(0.4, 0.6))  # frames 30 to 34
    assert set(map(number_in, part.frames.pixels)) <= set(range(30, 35))
    assert part.frames.timestamps_seconds[0] >= 0.4 - 1e-6  # on the clip's clock
    assert part.content_hash != whole.content_hash
    assert tiny_service.open(folder / "1.mp4", span_seconds=(0.4, 0.6)) is part
    assert tiny_service.open(folder / "1.mp4") is whole


def test_a_caption_has_candidates_the_best_first(tiny_service: VideoBertService, folder: Path) -> None:
    clip = tiny_service.open(str(folder / "0.mp4"))
    result = tiny_service.caption(clip)
    assert isinstance(result, CaptionResult)
    assert 1 < len(result.candidates) <= 5
    assert result.text == result.candidates[0].text
    assert result.seconds > 0
    assert tiny_service.caption(clip).candidates == result.candidates
    assert len(tiny_service.caption(clip, candidates=1).candidates) == 1


def test_the_same_content_comes_from_the_cache(tiny_service: VideoBertService, folder: Path, tmp_path: Path) -> None:
    clip = tiny_service.open(folder / "0.mp4")
    copy = shutil.copy(folder / "0.mp4", tmp_path / "renamed.mp4")
    assert tiny_service.open(copy) is clip
    shutil.copy(folder / "1.mp4", copy)  # another clip under a known name
    other = tiny_service.open(copy)
    assert other.content_hash != clip.content_hash
    assert other.frames is not clip.frames


def test_the_cache_forgets_what_was_not_asked_for_longest(tiny_service: VideoBertService, folder: Path) -> None:
    first, second = (tiny_service.open(folder / f"{number}.mp4") for number in (0, 1))
    assert tiny_service.open(folder / "0.mp4") is first
    tiny_service.open(folder / "2.mp4")
    assert tiny_service.open(folder / "0.mp4") is first
    assert tiny_service.open(folder / "1.mp4") is not second


def test_a_service_without_a_cache_keeps_nothing(loaded: LoadedModel, folder: Path) -> None:
    service = VideoBertService(loaded, Settings(cache_clips=0))
    clip = service.open(folder / "0.mp4")
    again = service.open(folder / "0.mp4")
    assert again is not clip
    assert torch.equal(again.tensors.patch_features, clip.tensors.patch_features)


def test_the_captions_that_were_asked_for_last_are_kept(
    tiny_service: VideoBertService, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    real = service_module.caption_clips

    def caption_clips(loaded: LoadedModel, clips: list[ClipTensors], *, candidates: int) -> object:
        made.append(len(made))
        return real(loaded, clips, candidates=candidates)

    monkeypatch.setattr(service_module, "caption_clips", caption_clips)
    first, second, third = (tiny_service.open(folder / f"{number}.mp4") for number in range(3))
    for clip, count in ((first, 1), (second, 2), (first, 2), (third, 3), (first, 3), (second, 4)):
        tiny_service.caption(clip)
        assert len(made) == count


def test_progress_is_told(tiny_service: VideoBertService, folder: Path) -> None:
    told: list[tuple[float, str]] = []
    tiny_service.open(folder / "0.mp4", progress=lambda share, word: told.append((share, word)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert len(shares) > 1
    assert all(0 <= share <= 1 for share in shares)
    assert all(word for _, word in told)


def test_two_people_get_their_own_clips(loaded: LoadedModel, folder: Path) -> None:
    service = VideoBertService(loaded, Settings(cache_clips=1))
    alone = {}
    for number in range(3):
        clip = service.open(folder / f"{number}.mp4")
        alone[number] = (clip.content_hash, service.caption(clip).candidates)
    together = threading.Barrier(3)

    def ask(number: int) -> tuple[int, str, object, list[int]]:
        together.wait()
        clip = service.open(folder / f"{number}.mp4")
        return number, clip.content_hash, service.caption(clip).candidates, [number_in(f) for f in clip.frames.pixels]

    with ThreadPoolExecutor(3) as pool:
        for number, content, candidates, numbers in pool.map(ask, [0, 1, 2] * 2):
            assert (content, candidates) == alone[number]
            assert numbers == [20 * number + frame for frame in (2, 7, 12, 17)]


def test_what_is_shared_cannot_be_written_to(tiny_service: VideoBertService, folder: Path) -> None:
    clip = tiny_service.open(folder / "0.mp4")
    with pytest.raises(ValueError, match="read-only"):
        clip.frames.pixels[0] = 0
    with pytest.raises(AttributeError):
        clip.frames = None  # type: ignore[misc]
    assert isinstance(clip.frames.pixels, np.ndarray)


def test_files_that_are_no_clips(tiny_service: VideoBertService, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("not a video\n" * 30)
    with pytest.raises(UnsupportedClipError):
        tiny_service.open(tmp_path / "text.mp4")
    for name in ("nothing.mp4", "."):
        with pytest.raises(UnreadableClipError):
            tiny_service.open(tmp_path / name)


def test_limits_are_those_of_the_settings(loaded: LoadedModel, folder: Path) -> None:
    service = VideoBertService(loaded, Settings(max_bytes=1000))
    with pytest.raises(ClipTooLargeError):
        service.open(folder / "0.mp4")
    with pytest.raises(ClipError):
        VideoBertService(loaded, Settings(max_seconds=0.5)).open(folder / "0.mp4")


def test_a_refused_clip_is_refused_again_after_one_with_the_same_beginning(loaded: LoadedModel, tmp_path: Path) -> None:
    """The content is hashed up to the limit only; what is longer must not pass for what was cached."""
    encode(tmp_path / "clip.mp4", "libx264", numbers=range(10))
    size = (tmp_path / "clip.mp4").stat().st_size
    service = VideoBertService(loaded, Settings(max_bytes=size))
    service.open(tmp_path / "clip.mp4")
    longer = tmp_path / "longer.mp4"
    longer.write_bytes((tmp_path / "clip.mp4").read_bytes() + b"\0")
    with pytest.raises(ClipTooLargeError):
        service.open(longer)


def test_the_checkpoint_is_the_named_one_or_the_settings(checkpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str | None]] = []
    real = opening.load_checkpoint

    def load_checkpoint(name: str, revision: str | None, **_options: object) -> object:
        asked.append((name, revision))
        return real(checkpoint)

    monkeypatch.setattr(opening, "load_checkpoint", load_checkpoint)
    settings = Settings(checkpoint="user/settings", revision="v1")
    videobert_demo.load(settings=settings)
    videobert_demo.load(revision="v2", settings=settings)
    videobert_demo.load("user/named", settings=settings)  # the settings' revision is not that of another repository
    videobert_demo.load("user/named", revision="v3", settings=settings)
    monkeypatch.setenv("VIDEOBERT_CHECKPOINT", "user/environment")
    videobert_demo.load()
    assert asked == [
        ("user/settings", "v1"),
        ("user/settings", "v2"),
        ("user/named", None),
        ("user/named", "v3"),
        ("user/environment", None),
    ]


def test_a_wrong_environment_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDEOBERT_MAX_SECONDS", "soon")
    with pytest.raises(SettingsError, match="VIDEOBERT_MAX_SECONDS"):
        videobert_demo.load()


def test_words_find_only_what_fits_once_that_is_measured(tiny_service: VideoBertService, folder: Path) -> None:
    calibration = tiny_service._loaded.model.config.calibration
    with tiny_service.temporary_library() as library:
        library.add(tiny_service.encode_for_library(folder / "0.mp4"))
        (before,) = tiny_service.search(library, "piano")
        assert before.is_sure == (before.score >= FITTING_SCORE)
        try:
            calibration["search_word"] = [before.score - 0.01]
            assert [hit.is_sure for hit in tiny_service.search(library, "piano")] == [True]
            calibration["search_word"] = [before.score + 0.01]
            assert tiny_service.search(library, "piano") == ()
            assert len(tiny_service.nearest(library, "piano")) == 1
            assert len(tiny_service.search(library, "a man is playing the piano")) == 1
        finally:
            del calibration["search_word"]
