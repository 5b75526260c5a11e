"""Two videos as one clip: which patch is whose, and which text goes with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.tiny import CAPTIONS, tiny_tokenizer, write_features, write_frames
from tests.training.runs import NOTHING, make_batches, make_config, make_model
from videobert_demo.data.archive import FrameArchive
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.data.pairs import PairArchive, draw_pairs, join_side_by_side, split_pair
from videobert_demo.errors import DataError
from videobert_demo.training.composites import CompositeBatch, CompositeMaker, PairTexts, join, stack_sides
from videobert_demo.training.objectives import Objectives
from videobert_demo.training.store import FeatureStore, VideoFeatures

NOUNS = frozenset({"man", "piano", "dog", "grass", "woman", "kitchen", "car", "road", "cat", "girls", "song"})


def video(frames: int, value: float) -> VideoFeatures:
    """Patches that tell frame and place: value + frame + place / 10, one channel."""
    patches = value + np.arange(frames)[:, None, None] + np.arange(4)[None, :, None] / 10
    return VideoFeatures(patches.mean(1).astype(np.float16), patches.astype(np.float16))


def test_one_after_the_other() -> None:
    clip, sides = join(video(2, 0), video(1, 50))
    assert sides.tolist() == [[0] * 4, [0] * 4, [1] * 4]
    np.testing.assert_array_equal(clip.patches[:2], video(2, 0).patches)
    np.testing.assert_array_equal(clip.pooled[2], video(1, 50).pooled[0])


def test_sides_are_padded() -> None:
    stacked = stack_sides([np.zeros((1, 4), np.int64), np.ones((2, 4), np.int64)])
    assert stacked[:, :, 0].tolist() == [[0, -1], [1, 1]]


def test_texts_tell_the_two_videos_apart() -> None:
    chooser, random = PairTexts(CAPTIONS, NOUNS), np.random.default_rng(0)
    nouns = captions = 0
    for _ in range(200):
        first, second = (int(place) for place in random.choice(len(CAPTIONS), 2, replace=False))
        texts = chooser.choose(first, second, random)
        for text, own, other in zip(texts, (first, second), (second, first), strict=True):
            if text in NOUNS:
                nouns += 1
                assert any(text in caption.split() for caption in CAPTIONS[own])
                assert not any(text in caption.split() for caption in CAPTIONS[other])
            else:
                captions += 1
                assert text in CAPTIONS[own]
    assert captions > 50
    assert nouns > 100


def test_batches_are_drawn_by_step(tmp_path: Path) -> None:
    config = make_config(NOTHING | {"grounding": 1.0}, composites_per_step=6, max_frames=4)
    batches = make_batches(tmp_path, config, frames=3)
    first, again, other = (batches.of_step(step)[0] for step in (1, 1, 2))
    assert isinstance(first, CompositeBatch)
    assert isinstance(again, CompositeBatch)
    assert isinstance(other, CompositeBatch)
    assert first.sides.shape == first.video["patch_features"].shape[:3]
    assert ((first.sides >= 0).all(-1) == first.video["frame_mask"]).all()
    assert first.sides[0, 0].tolist() == [0, 1, 0, 1]  # side by side
    assert first.sides[1, 0].tolist() == [0] * 4  # one after the other
    assert torch.equal(first.video["patch_features"], again.video["patch_features"])
    assert first.first == again.first != other.first


def test_a_pair_goes_with_the_texts_of_its_own_videos(tmp_path: Path) -> None:
    config = make_config(NOTHING | {"grounding": 1.0}, composites_per_step=40)
    batches = make_batches(tmp_path, config)
    pairs = FeatureStore(tmp_path / "pairs")
    known = [pairs.load(place).to_tensors().patch_features[0] for place in range(len(pairs.videos))]
    batch = batches.of_step(0)[0]
    assert isinstance(batch, CompositeBatch)
    for row in range(0, 40, 2):
        clip = batch.video["patch_features"][row, 0]
        (place,) = (number for number, one in enumerate(known) if torch.equal(one, clip))
        names = split_pair(pairs.videos[place].video_id)
        for name, text in zip(names, (batch.first[row], batch.second[row]), strict=True):
            assert any(text in caption for caption in CAPTIONS[int(name.removeprefix("video"))])


def test_patches_that_training_drops_take_their_sides_with_them(tmp_path: Path) -> None:
    config = make_config(NOTHING | {"grounding": 1.0}, composites_per_step=6)
    batches = make_batches(tmp_path, config)
    batch = batches.of_step(0)[0]
    assert isinstance(batch, CompositeBatch)
    model = make_model(pool=FeatureStore(tmp_path / "msrvtt"))
    objectives = Objectives(model, tiny_tokenizer(), config)
    whole = objectives(batch, 0)["grounding"]
    model.config.patch_dropout = 0.01  # rounds to no patch dropped: in another code path, the same
    torch.testing.assert_close(objectives.train()(batch, 0)["grounding"], whole)
    model.config.patch_dropout = 0.5
    assert abs(objectives(batch, 0)["grounding"] - whole) > 1e-6


def test_an_odd_grid_has_no_halves(tmp_path: Path) -> None:
    store = FeatureStore(write_features(tmp_path))
    store.grid = (3, 3)
    with pytest.raises(DataError, match="even"):
        CompositeMaker(store, store, [], [], make_config())


def test_pairs_of_other_videos_are_refused(tmp_path: Path) -> None:
    store = FeatureStore(write_features(tmp_path))
    with pytest.raises(DataError, match="no training videos"):
        CompositeMaker(store, store, [0], [CAPTIONS[0]], make_config())


def test_frames_of_pairs_are_read_from_both_videos(tmp_path: Path) -> None:
    data = write_frames(tmp_path / "data", frames=3, split="train")
    videos, archive = read_videos(data), FrameArchive(data / "frames.tar")
    pairs = draw_pairs(videos, 5, 2, seed=1)
    assert pairs == draw_pairs(videos, 5, 2, seed=1) != draw_pairs(videos, 5, 2, seed=2)
    assert len(pairs) == 5
    assert all(len(pair.frame_files) == 2 for pair in pairs)
    left, right = (archive.read(name) for name in split_pair(pairs[0].frame_files[1]))
    np.testing.assert_array_equal(PairArchive(archive).read(pairs[0].frame_files[1]), join_side_by_side(left, right))
    archive.close()
