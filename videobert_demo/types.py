"""Value types that the layers hand to each other. They are frozen and check themselves when they are made.

This module knows numpy and nothing else: no torch, no video library. A wrong value is a programmer's error and raises
ValueError or TypeError with the value in it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_Scalar = TypeVar("_Scalar", bound=np.generic)
_HASH = re.compile("[0-9a-f]{64}")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ClipLimits:
    """What a clip may cost at most. Checked before a frame is decoded.

    Attributes:
        max_bytes: Size of the file, in bytes.
        max_seconds: Playing time, in seconds.
        max_pixels: Width times height of one frame as stored in the file.
    """

    max_bytes: int = 200 * 1024 * 1024
    max_seconds: float = 7200.0
    max_pixels: int = 4096 * 4096

    def __post_init__(self) -> None:
        if self.max_bytes < 1:
            raise ValueError(f"max_bytes must be at least 1, got {self.max_bytes}")
        if not (math.isfinite(self.max_seconds) and self.max_seconds > 0):
            raise ValueError(f"max_seconds must be a positive finite number, got {self.max_seconds}")
        if self.max_pixels < 1:
            raise ValueError(f"max_pixels must be at least 1, got {self.max_pixels}")


@dataclass(frozen=True, slots=True)
class ClipInfo:
    """What is known of a clip without looking at its pictures.

    Attributes:
        container: Short name of the container, such as "mp4", "webm" or "gif".
        codec: Name of the video codec, such as "h264".
        width: Width as shown, after rotation and with square pixels, in pixels.
        height: Height as shown, after rotation and with square pixels, in pixels.
        duration_seconds: From the first frame to the end of the last one; 0 if the file does not tell how long its only
            frame stands.
        frames_per_second: Mean frame rate; 0 if the clip has one frame and the file does not tell.
        frame_count: Number of frames, or None if it is not known.
        rotation_degrees: How far the stored picture was turned clockwise to be shown: 0, 90, 180 or 270.
        size_bytes: Size of the file.
    """

    container: str
    codec: str
    width: int
    height: int
    duration_seconds: float
    frames_per_second: float
    frame_count: int | None
    rotation_degrees: int
    size_bytes: int

    def __post_init__(self) -> None:
        if not self.container or not self.codec:
            raise ValueError(f"container and codec must have names, got {self.container!r} and {self.codec!r}")
        if self.width < 1 or self.height < 1:
            raise ValueError(f"width and height must be at least 1, got {self.width} x {self.height}")
        for name, value in (
            ("duration_seconds", self.duration_seconds),
            ("frames_per_second", self.frames_per_second),
        ):
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be finite and not negative, got {value}")
        if self.frame_count is not None and self.frame_count < 1:
            raise ValueError(f"frame_count must be at least 1 or None, got {self.frame_count}")
        if self.rotation_degrees not in (0, 90, 180, 270):
            raise ValueError(f"rotation_degrees must be 0, 90, 180 or 270, got {self.rotation_degrees}")
        if self.size_bytes < 0:
            raise ValueError(f"size_bytes must not be negative, got {self.size_bytes}")


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """Pictures with the moments at which they are shown. Two objects are equal only if they are the same object.

    Both arrays are kept as read-only views, because one clip's frames are shared by everyone who asks about it.

    Attributes:
        pixels: uint8 (T, H, W, 3), RGB, T >= 1.
        timestamps_seconds: float64 (T,), finite and non-decreasing: when each frame comes on screen.
    """

    pixels: NDArray[np.uint8]
    timestamps_seconds: NDArray[np.float64]

    def __post_init__(self) -> None:
        if not isinstance(self.pixels, np.ndarray) or self.pixels.dtype != np.uint8:
            raise TypeError(f"pixels must be a uint8 array, got {getattr(self.pixels, 'dtype', type(self.pixels))}")
        if self.pixels.ndim != 4 or self.pixels.shape[3] != 3 or 0 in self.pixels.shape:
            raise ValueError(f"pixels must be (T, H, W, 3) without empty axes, got {self.pixels.shape}")
        times = self.timestamps_seconds
        if not isinstance(times, np.ndarray) or times.dtype != np.float64:
            raise TypeError(f"timestamps_seconds must be a float64 array, got {getattr(times, 'dtype', type(times))}")
        if times.shape != (self.pixels.shape[0],):
            raise ValueError(f"{self.pixels.shape[0]} frames need as many timestamps, got shape {times.shape}")
        if not np.isfinite(times).all() or (np.diff(times) < 0).any():
            raise ValueError(f"timestamps_seconds must be finite and non-decreasing, got {times.tolist()}")
        object.__setattr__(self, "pixels", _read_only(self.pixels))
        object.__setattr__(self, "timestamps_seconds", _read_only(times))

    def __len__(self) -> int:
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class Caption:
    """One sentence about a clip.

    Attributes:
        text: The sentence, not blank.
        score: What captions are ranked by, in [0, 1]: the geometric mean of its words' probabilities, its end
            included, where each is as likely as the search took it to be. Words that labels of the clip guide to
            (tasks/guidance.py) count as likelier there than the decoder alone makes them; it is lower the less the
            clip supports the sentence's nouns and verbs (tasks/support.py).
        probability: That the sentence is right, in [0, 1]; None if the checkpoint is not calibrated.
    """

    text: str
    score: float
    probability: float | None = None

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError(f"a caption must have words, got {self.text!r}")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"score must be in [0, 1], got {self.score}")
        if self.probability is not None and not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"probability must be in [0, 1] or None, got {self.probability}")


@dataclass(frozen=True, slots=True)
class CaptionResult:
    """The captions of one clip.

    Attributes:
        candidates: At least one caption, the best first: none scores higher than the one before it.
        seconds: Time it took to make them.
        sure_from: From this probability on the best caption counts as sure.
        holds: Where the best caption is not sure: the part that holds nevertheless, such as "a person; not sure what
            they do". Empty if nothing does, or if it is sure.
    """

    candidates: tuple[Caption, ...]
    seconds: float
    sure_from: float = 0.0
    holds: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.candidates, tuple) or not self.candidates:
            raise ValueError(f"candidates must be a tuple of at least one caption, got {self.candidates!r}")
        scores = [caption.score for caption in self.candidates]
        if scores != sorted(scores, reverse=True):
            raise ValueError(f"candidates must be in order of score, got {scores}")
        if not (math.isfinite(self.seconds) and self.seconds >= 0):
            raise ValueError(f"seconds must be finite and not negative, got {self.seconds}")

    @property
    def text(self) -> str:
        """The best caption's sentence."""
        return self.candidates[0].text

    @property
    def score(self) -> float:
        """The best caption's score, in [0, 1]."""
        return self.candidates[0].score

    @property
    def probability(self) -> float | None:
        """The probability that the best caption is right, in [0, 1]; None if the checkpoint is not calibrated."""
        return self.candidates[0].probability

    @property
    def can_tell(self) -> bool:
        """Whether anything can be told of the clip; if not, the text is `CANNOT_TELL`."""
        return self.text != CANNOT_TELL

    @property
    def is_sure(self) -> bool:
        """Whether the best caption is at least as likely to be right as `sure_from`, where that is known."""
        return self.can_tell and (self.probability is None or self.probability >= self.sure_from)


