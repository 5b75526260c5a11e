"""Clips of labels only, for captions that have no frames."""

from __future__ import annotations

import numpy as np
import torch

from videobert_demo.training.label_clips import LabelClips, frequent_words

WORDS = [["cat", "tabby"], ["dog", "husky"], ["stage"], ["cup", "mug"]]
CATS = ("a cat sits on a bed", "the cat is on the bed", "an animal sleeps")
CLIPS = [
    (("a band plays on a stage", "people play on the stage"), (np.array([2, 3]), np.array([0.5, 0.1], np.float32))),
    (("a child jumps on a bed", "the bed is jumped on"), (np.array([3, 1]), np.array([0.4, 0.2], np.float32))),
    (("a man talks", "a man talks to a man"), (np.array([1, 0]), np.array([0.9, 0.05], np.float32))),
]


def draw(
    groups: list[tuple[str, ...]], count: int = 50, labels: int = 3
) -> tuple[list[int], torch.Tensor, torch.Tensor]:
    return LabelClips(groups, WORDS, CLIPS).draw(count, labels, np.random.default_rng(0))


def test_frequent_words_are_those_the_captions_agree_on() -> None:
    assert set(frequent_words(CATS)) == {"cat", "on", "bed"}
    assert set(frequent_words(("a cat",))) == {"a", "cat"}
    assert frequent_words(()) == []


def test_a_label_that_the_captions_name_is_there_and_likely() -> None:
    _, ids, probabilities = draw([CATS])
    assert (ids == 0).any(1).all()
    named = probabilities[ids == 0]
    assert named.min() >= 0.2
    assert named.max() <= 0.95
    assert named.std() > 0.1


def test_the_other_labels_come_from_a_clip_with_a_word_in_common() -> None:
    _, ids, probabilities = draw([CATS])
    donated = {
        (int(i), round(float(p), 2)) for i, p in zip(ids.flatten(), probabilities.flatten(), strict=True) if i > 0
    }
    assert donated == {(3, 0.4), (1, 0.2)}  # of the bed


def test_labels_are_in_order_and_padded_with_absent_ones() -> None:
    _, ids, probabilities = draw([CATS, ("a mug", "this mug")], labels=5)
    assert (probabilities.diff(dim=1) <= 0).all()
    assert ids.shape == probabilities.shape == (50, 5)
    assert (probabilities[:, 3:] == 0).all()


def test_captions_that_no_label_fits_are_left_out() -> None:
    groups = [("something else", "something else"), CATS]
    clips = LabelClips(groups, WORDS, CLIPS)
    assert [captions for captions, _, _ in clips.groups] == [CATS]


def test_the_draw_is_the_generators() -> None:
    clips = LabelClips([CATS], WORDS, CLIPS)
    first, again, other = (clips.draw(8, 3, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert torch.equal(first[2], again[2])
    assert not torch.equal(first[2], other[2])
