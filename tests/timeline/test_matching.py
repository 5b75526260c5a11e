"""The same passage in two clips."""

from __future__ import annotations

import numpy as np
import pytest

from videobert_demo.timeline.content import Content
from videobert_demo.timeline.matching import find_passages

RANDOM = np.random.default_rng(5)
VECTORS = RANDOM.normal(size=(80, 16)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
COLOURS = RANDOM.integers(0, 200, size=(80, 48)).astype(np.uint8)


def part(pictures: list[int], *, shift_seconds: float = 0.0, brighter: int = 0, noise: int = 0) -> Content:
    """A clip that shows these pictures of the film, two a second."""
    colours = COLOURS[pictures] + brighter + np.random.default_rng(1).integers(0, noise + 1, (len(pictures), 48))
    moments = np.arange(len(pictures)) / 2 + shift_seconds
    return Content(len(pictures) / 2 + shift_seconds, moments, VECTORS[pictures], colours.astype(np.uint8))


def test_a_clip_is_itself() -> None:
    (passage,) = find_passages(part(list(range(20))), part(list(range(20))))
    assert (passage.first, passage.second, passage.offset_seconds) == ((0.0, 10.0), (0.0, 10.0), 0.0)
    assert passage.likeness == pytest.approx(1.0, abs=1e-3)


def test_a_brighter_noisy_copy_within_another_film_is_found_with_its_offset() -> None:
    first, second = part(list(range(30))), part([*range(60, 70), *range(10, 22), *range(70, 80)], brighter=40, noise=12)
    (passage,) = find_passages(first, second)
    assert passage.offset_seconds == pytest.approx(0.0, abs=0.01)  # picture 10 of both
    assert passage.first == pytest.approx((4.75, 10.75))
    later = part([*range(60, 75), *range(10, 22)], shift_seconds=0.2)
    (passage,) = find_passages(first, later)
    assert passage.offset_seconds == pytest.approx(2.7, abs=0.01)


def test_a_passage_that_comes_twice_is_found_twice() -> None:
    second = part([*range(5, 15), *range(60, 66), *range(5, 15)])
    assert sorted(one.offset_seconds for one in find_passages(part(list(range(20))), second)) == [-2.25, 5.5]


def test_different_clips_and_glimpses_share_nothing() -> None:
    assert find_passages(part(list(range(20))), part(list(range(40, 60)))) == ()
    assert find_passages(part(list(range(20))), part([*range(40, 50), 3, 4, *range(50, 60)])) == ()
    dark = Content(4.0, np.arange(8) / 2, VECTORS[:8], np.zeros((8, 48), np.uint8))
    assert find_passages(dark, part(list(range(30, 50)))) == ()
