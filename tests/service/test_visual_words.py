"""What VideoBERT itself sees, with a tiny model and real files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import QuestionError
from videobert_demo.service.service import ClipFeatures, VideoBertService, load
from videobert_demo.service.visual_words import Segment, Tokens


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    folder = tmp_path_factory.mktemp("checkpoints") / "tiny"
    return load(str(write_tiny_checkpoint(folder, categories=["one", "two"])))


@pytest.fixture(scope="module")
def tokens(service: VideoBertService) -> Tokens:
    return service.tokens


@pytest.fixture
def clip(service: VideoBertService, clips: Path) -> ClipFeatures:
    return service.open(clips / "h264.mp4")


@pytest.fixture
def segments(tokens: Tokens, clips: Path) -> tuple[Segment, ...]:
    names = ("h264.mp4", "vp8.webm", "h264.avi")
    return tokens.collect([(name, f"title of {name}", str(clips / name)) for name in names])


def test_segments_tell_where_they_are(tokens: Tokens, clip: ClipFeatures) -> None:
    found = tokens.segments(clip, title="a clip", source="somewhere")
    assert [one.place for one in found] == list(range(len(clip.frames)))
    assert [one.moment_seconds for one in found] == clip.frames.timestamps_seconds.tolist()
    assert all(one.start_seconds <= one.moment_seconds for one in found)
    assert all(one.thumbnail.startswith(b"\xff\xd8") and one.title == "a clip" for one in found)


def test_unreadable_clips_are_left_out_and_known_ones_are_not_read_again(
    tokens: Tokens, clips: Path, tmp_path: Path, segments: tuple[Segment, ...]
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no clip")
    again = tokens.collect([("broken", "-", str(broken)), ("h264.mp4", "-", str(clips / "h264.mp4"))])
    assert [one is same for one, same in zip(again, segments, strict=False)] == [True] * len(again)
    assert len(again) == 4


def test_neighbours_are_of_other_clips_the_nearest_word_first(tokens: Tokens, segments: tuple[Segment, ...]) -> None:
    first = segments[0]
    found = tokens.neighbours(first, segments, count=5)
    assert len(found) == len({one.segment.content_hash for one in found}) == 2
    assert first.content_hash not in {one.segment.content_hash for one in found}
    for one in found:
        assert one.is_same_word == (one.segment.word.word_id == first.word.word_id)
        assert one.is_same_word == (one.shared_levels == tokens.levels)
        of_its_clip = [other for other in segments if other.content_hash == one.segment.content_hash]
        ranks = [
            (-codebook_levels(tokens, other, first), np.linalg.norm(other.feature - first.feature))
            for other in of_its_clip
        ]
        assert one.segment is of_its_clip[ranks.index(min(ranks))]
    assert [one.shared_levels for one in found] == sorted((one.shared_levels for one in found), reverse=True)


def codebook_levels(tokens: Tokens, one: Segment, other: Segment) -> int:
    ((neighbour,),) = [tokens.neighbours(one, [other])]
    return neighbour.shared_levels


def test_a_word_is_shown_by_a_segment_that_has_it(tokens: Tokens, segments: tuple[Segment, ...]) -> None:
    (found,) = tokens.stand_ins(segments[2].word.word_id, segments)
    assert found.is_same_word
    assert tokens.stand_ins(0, []) == ()


def test_words_and_segments_are_filled_in(tokens: Tokens, clip: ClipFeatures) -> None:
    found = tokens.fill(clip, "A dog is ___ on the grass", [1, 99], [2, 99], count=3)
    assert found.words == ("a", "dog", "is", "[MASK]", "on", "the", "grass")
    assert [blank.place for blank in found.blanks] == [1, 3]
    assert [(place, len(words)) for place, words in found.segments] == [(2, 3)]
    assert tokens.fill(clip, "a dog").blanks == ()


def test_a_sentence_is_aligned_with_the_whole_and_its_moments(tokens: Tokens, clip: ClipFeatures) -> None:
    whole, moments = tokens.align(clip, "A dog is running")
    assert 0 < whole < 1
    assert moments.shape == (len(clip.frames),)
    assert ((moments > 0) & (moments < 1)).all()


def test_reels_and_forecasts(tokens: Tokens, clip: ClipFeatures) -> None:
    assert len(tokens.write_reel("a dog is running", segments=3)) == 3
    found = tokens.forecast(clip, count=2)
    assert found.seen == 2
    assert [len(words) for words in found.expected] == [2, 2]
    assert len(found.truth) == 2


def test_all_kinds_at_once(tokens: Tokens, clip: ClipFeatures) -> None:
    kinds = tokens.classify(clip, ["a dog", "a cat", " "], count=3)
    assert len(kinds.verbs) == len(kinds.objects) == 3
    assert {guess.text for guess in kinds.categories} == {"one", "two"}
    assert [label.text for label in kinds.typed] in (["a dog", "a cat"], ["a cat", "a dog"])
    assert tokens.classify(clip).typed == ()


@pytest.mark.parametrize("text", ["", "狗"])
def test_what_cannot_be_read_is_refused(tokens: Tokens, clip: ClipFeatures, text: str) -> None:
    for ask in (tokens.read_words, tokens.write_reel, lambda one: tokens.align(clip, one)):
        with pytest.raises(QuestionError):
            ask(text)
