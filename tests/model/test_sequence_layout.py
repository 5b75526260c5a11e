"""Where the parts of the encoder's sequence lie."""

from __future__ import annotations

import pytest
import torch

from videobert_demo.model.sequence_layout import SequenceLayout, interleave

LAYOUT = SequenceLayout(text_length=4, label_count=2, segment_count=2, patch_count=4)


def test_the_parts_are_those_of_the_drawing() -> None:
    positions = torch.arange(LAYOUT.total)[None]
    assert LAYOUT.total == 17
    assert LAYOUT.first_segment == 6
    assert LAYOUT.text(positions).tolist() == [[0, 1, 2, 3]]
    assert LAYOUT.video(positions).tolist() == [list(range(4, 16))]
    assert LAYOUT.segments(positions).tolist() == [[6, 11]]
    assert LAYOUT.patches(positions).tolist() == [[[7, 8, 9, 10], [12, 13, 14, 15]]]


def test_states_keep_their_width() -> None:
    states = torch.rand(3, LAYOUT.total, 5)
    assert LAYOUT.segments(states).shape == (3, 2, 5)
    assert LAYOUT.patches(states).shape == (3, 2, 4, 5)
    assert torch.equal(LAYOUT.patches(states)[1, 1, 3], states[1, 15])


def test_interleave_is_the_way_back() -> None:
    states = torch.rand(3, LAYOUT.total, 5)
    together = interleave(LAYOUT.segments(states), LAYOUT.patches(states))
    assert torch.equal(together, states[:, 6:16])


def test_text_alone_has_no_video_part() -> None:
    layout = SequenceLayout.of_text(3)
    tokens = torch.rand(2, 3)
    assert layout.total == 3
    assert torch.equal(layout.text(tokens), tokens)
    for part in (layout.video, layout.segments, layout.patches):
        with pytest.raises(ValueError, match="text alone"):
            part(tokens)


def test_labels_alone_are_a_video_part_too() -> None:
    layout = SequenceLayout(2, 3)
    assert layout.total == 2 + 3 + 1
    assert layout.video(torch.arange(6)[None]).tolist() == [[2, 3, 4]]
    assert layout.segments(torch.zeros(1, 6, 5)).shape == (1, 0, 5)


@pytest.mark.parametrize("sizes", [(0,), (3, -1, 2, 4), (3, 2, 0, 0, False), (3, 0, 1, 4, False)])
def test_impossible_sizes_are_refused(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="got SequenceLayout"):
        SequenceLayout(*sizes)


@pytest.mark.parametrize("shape", [(1, 16), (1, 18, 3), (17,)])
def test_tensors_of_another_length_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="expected"):
        LAYOUT.patches(torch.zeros(shape))
