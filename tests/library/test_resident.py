"""The vectors in memory: found exactly, whatever was added and removed before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.library.samples import DIMENSION, axis, unit
from videobert_demo.library import resident
from videobert_demo.library.resident import ResidentIndex


def draw_clip(number: int, segments: int) -> NDArray[np.float32]:
    """Vectors (1 + segments, D), the whole clip's first."""
    return unit(np.random.default_rng(number).standard_normal((1 + segments, DIMENSION)))


def expect(clips: dict[str, NDArray[np.float32]], query: NDArray[np.float32]) -> list[tuple[str, float, float]]:
    """Hash, score and start of all clips, computed one by one; segment k starts at 2 k seconds."""
    found = []
    for name, vectors in clips.items():
        segments = [float(vector @ query) for vector in vectors[1:]]
        best = int(np.argmax(segments))
        found.append((name, (float(vectors[0] @ query) + segments[best]) / 2, 2.0 * best))
    return sorted(found, key=lambda one: -one[1])


def check(index: ResidentIndex, clips: dict[str, NDArray[np.float32]], limit: int) -> None:
    query = unit(np.random.default_rng(99).standard_normal(DIMENSION))
    expected = expect(clips, query)[:limit]
    found = index.rank(query, limit)
    assert [(one.content_hash, one.start_seconds) for one in found] == [(name, start) for name, _, start in expected]
    np.testing.assert_allclose([one.score for one in found], [score for _, score, _ in expected], atol=1e-6)
    for one in found:
        np.testing.assert_array_equal(one.vector, clips[one.content_hash][0])
    assert index.hashes == set(clips)
    assert len(index) == len(clips)


def fill(index: ResidentIndex, count: int, segments: int = 3) -> dict[str, NDArray[np.float32]]:
    clips = {}
    for number in range(count):
        vectors = draw_clip(number, 1 + number % segments)
        index.add(f"clip {number}", vectors, 2.0 * np.arange(len(vectors) - 1))
        clips[f"clip {number}"] = vectors
    return clips


def test_an_empty_index_finds_nothing() -> None:
    index = ResidentIndex(DIMENSION)
    assert index.rank(axis(0), 5) == []
    assert "anything" not in index
    index.remove("anything")


def test_the_best_clips_are_found_exactly_as_the_matrix_grows() -> None:
    index = ResidentIndex(DIMENSION, rows=1)
    clips = fill(index, 60)
    for limit in (1, 7, 60, 1000):
        check(index, clips, limit)


def test_the_best_segment_of_a_clip_is_not_looked_for_in_its_neighbours() -> None:
    index = ResidentIndex(DIMENSION)
    index.add("first", np.stack([axis(0), axis(1)]), np.array([0.0]))
    index.add("second", np.stack([axis(2), axis(3), axis(4)]), np.array([0.0, 5.0]))
    index.add("third", np.stack([axis(4), axis(5)]), np.array([0.0]))
    found = {one.content_hash: (one.score, one.start_seconds) for one in index.rank(axis(4), 3)}
    assert found == {"first": (0.0, 0.0), "second": (0.5, 5.0), "third": (0.5, 0.0)}


def test_removed_clips_are_not_found_and_others_stay_where_they_are() -> None:
    index = ResidentIndex(DIMENSION)
    clips = fill(index, 20)
    for number in (0, 7, 19):
        index.remove(f"clip {number}")
        del clips[f"clip {number}"]
        assert f"clip {number}" not in index
    check(index, clips, 20)
    back = draw_clip(500, 2)
    index.add("clip 7", back, np.array([0.0, 2.0]))
    check(index, clips | {"clip 7": back}, 20)


def test_rows_of_removed_clips_are_given_back_when_most_are_dead() -> None:
    index = ResidentIndex(DIMENSION)
    clips = fill(index, 900)  # 2,700 vectors
    before = len(index._vectors.view)
    for number in range(700):
        index.remove(f"clip {number}")
        del clips[f"clip {number}"]
    assert len(index._vectors.view) < before / 2
    assert index._dead_rows <= max(resident._MIN_DEAD_ROWS, len(index._vectors.view) // 2)
    check(index, clips, 50)
    check(index, clips, 200)
