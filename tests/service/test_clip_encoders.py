"""A clip that an encoder of clips reads: each segment has the frames that it wants, and short clips repeat theirs."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from PIL import Image

from tests.published import save_bart, save_bert, save_published
from tests.resources.make_clips import encode, number_in
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.training.checkpoints import save_model
from videobert_demo.training.parts import build_from_parts


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    """Of a VideoMAE that reads 4 frames, at most 3 segments."""
    folder = tmp_path_factory.mktemp("parts")
    save_published("videomae", folder / "vision")
    save_bert(folder / "text")
    save_bart(folder / "decoder")
    model, processor = build_from_parts(*(str(folder / name) for name in ("vision", "text", "decoder")), max_frames=3)
    save_model(folder / "model", model, processor)
    return VideoBertService(load_checkpoint(str(folder / "model")), Settings(), examples=[])


def test_each_segment_has_its_frames_and_is_shown_by_the_middle_one(
    service: VideoBertService, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clip = service.open(encode(tmp_path / "twelve.mp4", "libx264", numbers=range(12)))
    assert clip.tensors.frame_features.shape == (3, 32)
    assert [number_in(pixels) for pixels in clip.frames.pixels] == [2, 6, 10]
    assert clip.repeated_frames == 0
    assert "repeated" not in caplog.text


@pytest.mark.parametrize(("frames", "repeated"), [(1, 3), (3, 1)])
def test_a_clip_that_is_too_short_repeats_frames_and_says_so(
    service: VideoBertService, tmp_path: Path, caplog: pytest.LogCaptureFixture, frames: int, repeated: int
) -> None:
    with caplog.at_level(logging.WARNING):
        clip = service.open(encode(tmp_path / "short.mp4", "libx264", numbers=range(frames)))
    assert clip.tensors.frame_features.shape == (1, 32)
    assert clip.repeated_frames == repeated
    assert service.is_untrained
    assert f"a clip has {frames} frames, fewer than its encoder reads: {repeated} are repeated" in caplog.text


def test_a_picture_is_a_segment_that_stands_still(service: VideoBertService, tmp_path: Path) -> None:
    path = encode(tmp_path / "one.mp4", "libx264", numbers=[5])
    library = service.temporary_library()
    library.add(service.encode_for_library(path))
    Image.fromarray(service.open(path).frames.pixels[0]).save(tmp_path / "one.png")
    (hit,) = service.search_picture(library, tmp_path / "one.png")
    assert hit.score == pytest.approx(1.0, abs=0.01)
