from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.library.samples import THUMBNAIL, axis, make_clip
from videobert_demo.types import EncodedClip, Hit, LibraryEntry


@pytest.mark.parametrize(
    "change",
    [
        {"content_hash": "abc"},
        {"content_hash": "F" * 64},
        {"title": " \n"},
        {"title": "x" * 501},
        {"title": "\udcff"},
        {"duration_seconds": float("nan")},
        {"duration_seconds": -1.0},
        {"thumbnail": b"GIF89a"},
        {"thumbnail": THUMBNAIL + bytes(48_000)},
    ],
)
def test_an_entry_refuses_values_that_cannot_be(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        dataclasses.replace(make_clip("a").entry, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"vector": 2 * axis(0)},
        {"vector": axis(0)[:8]},
        {"segment_vectors": np.zeros((0, 16), np.float32)},
        {"segment_vectors": np.full((3, 16), np.nan, np.float32)},
        {"segment_seconds": np.array([[0.0, 1], [2, 1], [3, 4]])},
        {"segment_seconds": np.array([[5.0, 6], [2, 3], [7, 8]])},
        {"segment_seconds": np.zeros((2, 2))},
    ],
)
def test_an_encoded_clip_refuses_wrong_arrays(change: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match=r"vector|segment_seconds|shapes"):
        dataclasses.replace(make_clip("a"), **change)


def test_an_encoded_clip_refuses_other_kinds_of_numbers() -> None:
    with pytest.raises(TypeError, match="float32"):
        dataclasses.replace(make_clip("a"), vector=np.eye(16)[0])


def test_vectors_cannot_be_written_through_a_clip() -> None:
    clip: EncodedClip = make_clip("a")
    with pytest.raises(ValueError, match="read-only"):
        clip.vector[0] = 0


@pytest.mark.parametrize("values", [(1.2, 0.0, 0), (0.5, -1.0, 0), (0.5, float("inf"), 0), (0.5, 0.0, -1)])
def test_a_hit_refuses_values_that_cannot_be(values: tuple[float, float, int]) -> None:
    entry: LibraryEntry = make_clip("a").entry
    with pytest.raises(ValueError, match=r"score|start_seconds|duplicates"):
        Hit(entry, *values)
