"""Features are computed once; an interrupted run goes on and ends with the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.tiny import draw_picture, write_frames
from videobert_demo.data.archive import FrameArchive
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.errors import CheckpointError, DataError
from videobert_demo.model.images import prepare_images
from videobert_demo.training import features as features_module
from videobert_demo.training.features import View, compute_features, draw_view, encode_batch
from videobert_demo.training.store import FeatureStore

FILES = ("patches.npy", "pooled.npy", "index.json", "state.json")
CAPTIONS = [(f"caption {number}",) for number in range(30)]


class FakeTower(nn.Module):
    """A 7 x 7 thumbnail in 1280 channels; may be interrupted."""

    def __init__(self, calls: int | None = None) -> None:
        super().__init__()
        self.calls = calls
        self.done = 0

    def forward(self, images: Tensor) -> Tensor:
        if self.done == self.calls:
            raise KeyboardInterrupt
        self.done += 1
        return functional.adaptive_avg_pool2d(images, 7).repeat(1, 427, 1, 1)[:, :1280]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty videos of two frames."""
    return write_frames(tmp_path_factory.mktemp("msrvtt"), CAPTIONS, split="train")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """One video a batch: 120 batches for four views."""
    monkeypatch.setattr(features_module, "VIDEOS_PER_BATCH", 1)


def compute(data: Path, out: Path, tower: FakeTower, *, grid: int = 2, views: int = 4, seed: int = 0) -> None:
    archive = FrameArchive(data / "frames.tar")
    compute_features(read_videos(data), archive, tower, out, views=views, grid=grid, seed=seed, progress=False)


@pytest.mark.slow
@pytest.mark.parametrize("calls", [0, 1, 49, 50, 73, 119])
def test_an_interrupted_run_ends_with_the_same_bytes(data: Path, tmp_path: Path, calls: int) -> None:
    compute(data, tmp_path / "whole", FakeTower())
    with pytest.raises(KeyboardInterrupt):
        compute(data, tmp_path / "cut", FakeTower(calls))
    second = FakeTower()
    compute(data, tmp_path / "cut", second)
    assert second.done == 120 - calls // 50 * 50  # what had been kept was not computed again
    for name in FILES:
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


@pytest.mark.slow
def test_a_finished_run_is_not_repeated(data: Path, tmp_path: Path) -> None:
    compute(data, tmp_path, FakeTower())
    again = FakeTower()
    compute(data, tmp_path, again)
    assert again.done == 0


@pytest.mark.slow
@pytest.mark.parametrize("change", [{"grid": 3}, {"views": 2}, {"seed": 1}])
def test_features_of_other_settings_are_not_mixed(data: Path, tmp_path: Path, change: dict[str, int]) -> None:
    compute(data, tmp_path, FakeTower(), views=4)
    with pytest.raises(DataError, match="other videos or settings"):
        compute(data, tmp_path, FakeTower(), **change)


def test_what_is_stored_is_the_tower_of_the_frames(data: Path, tmp_path: Path) -> None:
    compute(data, tmp_path, FakeTower(), grid=3)
    store = FeatureStore(tmp_path)
    assert [video.captions for video in store.videos] == CAPTIONS
    for video in (0, 17):
        frames = np.stack([draw_picture(100 * video + frame)[:, :, ::-1] for frame in range(2)])
        for view in (0, 1):  # as it is, and mirrored
            shown = frames[:, :, :: -1 if view else 1]
            maps = FakeTower()(prepare_images(np.ascontiguousarray(shown)))
            clip = store.load(video, view).to_tensors()
            expected = functional.adaptive_avg_pool2d(maps, 3).flatten(2).transpose(1, 2)
            torch.testing.assert_close(clip.patch_features, expected, atol=1e-3, rtol=0)
            torch.testing.assert_close(clip.frame_features, maps.mean(dim=(2, 3)), atol=1e-3, rtol=0)
        assert not np.array_equal(store.load(video, 2).pooled, store.load(video, 3).pooled)
    pooled = store.all_pooled([3, 1])
    assert pooled.shape == (4, 1280)
    assert pooled.dtype == np.float32
    np.testing.assert_array_equal(pooled[2:], store.load(1).pooled.astype(np.float32))


def test_views_are_the_same_for_a_video_and_others_for_others() -> None:
    assert draw_view(0, 5, 0) == View()
    assert draw_view(1, 5, 0) == View(mirrored=True)
    assert draw_view(2, 5, 0) == draw_view(2, 5, 0)
    assert len({draw_view(index, video, seed) for index in (2, 3) for video in (0, 1) for seed in (0, 1)}) == 8
    for video in range(50):
        view = draw_view(2, video, 0)
        assert 0.75 <= view.side <= 1
        assert 0 <= view.left <= view.left + view.side <= 1
        assert 0 <= view.top <= view.top + view.side <= 1


def test_a_view_crops_mirrors_and_lights() -> None:
    image = np.arange(40 * 60, dtype=np.uint8).reshape(40, 60, 1).repeat(3, axis=2)
    crop = View(left=0.5, top=0.25, side=0.5).apply(image)
    np.testing.assert_array_equal(crop, image[10:30, 30:60])
    np.testing.assert_array_equal(View(mirrored=True).apply(image), image[:, ::-1])
    bright = View(gain=2.0, offset=10.0).apply(np.full((2, 2, 3), 100, dtype=np.uint8))
    assert (bright == 210).all()
    assert (View(gain=1.2, offset=20.0).apply(np.full((1, 1, 3), 255, dtype=np.uint8)) == 255).all()
    assert View(left=0.999, top=0.999, side=0.001).apply(image).size > 0


def test_a_folder_without_features(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no features"):
        FeatureStore(tmp_path)


@pytest.mark.parametrize("value", [65_520.0, float("inf"), float("nan")])
def test_values_that_16_bits_do_not_hold_are_refused(value: float) -> None:
    def tower(images: Tensor) -> Tensor:
        return torch.full((len(images), 8, 2, 2), value)

    module = nn.Module()
    module.forward = tower  # type: ignore[method-assign]
    with pytest.raises(CheckpointError, match="gives values that are not numbers or beyond 65,504"):
        list(encode_batch(module, [torch.zeros(1, 3, 8, 8)], (1, 1)))