CANNOT_TELL = "I cannot tell"
"""What stands in place of a caption or an answer where nothing can be told of a clip."""
SURE_PROBABILITY = 0.3
"""From this probability on an answer counts as sure."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question about a clip.

    Attributes:
        text: A word or two, not blank.
        probability: Of these words, or of others that say the same of a person, in [0, 1].
    """

    text: str
    probability: float

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError(f"an answer must have words, got {self.text!r}")
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"probability must be in [0, 1], got {self.probability}")


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """The likeliest answers to one question about one clip.

    Attributes:
        question: As the model read it.
        candidates: At least one answer, the likeliest first.
        seconds: Time it took to find them.
        absent: What the question takes to be there and the clip does not show, such as "dog"; then the only answer is
            that there is none. Empty otherwise.
    """

    question: str
    candidates: tuple[Answer, ...]
    seconds: float
    absent: str = ""

    def __post_init__(self) -> None:
        if not self.question.strip():
            raise ValueError(f"a question must have words, got {self.question!r}")
        if not isinstance(self.candidates, tuple) or not self.candidates:
            raise ValueError(f"candidates must be a tuple of at least one answer, got {self.candidates!r}")
        probabilities = [answer.probability for answer in self.candidates]
        if probabilities != sorted(probabilities, reverse=True):
            raise ValueError(f"candidates must be in order of probability, got {probabilities}")
        if not (math.isfinite(self.seconds) and self.seconds >= 0):
            raise ValueError(f"seconds must be finite and not negative, got {self.seconds}")

    @property
    def text(self) -> str:
        """The likeliest answer."""
        return self.candidates[0].text

    @property
    def probability(self) -> float:
        """The likeliest answer's probability, in [0, 1]."""
        return self.candidates[0].probability

    @property
    def can_tell(self) -> bool:
        """Whether anything can be told of the clip; if not, the text is `CANNOT_TELL`."""
        return self.text != CANNOT_TELL

    @property
    def is_sure(self) -> bool:
        """Whether the likeliest answer is at least as likely as `SURE_PROBABILITY`."""
        return self.probability >= SURE_PROBABILITY


