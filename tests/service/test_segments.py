"""Which segments are nearest: first by the tree of visual words, then by distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from videobert_demo.library.entries import make_thumbnail
from videobert_demo.model.visual_words import VisualCodebook
from videobert_demo.service.segments import Segment, SegmentIndex
from videobert_demo.types.visual_words import VisualWord

PICTURE = make_thumbnail(np.zeros((30, 40, 3), np.uint8))
CODEBOOK = VisualCodebook(branching=10, levels=3, channels=2)  # the digits of a word are its way down the tree


def segment(clip: int, word_id: int, feature: Sequence[float]) -> Segment:
    word = VisualWord(word_id, 0.5)
    return Segment(f"{clip:064x}", "-", "/x.mp4", 0, 0, 1, 0.5, word, np.array(feature, np.float32), PICTURE)


FAR_SAME = segment(1, 123, (9, 0))
NEAR_SAME = segment(2, 123, (2, 0))
SISTER = segment(3, 124, (0, 0))
COUSIN = segment(4, 154, (0, 0))
STRANGER = segment(5, 923, (0, 0))
ALL = (STRANGER, COUSIN, FAR_SAME, SISTER, NEAR_SAME)


def test_shared_levels_count_before_distance() -> None:
    found = SegmentIndex(ALL, CODEBOOK).neighbours(segment(9, 123, (0, 0)), 10)
    assert [one.segment for one in found] == [NEAR_SAME, FAR_SAME, SISTER, COUSIN, STRANGER]
    assert [one.shared_levels for one in found] == [3, 3, 2, 1, 0]
    assert [one.is_same_word for one in found] == [True, True, False, False, False]


@pytest.mark.parametrize("count", [0, 1, 2, 5, 9])
def test_as_many_as_wanted_are_found(count: int) -> None:
    found = SegmentIndex(ALL, CODEBOOK).neighbours(segment(9, 123, (0, 0)), count)
    assert [one.segment for one in found] == [NEAR_SAME, FAR_SAME, SISTER, COUSIN, STRANGER][:count]


def test_of_each_other_clip_there_is_one_and_of_its_own_none() -> None:
    second = segment(2, 123, (1, 0))
    found = SegmentIndex((*ALL, second), CODEBOOK).neighbours(segment(1, 123, (0, 0)), 10)
    assert [one.segment for one in found] == [second, SISTER, COUSIN, STRANGER]


def shown(index: SegmentIndex, *word_ids: int, one_a_clip: bool = False) -> list[Segment]:
    """What stands for words whose centroids are all at (8, 0)."""
    centroids = np.tile(np.array((8, 0), np.float32), (1000, 1))
    words = [VisualWord(word_id, 0.1) for word_id in word_ids]
    return [one.segment for one in index.stand_ins(words, centroids, one_a_clip=one_a_clip)]


def test_a_word_is_shown_by_the_segment_nearest_to_its_centroid() -> None:
    index = SegmentIndex(ALL, CODEBOOK)
    assert [shown(index, word_id) for word_id in (123, 124, 150)] == [[FAR_SAME], [SISTER], [COUSIN]]
    assert shown(index, 777) == [FAR_SAME]  # no word of that branch: the nearest picture
    assert shown(SegmentIndex((), CODEBOOK), 1) == []


def test_two_words_never_share_one_picture_while_there_are_others() -> None:
    index = SegmentIndex(ALL, CODEBOOK)
    one, other, again, third = shown(index, 777, 778, 777, 779)
    assert one is again  # the same word
    assert len({id(picture) for picture in (one, other, third)}) == 3
    assert len(shown(index, *range(770, 779))) == 9  # more words than pictures


def test_two_words_are_shown_by_two_clips_where_both_show_them_as_well() -> None:
    first, like_it = (replace(segment(1, 777, (8, x)), index=x) for x in (0, 1))
    farther, elsewhere = segment(2, 777, (0, 0)), segment(3, 123, (8, 0))
    index = SegmentIndex((first, like_it, farther, elsewhere), CODEBOOK)
    assert shown(index, 777, 770) == [first, farther]  # both words are of one branch
    assert shown(index, 777, 123) == [first, elsewhere]
    assert shown(SegmentIndex((first, like_it, elsewhere), CODEBOOK), 777, 770) == [first, like_it]  # not elsewhere


def test_a_reel_shows_no_clip_twice_before_it_has_shown_all() -> None:
    first, like_it = (replace(segment(1, 777, (8, x)), index=x) for x in (0, 1))
    index = SegmentIndex((first, like_it, segment(3, 123, (8, 0)), segment(4, 555, (1, 0))), CODEBOOK)
    pictures = shown(index, 770, 777, 771, one_a_clip=True)
    assert pictures[1] is first  # it is this very word, so it chooses before the one in front of it
    assert len({picture.content_hash for picture in pictures}) == 3
    assert shown(index, 770, 777, 771, 772, one_a_clip=True)[3] is like_it  # each clip shows one already


def test_what_a_reel_shows_of_a_segment() -> None:
    shot = segment(1, 1, (0, 0)).shot
    assert (shot.source, shot.start_seconds, shot.end_seconds, shot.moment_seconds) == ("/x.mp4", 0, 1, 0.5)
