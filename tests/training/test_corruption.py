"""What is hidden, and how much of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from videobert_demo.model.packing import IGNORED
from videobert_demo.training.corruption import (
    CORRUPTED_SHARE,
    MASKED_SEGMENT_SHARE,
    WHOLLY_MASKED_SHARE,
    corrupt_spans,
    draw_hidden_segments,
    mask_words,
    mismatch_texts,
)

MASK = 4


def test_words_are_masked_as_in_bert() -> None:
    generator = torch.Generator().manual_seed(0)
    ids = torch.randint(10, 1000, (400, 100), generator=generator)
    maskable = torch.rand(ids.shape, generator=generator) < 0.9
    corrupted, labels = mask_words(ids, maskable, MASK, 1000, generator)
    chosen = labels != IGNORED
    assert not (chosen & ~maskable).any()
    assert torch.equal(labels[chosen], ids[chosen])
    assert torch.equal(corrupted[~chosen], ids[~chosen])
    count = int(chosen.sum())
    assert count / int(maskable.sum()) == pytest.approx(0.15, abs=0.01)
    masked = corrupted[chosen] == MASK
    kept = corrupted[chosen] == ids[chosen]
    assert int(masked.sum()) / count == pytest.approx(0.8, abs=0.02)
    assert int(kept.sum()) / count == pytest.approx(0.1, abs=0.02)
    swapped = corrupted[chosen][~masked & ~kept]
    assert swapped.min() >= 6  # never a special token
    assert swapped.max() < 1000


def test_spans_are_infilled_as_in_bart() -> None:
    random = np.random.default_rng(0)
    hidden, masks, lengths = 0, 0, []
    for _ in range(2000):
        ids = list(range(100, 120))
        holed = corrupt_spans(ids, MASK, random)
        left = [word for word in holed if word != MASK]
        assert left == sorted(left)  # in order
        assert set(left) <= set(ids)
        hidden += 20 - len(left)
        masks += holed.count(MASK)
        lengths.append(len(holed))
    assert hidden / 2000 == pytest.approx(CORRUPTED_SHARE * 20, rel=0.15)
    assert 1.5 < hidden / masks < 3.0  # Poisson(3), cut by what is left of the budget
    assert max(lengths) <= 20 + 6


@pytest.mark.parametrize("count", [1, 2, 3])
def test_short_sentences_are_infilled_too(count: int) -> None:
    for seed in range(50):
        holed = corrupt_spans(list(range(100, 100 + count)), MASK, np.random.default_rng(seed))
        assert MASK in holed
        assert len(holed) <= count + 1


def test_every_second_video_gets_a_text_of_another_one() -> None:
    """Of videos 1, 3, 5 ..., by turns the text most like the video, and the next video's."""
    similarity = torch.eye(6)  # rows are texts
    similarity[4, 1] = similarity[2, 5] = 0.9
    sources, matched = mismatch_texts(similarity, 1)
    assert sources == [0, 4, 2, 4, 4, 2]
    assert matched.tolist() == [True, False] * 3
    sources, matched = mismatch_texts(similarity, 2)  # videos 0, 2, 4
    assert sources[0] == 0
    assert sources[2] == 4
    assert sources[1] != 2
    assert matched.tolist() == [True, False, True]


def test_segments_are_hidden_some_of_most_clips_and_all_of_a_few() -> None:
    frame_mask = torch.ones(4000, 8, dtype=torch.bool)
    frame_mask[::4, 5:] = False  # shorter clips
    frame_mask[1::4, 1:] = False  # clips of one segment
    hidden = draw_hidden_segments(frame_mask, torch.Generator().manual_seed(0))
    assert not (hidden & ~frame_mask).any()
    assert not hidden[1::4].any()
    long = hidden[2::4]
    wholly = long.all(1)
    assert float(wholly.float().mean()) == pytest.approx(WHOLLY_MASKED_SHARE, abs=0.03)
    assert float(long[~wholly].float().mean()) == pytest.approx(MASKED_SEGMENT_SHARE, abs=0.03)
