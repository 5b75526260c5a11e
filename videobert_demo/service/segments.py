"""Segments of clips with their visual words, and which of them are nearest. It knows neither model nor library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from videobert_demo.library.entries import make_thumbnail, segment_spans
from videobert_demo.model.features import ClipFeatures
from videobert_demo.model.visual_words import VisualCodebook
from videobert_demo.types.visual_words import VisualWord
from videobert_demo.video.reel import ReelShot

THUMBNAIL_SIDE = 160


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """One segment of a clip, as it is compared with others.

    Attributes:
        content_hash, title, source: of its clip; `source` is the path of the file.
        index: which of the clip's segments it is, from 0.
        start_seconds, end_seconds, moment_seconds: where it starts and ends, and when its frame comes on screen.
        word: its visual word; the value is the distance to the centroid.
        feature: (C,) float32, pooled.
        thumbnail: a small JPEG of the frame.
    """

    content_hash: str
    title: str
    source: str
    index: int
    start_seconds: float
    end_seconds: float
    moment_seconds: float
    word: VisualWord
    feature: NDArray[np.float32] = field(repr=False)
    thumbnail: bytes = field(repr=False)

    @property
    def shot(self) -> ReelShot:
        """The part of the clip that a reel shows of it."""
        return ReelShot(self.source, self.start_seconds, self.end_seconds, self.moment_seconds)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A segment that is like another one, or that stands for a visual word.

    Attributes:
        shared_levels: how many levels of the codebook's tree the two words share; all of them for the same word.
        is_same_word: whether it has the same visual word.
    """

    segment: Segment
    shared_levels: int
    is_same_word: bool


class SegmentIndex:
    """Segments to search among.

    Args:
        segments: any number of them.
        codebook: tells how near two visual words are.
    """

    def __init__(self, segments: Sequence[Segment], codebook: VisualCodebook) -> None:
        self._segments, self._codebook = segments, codebook
        self._features = np.stack([one.feature for one in segments]) if segments else np.zeros((0, 0), np.float32)

    def neighbours(self, segment: Segment, count: int) -> tuple[Neighbour, ...]:
        """The segments of other clips with the same or the nearest visual word, one of each clip.

        Its own clip's segments are left out: they would fill the row where a clip hardly moves.
        """
        found: dict[str, Neighbour] = {segment.content_hash: Neighbour(segment, 0, False)}
        for one in self._nearest(segment.word.word_id, segment.feature):
            found.setdefault(one.segment.content_hash, one)
        return tuple(found.values())[1 : count + 1]

    def stand_ins(
        self, words: Sequence[VisualWord], centroids: NDArray[np.float32], *, one_a_clip: bool = False
    ) -> tuple[Neighbour, ...]:
        """For each word the segment that shows it best; two words never share one while there are enough segments.

        Segments of one clip may look alike: where another clip shows the word on as many levels, it does.

        Args:
            words: any number of them, the same one several times as well.
            centroids: (K, C) float32, of all K visual words.
            one_a_clip: whether two words may only then show the same clip when each clip shows one already. The word
                that has the best segment chooses first.

        Returns:
            One for each word; nothing if there are no segments.
        """
        if not self._segments:
            return ()
        nearest = {one.word_id: self._nearest(one.word_id, centroids[one.word_id]) for one in words}
        order = sorted(nearest, key=lambda word_id: -nearest[word_id][0].shared_levels) if one_a_clip else nearest
        chosen: dict[int, Neighbour] = {}
        taken: set[tuple[str, int]] = set()
        clips: set[str] = set()
        for word_id in order:
            free = [
                one for one in nearest[word_id] if (one.segment.content_hash, one.segment.index) not in taken
            ] or nearest[word_id]
            fresh = (
                one
                for one in free
                if (one_a_clip or one.shared_levels == free[0].shared_levels) and one.segment.content_hash not in clips
            )
            one = next(fresh, free[0])
            chosen[word_id] = one
            taken.add((one.segment.content_hash, one.segment.index))
            clips.add(one.segment.content_hash)
        return tuple(chosen[word.word_id] for word in words)

    def _nearest(self, word_id: int, feature: NDArray[np.float32]) -> list[Neighbour]:
        """All segments, the nearest first: by shared levels of the codebook's tree, then by distance."""
        if not self._segments:
            return []
        words = [one.word.word_id for one in self._segments]
        shared = {other: self._codebook.shared_levels(word_id, other) for other in set(words)}
        distances = np.linalg.norm(self._features - feature, axis=1)  # (N,)
        order = np.lexsort((distances, [-shared[other] for other in words]))
        levels = self._codebook.levels
        return [
            Neighbour(self._segments[index], shared[words[index]], shared[words[index]] == levels) for index in order
        ]


def make_segments(
    clip: ClipFeatures, words: Sequence[VisualWord], *, title: str = "", source: str = ""
) -> tuple[Segment, ...]:
    """The segments of a clip.

    Args:
        words: one for each of the clip's T frames.
        title, source: of the clip; blank for one that is in no library.
    """
    times = clip.frames.timestamps_seconds
    spans = segment_spans(times, clip.info.duration_seconds)
    return tuple(
        Segment(
            clip.content_hash,
            title,
            source,
            index,
            float(spans[index, 0]),
            float(spans[index, 1]),
            float(times[index]),
            word,
            clip.tensors.frame_features[index].numpy(),
            make_thumbnail(clip.frames.pixels[index], max_side=THUMBNAIL_SIDE),
        )
        for index, word in enumerate(words)
    )
