"""Clips with made-up vectors, for the tests of libraries."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from videobert_demo.types import EncodedClip, LibraryEntry

DIMENSION = 16
THUMBNAIL = cv2.imencode(".jpg", np.full((4, 6, 3), 200, dtype=np.uint8))[1].tobytes()


def unit(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Rows of unit length, float32."""
    return (values / np.linalg.norm(values, axis=-1, keepdims=True)).astype(np.float32)


def axis(number: int) -> NDArray[np.float32]:
    """The unit vector along one axis (D,)."""
    return np.eye(DIMENSION, dtype=np.float32)[number]


def make_clip(
    name: str, *, title: str | None = None, source: str = "", near: NDArray[np.float32] | None = None, segments: int = 3
) -> EncodedClip:
    """A clip whose hash and vectors follow from its name; `near` makes all its vectors that one."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    random = np.random.default_rng(int(digest[:8], 16))
    vectors = unit(random.standard_normal((1 + segments, DIMENSION)))
    if near is not None:
        vectors = np.repeat(near[None], 1 + segments, axis=0)
    starts = np.arange(segments, dtype=np.float64) * 2
    entry = LibraryEntry(digest, title or name, 2.0 * segments, THUMBNAIL, source)
    return EncodedClip(entry, vectors[0], vectors[1:], np.stack([starts, starts + 2], axis=1))


def with_vectors(name: str, whole: NDArray[np.float32], segments: Sequence[NDArray[np.float32]]) -> EncodedClip:
    """A clip with these vectors, each segment two seconds long."""
    starts = np.arange(len(segments), dtype=np.float64) * 2
    shown = make_clip(name).entry
    return EncodedClip(shown, whole, np.stack(segments), np.stack([starts, starts + 2], axis=1))


def encode_text(path: Path) -> EncodedClip:
    """Stands for the model: a text file is a clip whose vectors follow from its words."""
    words = path.read_text(encoding="utf-8")
    return make_clip(words, title=path.stem, source=str(path))


def hash_text(path: Path) -> str:
    """The hash that `encode_text` gives the same file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
