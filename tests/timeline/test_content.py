"""What a clip shows from moment to moment, as a value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.timeline.contents import make_content
from videobert_demo.timeline.content import Content


def test_each_picture_stands_for_what_is_nearer_to_it() -> None:
    content = make_content([0, 0, 1], step_seconds=0.5, duration_seconds=1.5)
    assert content.bounds_seconds.tolist() == [0.0, 0.25, 0.75, 1.5]


def test_a_picture_right_after_a_cut_begins_with_it() -> None:
    content = make_content([0, 0, 1], step_seconds=0.5, duration_seconds=1.5)
    cut = replace(content, cuts_seconds=np.array([0.3, 1.0]))  # 0.3 s is no picture's
    assert cut.bounds_seconds.tolist() == [0.0, 0.25, 1.0, 1.5]


def test_motion_is_how_much_the_colours_change() -> None:
    content = Content(2.0, np.array([0.0, 1.0]), np.eye(2, dtype=np.float32), np.array([[0, 0], [51, 0]], np.uint8))
    assert content.motion.tolist() == pytest.approx([0.1, 0.1])


def test_the_mean_of_a_stretch_has_length_one_and_an_empty_one_gets_its_nearest_picture() -> None:
    content = make_content([0, 1, 1, 2])
    assert content.mean_vector(0.0, 1.0) == pytest.approx([2**-0.5, 2**-0.5, 0])
    assert content.mean_vector(1.1, 1.4).tolist() == [0, 1, 0]


def test_values_that_do_not_belong_together_are_refused() -> None:
    vectors, colours = np.eye(2, dtype=np.float32), np.zeros((2, 3), np.uint8)
    for moments, duration in (([0.0, 0.0], 1.0), ([0.0], 1.0), ([0.0, 1.0], 0.0), ([0.0, np.inf], 1.0)):
        with pytest.raises(ValueError, match=r"moments|duration"):
            Content(duration, np.array(moments), vectors, colours)
    with pytest.raises(TypeError, match="float32"):
        Content(1.0, np.array([0.0, 1.0]), vectors.astype(np.float64), colours)  # type: ignore[arg-type]
