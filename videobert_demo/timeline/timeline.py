"""The values of a timeline: shots, scenes, chapters, and the clip they belong to. They are frozen and check themselves.

Knows nothing about how scenes are found, described or exported.
"""

from __future__ import annotations

import bisect
import itertools
import math
import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.rates import FrameRate
from videobert_demo.timeline.timecode import is_drop_frame_rate, parse_timecode

_NUMBER = re.compile(r" \(\d+\)$")
_SAME_MOMENT_SECONDS = 1e-6


@dataclass(frozen=True, slots=True)
class Shot:
    """A stretch of the clip without a cut.

    Attributes:
        start_seconds: When its first frame comes on screen; in the middle of a fade or dissolve from the shot before.
        end_seconds: When the next shot starts, or the clip ends. Exclusive.
        cut_strength: How sure the cut at its start is, from 0; 0 for the first shot.
    """

    start_seconds: float
    end_seconds: float
    cut_strength: float = 0.0

    def __post_init__(self) -> None:
        _check_span(self.start_seconds, self.end_seconds)
        if not (math.isfinite(self.cut_strength) and self.cut_strength >= 0):
            raise ValueError(f"cut_strength must be finite and not negative, got {self.cut_strength}")


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A stretch of the clip and what it shows. Two objects are equal only if they are the same object.

    Attributes:
        start_seconds: When its first frame comes on screen.
        end_seconds: When the next scene starts, or the clip ends. Exclusive.
        caption: A sentence, not blank.
        probability: What the caption is ranked by, in [0, 1].
        is_sure: False where the sentence should be shown as "not sure".
        category: Such as "music"; None without a classifier.
        verb: What is done, such as "singing".
        object: What it is done with, such as "guitar".
        visual_words: Ids of the visual words of its segments, in order.
        vector: float32 (D,) of length 1, the scene's position in the contrastive space; None if it was not encoded.
        thumbnail: A small JPEG; empty without one.
        english: The caption as the model wrote it, where `caption` is said in another language; else empty.
        chinese: What the decoder with Chinese words writes of it, where it was asked to and it holds; else empty.
    """

    start_seconds: float
    end_seconds: float
    caption: str
    probability: float
    is_sure: bool
    category: str | None = None
    verb: str | None = None
    object: str | None = None
    visual_words: tuple[int, ...] = ()
    vector: NDArray[np.float32] | None = field(default=None, repr=False)
    thumbnail: bytes = field(default=b"", repr=False)
    english: str = ""
    chinese: str = ""

    def __post_init__(self) -> None:
        _check_span(self.start_seconds, self.end_seconds)
        _check_text("caption", self.caption)
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"probability must be in [0, 1], got {self.probability}")
        for name, label in (("category", self.category), ("verb", self.verb), ("object", self.object)):
            if label is not None:
                _check_text(name, label)
        if not isinstance(self.visual_words, tuple) or any(word < 0 for word in self.visual_words):
            raise ValueError(f"visual_words must be a tuple of ids from 0, got {self.visual_words!r}")
        if self.vector is not None:
            if self.vector.dtype != np.float32 or self.vector.ndim != 1:
                raise TypeError(f"vector must be float32 (D,), got {self.vector.dtype} {self.vector.shape}")
            if not abs(float(np.linalg.norm(self.vector)) - 1.0) < 1e-3:
                raise ValueError(f"vector must have length 1, got {np.linalg.norm(self.vector)}")
            view = self.vector.view()
            view.flags.writeable = False
            object.__setattr__(self, "vector", view)

    @property
    def duration_seconds(self) -> float:
        """How long it plays."""
        return self.end_seconds - self.start_seconds


@dataclass(frozen=True, slots=True)
class Chapter:
    """Neighbouring scenes under one title. It ends where the next chapter starts, or with the clip.

    Attributes:
        start_seconds: When its first scene starts.
        title: One line, not blank.
    """

    start_seconds: float
    title: str

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start_seconds) and self.start_seconds >= 0):
            raise ValueError(f"start_seconds must be finite and not negative, got {self.start_seconds}")
        _check_text("title", self.title)


@dataclass(frozen=True, slots=True)
class Media:
    """The file that a timeline is of, as editors need to know it.

    Attributes:
        name: The file's name without folders, such as "holiday.mp4".
        width, height: Of the picture as shown, in pixels.
        has_sound: Whether it has a sound track.
        start_timecode: The timecode of its first frame, HH:MM:SS:FF or HH:MM:SS;FF; None if the file has none.
    """

    name: str
    width: int
    height: int
    has_sound: bool = False
    start_timecode: str | None = None

    def __post_init__(self) -> None:
        _check_text("name", self.name)
        if "/" in self.name or "\\" in self.name:
            raise ValueError(f"name must be a file's name without folders, got {self.name!r}")
        if self.width < 1 or self.height < 1:
            raise ValueError(f"width and height must be at least 1, got {self.width} x {self.height}")


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happens when in one clip.

    Attributes:
        media: The clip's file.
        duration_seconds: How long it plays; positive.
        frame_rate: Its constant frame rate, or None if the rate varies.
        scenes: At least one, in order, not overlapping, within the clip.
        chapters: In order, within the clip; none if the clip was not divided into chapters.
        scenes_left_out: How many more scenes were found than are kept; 0 if all are here.
        is_complete: False if the work was cancelled before the end of the clip.
    """

    media: Media
    duration_seconds: float
    frame_rate: FrameRate | None
    scenes: tuple[Scene, ...]
    chapters: tuple[Chapter, ...] = ()
    scenes_left_out: int = 0
    is_complete: bool = True

    def __post_init__(self) -> None:
        _check_span(0.0, self.duration_seconds)
        if not isinstance(self.scenes, tuple) or not self.scenes:
            raise ValueError(f"scenes must be a tuple of at least one scene, got {self.scenes!r}")
        edges = [edge for scene in self.scenes for edge in (scene.start_seconds, scene.end_seconds)]
        edges.append(self.duration_seconds)
        if any(later < earlier - _SAME_MOMENT_SECONDS for earlier, later in itertools.pairwise(edges)):
            raise ValueError(f"scenes must be in order, apart, and within the clip, got {edges}")
        starts = [chapter.start_seconds for chapter in self.chapters]
        if any(later <= earlier for earlier, later in itertools.pairwise(starts)):
            raise ValueError(f"chapters must start one after the other, got {starts}")
        if starts and starts[-1] >= self.duration_seconds:
            raise ValueError(f"chapters must start within {self.duration_seconds} seconds, got {starts}")
        if self.scenes_left_out < 0:
            raise ValueError(f"scenes_left_out must not be negative, got {self.scenes_left_out}")
        if self.media.start_timecode is not None:
            if self.frame_rate is None:
                raise ValueError(f"start_timecode {self.media.start_timecode!r} needs a constant frame rate")
            parse_timecode(self.media.start_timecode, self.frame_rate)

    @property
    def is_drop_frame(self) -> bool:
        """Whether timecode leaves numbers out: as the file's own does, else where the rate has drop-frame."""
        if self.media.start_timecode is not None:
            return ";" in self.media.start_timecode
        return self.frame_rate is not None and is_drop_frame_rate(self.frame_rate)

    @property
    def start_frame(self) -> int:
        """The number of the file's first frame, by its own timecode; 0 if it has none."""
        if self.media.start_timecode is None or self.frame_rate is None:
            return 0
        return parse_timecode(self.media.start_timecode, self.frame_rate)[0]

    def chapter_index_of(self, scene: Scene) -> int | None:
        """Which of the chapters a scene belongs to, from 0; None if it starts before the first."""
        starts = [chapter.start_seconds - _SAME_MOMENT_SECONDS for chapter in self.chapters]
        begun = bisect.bisect_right(starts, scene.start_seconds)
        return begun - 1 if begun else None

    def is_called_by_its_scene(self, chapter_index: int) -> bool:
        """Whether a chapter is one scene, and its title is that scene's sentence, perhaps with a number."""
        within = [scene for scene in self.scenes if self.chapter_index_of(scene) == chapter_index]
        names = (self.chapters[chapter_index].title, split_title(self.chapters[chapter_index].title)[0])
        return len(within) == 1 and within[0].caption.casefold() in [name.casefold() for name in names]

    def chapter_spans(self) -> list[tuple[float, float, str]]:
        """Start in seconds, end in seconds (exclusive) and title of each chapter."""
        ends = [chapter.start_seconds for chapter in self.chapters[1:]] + [self.duration_seconds]
        return [(chapter.start_seconds, end, chapter.title) for chapter, end in zip(self.chapters, ends, strict=False)]


def split_title(title: str) -> tuple[str, str]:
    """A title's sentence, and the number that tells it from an equal one before it: " (2)", or "" if it has none."""
    match = _NUMBER.search(title)
    return (title[: match.start()], match.group()) if match else (title, "")


def _check_span(start_seconds: float, end_seconds: float) -> None:
    if not (math.isfinite(start_seconds) and math.isfinite(end_seconds) and 0 <= start_seconds < end_seconds):
        raise ValueError(f"seconds must be finite and 0 <= start < end, got {start_seconds} to {end_seconds}")


def _check_text(name: str, text: str) -> None:
    if not text.strip() or any(ord(letter) < 32 or ord(letter) in (127, 0x2028, 0x2029, 0x85) for letter in text):
        raise ValueError(f"{name} must be one line, not blank, got {text!r}")
    if any("\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff" for letter in text):
        raise ValueError(f"{name} must be valid Unicode, got {text!r}")
