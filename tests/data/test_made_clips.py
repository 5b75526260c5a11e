"""Made clips of which nothing can be told."""

from __future__ import annotations

import numpy as np

from videobert_demo.data.made_clips import FRAMES, HEIGHT, PATTERNS, WIDTH, make_clips


def test_as_many_of_each_kind_and_the_same_again() -> None:
    made = make_clips(20, seed=3)
    assert [kind for kind, _ in made] == list(PATTERNS) * 4
    assert all(frames.shape == (FRAMES, HEIGHT, WIDTH, 3) and frames.dtype == np.uint8 for _, frames in made)
    again, other = make_clips(20, seed=3), make_clips(20, seed=4)
    assert all(np.array_equal(one, two) for (_, one), (_, two) in zip(made, again, strict=True))
    assert not any(np.array_equal(one, two) for (_, one), (_, two) in zip(made[:5], other[:5], strict=True))


def test_kinds_look_as_they_are_called() -> None:
    (_, plain), (_, text) = (make_clips(1, 5, (kind,))[0] for kind in ("colour", "text"))
    assert plain.std(axis=(1, 2)).max() < 4
    values, counts = np.unique(text[0].reshape(-1, 3), axis=0, return_counts=True)
    assert counts.max() > 0.5 * HEIGHT * WIDTH  # paper
    assert len(values) > 1  # ink
