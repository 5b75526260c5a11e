"""Frames for an encoder that learns are those of the stored features, and gradients reach the blocks that learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.published import save_published
from tests.tiny import tiny_model, tiny_tokenizer, write_frames
from videobert_demo.data.archive import FrameArchive
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.errors import DataError
from videobert_demo.model.encoders.contract import SegmentFeatures, train_blocks
from videobert_demo.model.encoders.taking import take_encoder
from videobert_demo.training.batches import BatchMaker
from videobert_demo.training.config import TrainingConfig
from videobert_demo.training.features import Looker, View, compute_features
from videobert_demo.training.pixel_operations import change_pixels, check_kornia
from videobert_demo.training.pixels import PixelReader, Variation
from videobert_demo.training.store import FeatureStore


@pytest.mark.parametrize("name", ["resnet", "videomae"])
def test_the_frames_are_those_of_the_stored_features(name: str, tmp_path: Path) -> None:
    save_published(name, tmp_path / "vision")
    encoder = take_encoder(str(tmp_path / "vision")).encoder
    data = write_frames(tmp_path / "msrvtt", frames=4, split="train")
    archive = FrameArchive(data / "frames.tar")
    looker = Looker(encoder, encoder.preparation, 32, max_segments=2)
    compute_features(read_videos(data), archive, looker, tmp_path / "out", views=3, grid=2, progress=False)
    store = FeatureStore(tmp_path / "out")
    drawn = [store.draw_view(row, 2, np.random.default_rng(row)) for row in range(3)]
    images = PixelReader(store, archive, looker).read(drawn)
    for row, one in enumerate(drawn):
        with torch.no_grad():
            pooled = SegmentFeatures.of(encoder(images[row, : len(one.pooled)])).pooled
        torch.testing.assert_close(pooled, torch.from_numpy(one.pooled).float(), atol=2e-2, rtol=2e-2)
    assert len({one.pooled.tobytes() for one in drawn}) == 3


def test_images_are_read_as_their_features_are() -> None:
    model = tiny_model()
    images = torch.rand(2, 2, 3, 64, 64)
    mask = torch.tensor([[True, True], [True, False]])
    with torch.no_grad():
        pooled, patches = model.encoder.encode_images(images.flatten(0, 1))
        features = {"frame_features": pooled.view(2, 2, -1), "patch_features": patches.view(2, 2, 4, -1)}
        expected = model.encoder(**features, frame_mask=mask).last_hidden_state
        found = model.encoder(images=images, frame_mask=mask).last_hidden_state
    real = torch.ones_like(expected[..., 0], dtype=torch.bool)
    real[1, -6:-1] = False  # the padding's own states, which nothing reads
    torch.testing.assert_close(found[real], expected[real])


def test_gradients_reach_the_blocks_that_learn() -> None:
    model = tiny_model()
    train_blocks(model.encoder.frame_tower, 1)
    model.encoder(images=torch.rand(1, 2, 3, 64, 64)).last_hidden_state.sum().backward()
    tower = dict(model.encoder.frame_tower.named_parameters())
    assert tower["blocks.15.layers.project.conv.weight"].grad.abs().sum() > 0
    assert tower["blocks.14.layers.project.conv.weight"].grad is None


def test_what_needs_stored_features_is_refused() -> None:
    with pytest.raises(DataError, match="stills_per_step reads stored features"):
        TrainingConfig(tower_blocks=-1, stills_per_step=2)
    with pytest.raises(DataError, match="trained is not 'all'"):
        TrainingConfig(tower_blocks=1, trained="heads")


def test_views_vary_and_a_mirror_image_of_one_is_the_plain_one() -> None:
    random = np.random.default_rng(0)
    varied = Variation(crop=0.3, colour=0.2)
    views = [varied.draw(View(mirrored=True), random, is_flipped=number % 2 == 1) for number in range(40)]
    assert [view.mirrored for view in views[:4]] == [True, False, True, False]
    assert all(0.7 <= view.side <= 1 and view.left + view.side <= 1 and view.top + view.side <= 1 for view in views)
    assert min(view.side for view in views) < 0.75
    assert all(0.8 <= view.gain <= 1.2 and 0.8 <= view.saturation <= 1.2 for view in views)
    red = np.full((2, 2, 3), (200, 0, 0), dtype=np.uint8)
    grey = View(saturation=0.0).apply(red)
    assert grey.min() == grey.max()
    assert View(saturation=0.5).apply(red)[0, 0].tolist() == pytest.approx([130, 30, 30], abs=1)


def test_frames_jitter_to_their_neighbours_and_stay_in_order() -> None:
    random, frames = np.random.default_rng(0), np.arange(8)[:, None]
    shifted = [Variation(jitter=0.5).shift(frames, 8, random) for _ in range(50)]
    assert all((np.diff(one[:, 0]) >= 0).all() and np.abs(one - frames).max() <= 1 for one in shifted)
    assert len({one.tobytes() for one in shifted}) > 10
    assert (Variation().shift(frames, 8, random) == frames).all()


def test_pixels_are_flipped_with_their_captions(tmp_path: Path) -> None:
    captions = [["a man on the left"]] * 6
    config = TrainingConfig(tower_blocks=1, pixel_flip=0.5, videos_per_step=6, captions_per_video=1)
    save_published("resnet", tmp_path / "vision")
    encoder = take_encoder(str(tmp_path / "vision")).encoder
    data = write_frames(tmp_path / "msrvtt", captions, split="train")
    archive = FrameArchive(data / "frames.tar")
    looker = Looker(encoder, encoder.preparation, 32)
    compute_features(read_videos(data), archive, looker, tmp_path / "out", grid=2, progress=False)
    store = FeatureStore(tmp_path / "out")
    batches = BatchMaker(store, None, [], tiny_tokenizer(), 40, config)
    batches.pixels = PixelReader(store, archive, looker, Variation(flip=0.5))
    plain = PixelReader(store, archive, looker)
    batch = batches.videos(0)
    told = set()
    for row, index in enumerate(batch.indices):
        (expected,) = plain.read([store.load(index)])
        is_flipped = batch.texts[row] == "a man on the right"
        told.add(is_flipped)
        images = batch.video["images"][row]
        torch.testing.assert_close(images, expected.flip(-1) if is_flipped else expected, atol=0.05, rtol=0.05)
    assert told == {True, False}


def test_pixels_vary_only_for_an_encoder_that_learns() -> None:
    with pytest.raises(DataError, match="pixel_crop varies pixels, but stored features are read"):
        TrainingConfig(pixel_crop=0.2)
    with pytest.raises(DataError, match=r"pixel_crop is 1\.0"):
        TrainingConfig(pixel_crop=1.0, tower_blocks=1)


def test_operations_change_all_frames_of_a_clip_alike_and_again_the_same() -> None:
    frames = np.repeat(np.random.default_rng(0).integers(0, 256, (1, 40, 48, 3), dtype=np.uint8), 3, axis=0)
    changed = change_pixels(frames, 2, seed=1)
    assert (changed.shape, changed.dtype) == (frames.shape, frames.dtype)
    assert (changed == changed[:1]).all()
    assert (change_pixels(frames, 2, seed=1) == changed).all()
    others = {change_pixels(frames, 2, seed=seed).tobytes() for seed in range(1, 9)}
    assert len(others | {frames.tobytes()}) == 9
    assert change_pixels(frames, 0, seed=1) is frames


@pytest.mark.parametrize("seed", range(12))
def test_operations_keep_colours(seed: int) -> None:
    red = np.full((1, 32, 32, 3), (200, 40, 40), dtype=np.uint8)
    pixels = change_pixels(red, 1, seed)[0].reshape(-1, 3).astype(float)
    shown = pixels[pixels.max(axis=1) > 100]  # what a rotation brings in, and what is erased, is black
    assert len(shown) > 300
    assert (shown[:, 0] > 2 * shown[:, 1:].max(axis=1)).mean() > 0.98


def test_operations_reach_the_frames_that_an_encoder_learns_from(tmp_path: Path) -> None:
    data = write_frames(tmp_path / "msrvtt", frames=2, split="train")
    archive, looker = FrameArchive(data / "frames.tar"), Looker(tiny_model().encoder.frame_tower)
    compute_features(read_videos(data), archive, looker, tmp_path / "out", grid=2, progress=False)
    store = FeatureStore(tmp_path / "out")
    drawn = [store.load(0)]
    varied = PixelReader(store, archive, looker, Variation(operations=3))
    plain = PixelReader(store, archive, looker).read(drawn)
    first, flips = varied.vary(drawn, np.random.default_rng(4))
    again, _ = varied.vary(drawn, np.random.default_rng(4))
    assert flips == [False]
    assert torch.equal(first, again)
    assert (first - plain).abs().mean() > 0.05


def test_operations_need_kornia(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="there are 9 to choose from"):
        TrainingConfig(pixel_operations=10, tower_blocks=1)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DataError, match=r"pip install 'videobert-demo\[augment\]'"):
        check_kornia()
