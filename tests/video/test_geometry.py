from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from videobert_demo.video.geometry import Orientation, fit_within, shown_size


@pytest.mark.parametrize(
    ("degrees", "is_mirrored", "expected"),
    [
        (0, False, [[1, 2, 3], [4, 5, 6]]),
        (90, False, [[4, 1], [5, 2], [6, 3]]),
        (180, False, [[6, 5, 4], [3, 2, 1]]),
        (270, False, [[3, 6], [2, 5], [1, 4]]),
        (0, True, [[3, 2, 1], [6, 5, 4]]),
        (90, True, [[6, 3], [5, 2], [4, 1]]),
    ],
)
def test_turns_clockwise_after_mirroring(degrees: int, is_mirrored: bool, expected: list[list[int]]) -> None:
    pixels = np.array([[1, 2, 3], [4, 5, 6]], dtype=np.uint8)[..., None].repeat(3, axis=2)
    turned = Orientation(degrees, is_mirrored).apply(pixels)
    assert turned[..., 0].tolist() == expected
    assert turned.flags.c_contiguous


@pytest.mark.parametrize(
    ("aspect", "degrees", "expected"),
    [
        (None, 0, (720, 576)),
        (Fraction(1), 90, (576, 720)),
        (Fraction(16, 15), 0, (768, 576)),
        (Fraction(16, 15), 270, (576, 768)),
        (Fraction(1, 2), 0, (720, 1152)),
        (Fraction(0), 0, (720, 576)),
        (Fraction(1, 10_000), 0, (720, 576)),
        (Fraction(10_000), 0, (720, 576)),
    ],
)
def test_shown_size(aspect: Fraction | None, degrees: int, expected: tuple[int, int]) -> None:
    assert shown_size(720, 576, aspect, Orientation(degrees)) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1920, 1080), (480, 270)),
        ((1080, 1920), (270, 480)),
        ((480, 480), (480, 480)),
        ((97, 63), (97, 63)),
        ((4000, 2), (480, 1)),
        ((1, 1), (1, 1)),
    ],
)
def test_fit_within(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert fit_within(*size, 480) == expected
