"""Sides change places in a caption of a mirror image, and nothing else does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.tiny import tiny_tokenizer, write_features
from tests.training.runs import make_batches, make_config
from videobert_demo.training.mirroring import SidedCaptions, swap_sides
from videobert_demo.training.store import FeatureStore


@pytest.mark.parametrize(
    ("caption", "mirrored"),
    [
        ("a man on the left waves", "a man on the right waves"),
        ("she raises her right hand", "she raises her left hand"),
        ("a car turns left and a bus turns right", "a car turns right and a bus turns left"),
        ("the camera pans from left to right", "the camera pans from right to left"),
        ("a dog looks left and right", "a dog looks right and left"),
        ("he left the room", "he left the room"),
        ("a man is right now cooking", "a man is right now cooking"),
        ("there is one egg left", "there is one egg left"),
        ("a bright light", "a bright light"),
    ],
)
def test_sides(caption: str, mirrored: str) -> None:
    assert swap_sides(caption) == mirrored
    assert swap_sides(mirrored) == caption


def test_only_mirror_images_have_other_captions() -> None:
    captions = SidedCaptions([["a dog", "a dog on the left"], ["a cat"]], lambda texts: [[len(text)] for text in texts])
    assert captions.of(0, is_mirrored=False) == (["a dog", "a dog on the left"], [[5], [17]])
    assert captions.of(0, is_mirrored=True) == (["a dog", "a dog on the right"], [[5], [18]])
    assert captions.of(1, is_mirrored=True) is captions.of(1, is_mirrored=False)
    assert len(captions) == 2


def test_a_batch_of_mirror_images_is_told_so(tmp_path: Path) -> None:
    texts = [["a man on the left"], ["a cat on the right"]] * 3
    config = make_config(captions_per_video=1, videos_per_step=6)
    batches = make_batches(tmp_path, config, captions=texts, views=2)
    tokenizer = tiny_tokenizer()
    seen = set()
    for step in range(6):
        batch = batches.videos(step)
        for row, index, text in zip(batch.video["frame_features"], batch.indices, batch.texts, strict=True):
            views = [FeatureStore(tmp_path / "msrvtt").load(index, view).to_tensors().frame_features for view in (0, 1)]
            is_mirrored = bool((row[: len(views[1])] == views[1]).all())
            assert text == (swap_sides(texts[index][0]) if is_mirrored else texts[index][0])
            place = batch.indices.index(index)
            ids = batch.packed.decoder_input_ids[place][batch.packed.sentence_ids[place] == 0][1:]
            assert ids.tolist() == batches.tokenize([text])[0]
            seen.add(is_mirrored)
    assert seen == {True, False}
    assert tokenizer


def test_frames_are_left_out_and_one_stays(tmp_path: Path) -> None:
    store = FeatureStore(write_features(tmp_path, frames=8))
    random = np.random.default_rng(0)
    kept = [store.draw_view(0, 8, random, 0.5).kept.tolist() for _ in range(200)]
    assert 3.5 < np.mean([len(one) for one in kept]) < 4.6
    assert all(one == sorted(one) and one for one in kept)
    assert {len(store.draw_view(0, 8, random, 0.999).pooled) for _ in range(20)} == {1}
    assert json.loads((tmp_path / "index.json").read_text())["frames"] == 48
