"""Clips in a library: what is shown of one, by which vectors it is found, and that it was found. Knows no store."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from videobert_demo.types.arrays import read_only

_HASH = re.compile("[0-9a-f]{64}")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """What a library shows of one of its clips.

    Attributes:
        content_hash: SHA-256 of the file's bytes, hexadecimal; a library holds it once.
        title: Not blank, at most 500 characters.
        duration_seconds: Playing time, in seconds.
        thumbnail: A small JPEG, at most 48,000 bytes.
        source: Path of the file to play; it may have gone since.
    """

    content_hash: str
    title: str
    duration_seconds: float
    thumbnail: bytes = field(repr=False)
    source: str

    def __post_init__(self) -> None:
        if not _HASH.fullmatch(self.content_hash):
            raise ValueError(f"content_hash must be 64 lower-case hexadecimal digits, got {self.content_hash!r}")
        if not self.title.strip() or len(self.title) > 500 or _SURROGATE.search(self.title):
            raise ValueError(f"title must be 1 to 500 characters of valid Unicode, not blank, got {self.title!r:.600}")
        if not (math.isfinite(self.duration_seconds) and self.duration_seconds >= 0):
            raise ValueError(f"duration_seconds must be finite and not negative, got {self.duration_seconds}")
        if not self.thumbnail.startswith(b"\xff\xd8") or len(self.thumbnail) > 48_000:
            raise ValueError(f"thumbnail must be a JPEG of at most 48,000 bytes, got {len(self.thumbnail)} bytes")


@dataclass(frozen=True, slots=True, eq=False)
class EncodedClip:
    """A clip as it goes into a library: what is shown of it, and the vectors by which it is found.

    Attributes:
        entry: What is shown.
        vector: float32 (D,), unit length, of the whole clip.
        segment_vectors: float32 (S, D), unit length, S >= 1.
        segment_seconds: float64 (S, 2), start and end of each segment, in order.
    """

    entry: LibraryEntry
    vector: NDArray[np.float32]
    segment_vectors: NDArray[np.float32]
    segment_seconds: NDArray[np.float64]

    def __post_init__(self) -> None:
        for name, array, dtype, axes in (
            ("vector", self.vector, np.float32, 1),
            ("segment_vectors", self.segment_vectors, np.float32, 2),
            ("segment_seconds", self.segment_seconds, np.float64, 2),
        ):
            if not isinstance(array, np.ndarray) or array.dtype != dtype:
                raise TypeError(f"{name} must be a {dtype.__name__} array, got {getattr(array, 'dtype', type(array))}")
            if array.ndim != axes or 0 in array.shape:
                raise ValueError(f"{name} must have {axes} axes and none empty, got {array.shape}")
        count, width = self.segment_vectors.shape
        if self.vector.shape != (width,) or self.segment_seconds.shape != (count, 2):
            raise ValueError(
                f"shapes must be (D,), (S, D), (S, 2), got {self.vector.shape}, {self.segment_vectors.shape}, "
                f"{self.segment_seconds.shape}"
            )
        lengths = np.linalg.norm(np.vstack([self.vector[None], self.segment_vectors]), axis=1)
        if not (np.abs(lengths - 1) < 0.02).all():  # bfloat16 rounds to about 0.004
            raise ValueError(f"vectors must have unit length, got {lengths.tolist()}")
        times = self.segment_seconds
        ordered = (times[:, 0] <= times[:, 1]).all() and (np.diff(times[:, 0]) >= 0).all()
        if not np.isfinite(times).all() or (times < 0).any() or not ordered:
            raise ValueError(f"segment_seconds must be finite, not negative and in order, got {times.tolist()}")
        for name in ("vector", "segment_vectors", "segment_seconds"):
            object.__setattr__(self, name, read_only(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Hit:
    """A clip that a search found.

    Attributes:
        entry: The clip.
        score: Cosine similarity in [-1, 1]: the mean of the whole clip's and the best segment's.
        start_seconds: Where the best segment starts.
        duplicates: How many clips that look the same stand behind this one.
        is_sure: Whether it is likely to fit what was searched.
    """

    entry: LibraryEntry
    score: float
    start_seconds: float
    duplicates: int = 0
    is_sure: bool = True

    def __post_init__(self) -> None:
        if not -1.05 <= self.score <= 1.05:  # unit vectors are unit up to rounding
            raise ValueError(f"score must be in [-1, 1], got {self.score}")
        if not (math.isfinite(self.start_seconds) and self.start_seconds >= 0):
            raise ValueError(f"start_seconds must be finite and not negative, got {self.start_seconds}")
        if self.duplicates < 0:
            raise ValueError(f"duplicates must not be negative, got {self.duplicates}")
