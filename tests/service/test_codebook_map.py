"""The map of the visual words."""

from __future__ import annotations

import numpy as np
import pytest

from videobert_demo.service.codebook_map import draw_map, project
from videobert_demo.types.visual_words import VisualWord


def test_words_that_look_alike_lie_together() -> None:
    random = np.random.default_rng(0)
    centres = random.normal(size=(3, 40)) * 10
    vectors = (centres.repeat(20, axis=0) + random.normal(size=(60, 40))).astype(np.float32)
    points = project(vectors)
    assert points.min(0) == pytest.approx([0, 0])
    assert points.max(0) == pytest.approx([1, 1])
    groups = points.reshape(3, 20, 2)
    middles = groups.mean(1)
    spread = max(
        float(np.linalg.norm(group - middle, axis=1).max()) for group, middle in zip(groups, middles, strict=True)
    )
    nearest = min(float(np.linalg.norm(middles[a] - middles[b])) for a, b in ((0, 1), (0, 2), (1, 2)))
    assert nearest > 3 * spread
    np.testing.assert_allclose(project(vectors), points)  # not by chance the other way round


def test_one_word_or_none_makes_a_map_too() -> None:
    assert project(np.ones((1, 4), np.float32)).tolist() == [[0.5, 0.5]]
    assert draw_map((), np.zeros((8, 4), np.float32), 4).words == ()


def test_a_landmark_names_a_branch_by_what_the_others_lack() -> None:
    words = (
        VisualWord(0, 0.0, ("man", "dog")),
        VisualWord(1, 0.0, ("man", "dog")),
        VisualWord(4, 0.0, ("man", "car")),
        VisualWord(6, 0.0),
    )
    found = draw_map(words, np.eye(8, dtype=np.float32), 4)
    assert [one.name.split(", ")[0] for one in found.landmarks] == ["dog", "car"]
    assert found.point_of(4) == tuple(found.points[2])
    assert found.point_of(5) is None
