"""Stored features of a video, as it is shown: the mean of the plain view and of the mirror image."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.tiny import write_features
from videobert_demo.errors import DataError
from videobert_demo.training.store import FeatureStore


def test_a_video_is_shown_as_the_mean_of_itself_and_its_mirror_image(tmp_path: Path) -> None:
    store = FeatureStore(write_features(tmp_path, views=3))
    plain, mirrored = (store.load(1, view).to_tensors() for view in (0, 1))
    shown = store.load_shown(1)
    assert np.allclose(shown.frame_features, (plain.frame_features + mirrored.frame_features) / 2)
    swapped = mirrored.patch_features[:, [1, 0, 3, 2]]  # two rows of two patches, each from right to left
    assert np.allclose(shown.patch_features, (plain.patch_features + swapped) / 2)


def test_without_a_mirror_image_the_plain_view_is_shown(tmp_path: Path) -> None:
    store = FeatureStore(write_features(tmp_path, views=1))
    assert np.array_equal(store.load_shown(0).patch_features, store.load(0).to_tensors().patch_features)


def test_videos_are_found_by_their_names(tmp_path: Path) -> None:
    store = FeatureStore(write_features(tmp_path))
    second, first = store.load_named(["video1", "video0"])
    assert np.array_equal(second.frame_features, store.load(1).to_tensors().frame_features)
    assert np.array_equal(first.frame_features, store.load(0).to_tensors().frame_features)
    with pytest.raises(DataError, match="hold no video9"):
        store.load_named(["video1", "video9"])