@dataclass(frozen=True, slots=True, eq=False)
class Heatmap:
    """How much each place of a clip counts for a word. Two objects are equal only if they are the same object.

    Attributes:
        values: float32 (T, H, W), in [0, 1], T >= 1; row 0 is the top of the picture, column 0 its left.
        timestamps_seconds: float64 (T,), finite and non-decreasing: when each map's frame comes on screen.
    """

    values: NDArray[np.float32]
    timestamps_seconds: NDArray[np.float64]

    def __post_init__(self) -> None:
        values, times = self.values, self.timestamps_seconds
        if not isinstance(values, np.ndarray) or values.dtype != np.float32:
            raise TypeError(f"values must be a float32 array, got {getattr(values, 'dtype', type(values))}")
        if values.ndim != 3 or 0 in values.shape:
            raise ValueError(f"values must be (T, H, W) without empty axes, got {values.shape}")
        if not ((values >= 0) & (values <= 1)).all():
            raise ValueError(f"values must be in [0, 1], got {values.min()} to {values.max()}")
        if not isinstance(times, np.ndarray) or times.dtype != np.float64:
            raise TypeError(f"timestamps_seconds must be a float64 array, got {getattr(times, 'dtype', type(times))}")
        if times.shape != (values.shape[0],):
            raise ValueError(f"{values.shape[0]} maps need as many timestamps, got shape {times.shape}")
        if not np.isfinite(times).all() or (np.diff(times) < 0).any():
            raise ValueError(f"timestamps_seconds must be finite and non-decreasing, got {times.tolist()}")
        object.__setattr__(self, "values", _read_only(values))
        object.__setattr__(self, "timestamps_seconds", _read_only(times))

    def __len__(self) -> int:
        return int(self.values.shape[0])


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
        for name, array, kind, axes in (
            ("vector", self.vector, np.float32, 1),
            ("segment_vectors", self.segment_vectors, np.float32, 2),
            ("segment_seconds", self.segment_seconds, np.float64, 2),
        ):
            if not isinstance(array, np.ndarray) or array.dtype != kind:
                raise TypeError(f"{name} must be a {kind.__name__} array, got {getattr(array, 'dtype', type(array))}")
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
            object.__setattr__(self, name, _read_only(getattr(self, name)))


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


def _read_only(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """A view of the array that cannot be written through; the caller's own array stays as it is."""
    view = array.view()
    view.flags.writeable = False
    return view
