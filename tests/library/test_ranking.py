"""The arithmetic of searching, by numbers that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from videobert_demo.library.ranking import Ranked, combine, fold_duplicates, sort_ranked


def ranked(name: str, score: float, *vector: float) -> Ranked:
    values = np.array(vector or (1.0, 0.0), dtype=np.float32)
    return Ranked(name, score, 0.0, values / np.linalg.norm(values))


def names(clips: list[Ranked]) -> list[str]:
    return [clip.content_hash for clip in clips]


def test_whole_clip_and_best_segment_count_alike() -> None:
    scores = combine(np.array([0.25, -1.0, 1.0], np.float32), np.array([0.75, 1.0, 1.0], np.float32))
    assert scores.tolist() == [0.5, 0.0, 1.0]
    assert scores.dtype == np.float32


def test_the_best_comes_first_and_equal_scores_are_ordered_by_hash() -> None:
    clips = [ranked("c", 0.5), ranked("a", 0.5), ranked("d", 0.9), ranked("b", -0.1)]
    assert names(sort_ranked(clips)) == ["d", "a", "c", "b"]
    assert names(sort_ranked(clips[::-1])) == ["d", "a", "c", "b"]


def test_clips_that_look_the_same_are_folded_into_the_best_of_them() -> None:
    clips = [
        ranked("dog", 0.9, 1, 0, 0),
        ranked("cat", 0.8, 0, 1, 0),
        ranked("the same cat", 0.7, 0, 1, 0.05),
        ranked("bird", 0.6, 0, 0, 1),
        ranked("the same dog", 0.5, 1, 0.05, 0),
        ranked("the cat again", 0.4, 0.05, 1, 0),
    ]
    folded = fold_duplicates(clips)
    assert [(one.best.content_hash, one.duplicates) for one in folded] == [("dog", 1), ("cat", 2), ("bird", 0)]
    assert folded[1].best is clips[1]
    assert fold_duplicates([]) == []


@pytest.mark.parametrize(("threshold", "count"), [(0.59, 1), (0.61, 2)])
def test_the_threshold_is_a_cosine(threshold: float, count: int) -> None:
    assert len(fold_duplicates([ranked("a", 0.9, 1, 0), ranked("b", 0.8, 0.6, 0.8)], threshold)) == count


def test_a_clip_is_compared_with_those_that_are_shown_only() -> None:
    """b is folded into a; c looks like b but not like a, so it is shown."""
    angles = {"a": 0, "b": 15, "c": 30}
    clips = [
        ranked(name, 1 - angle / 100, np.cos(np.radians(angle)), np.sin(np.radians(angle)))
        for name, angle in angles.items()
    ]
    folded = fold_duplicates(clips, threshold=0.95)  # 18 degrees
    assert [(one.best.content_hash, one.duplicates) for one in folded] == [("a", 1), ("c", 0)]


def test_a_duplicate_of_two_counts_for_the_nearer_one() -> None:
    clips = [ranked("a", 0.9, 1, 0), ranked("b", 0.8, 0.8, 0.6), ranked("like b", 0.7, 0.82, 0.57)]
    assert [one.duplicates for one in fold_duplicates(clips, threshold=0.81)] == [0, 1]
