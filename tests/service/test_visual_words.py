"""What VideoBERT itself sees, with a tiny model and real files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from tests.tiny import random_clips, write_tiny_checkpoint
from videobert_demo.errors import QuestionError
from videobert_demo.library.base import Library
from videobert_demo.model.features import ClipFeatures, ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.service import memory
from videobert_demo.service.examples import read_examples
from videobert_demo.service.segments import Segment, SegmentIndex
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visual_words import MAX_COMPARED_CLIPS
from videobert_demo.settings import Settings
from videobert_demo.types import LibraryEntry

NAMES = ("h264.mp4", "vp8.webm", "h264.avi")


def service_of(loaded: LoadedModel) -> VideoBertService:
    return VideoBertService(loaded, Settings(), examples=read_examples()[:2])


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    folder = tmp_path_factory.mktemp("checkpoints") / "tiny"
    return load_checkpoint(str(write_tiny_checkpoint(folder, categories=["one", "two"])))


@pytest.fixture(scope="module")
def service(loaded: LoadedModel) -> VideoBertService:
    return service_of(loaded)


def with_drawn_features(clip: ClipFeatures, seed: int = 3) -> ClipFeatures:
    """The clip with features that differ from frame to frame: to the tiny model's own tower all frames look alike."""
    drawn = random_clips([len(clip.frames)], seed=seed)
    return replace(clip, tensors=ClipTensors(drawn["frame_features"][0], drawn["patch_features"][0]))


@pytest.fixture
def clip(service: VideoBertService, clips: Path) -> ClipFeatures:
    return service.open(clips / "h264.mp4")


@pytest.fixture
def library(service: VideoBertService, clips: Path) -> Library:
    library = service.temporary_library()
    for name in NAMES:
        library.add(service.encode_for_library(clips / name))
    return library


def entry(path: Path, content_hash: str = "") -> LibraryEntry:
    return LibraryEntry(content_hash or path.name.encode().hex().ljust(64, "0")[:64], "-", 1.0, b"\xff\xd8", str(path))


def test_segments_tell_where_they_are(service: VideoBertService, clip: ClipFeatures) -> None:
    found = service.segments(clip)
    assert [one.index for one in found] == list(range(len(clip.frames)))
    assert [one.moment_seconds for one in found] == clip.frames.timestamps_seconds.tolist()
    assert all(one.start_seconds <= one.moment_seconds <= one.end_seconds for one in found)
    assert all(one.thumbnail.startswith(b"\xff\xd8") for one in found)


def test_segments_of_a_library_know_their_clip_and_unreadable_clips_are_left_out(
    service: VideoBertService, library: Library, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no clip")
    entries = library.entries()
    found = service.segments_of([entry(broken), *entries])
    assert [one.title for one in found] == [one.title for one in entries for _ in range(4)]
    assert {one.source for one in found} == {one.source for one in entries}


def test_the_cache_of_segments_keeps_the_clips_that_were_used_last(
    loaded: LoadedModel, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MAX_SEGMENTED_CLIPS", 2)
    service = service_of(loaded)
    opened: list[str] = []
    real_open = service.open

    def open_clip(path: Any) -> ClipFeatures:
        opened.append(Path(path).name)
        return real_open(path)

    monkeypatch.setattr(service, "open", open_clip)
    first, second, third = (entry(clips / name) for name in NAMES)
    for one in (first, second, first, third, first, second):
        service.segments_of([one])
    assert opened == ["h264.mp4", "vp8.webm", "h264.avi", "vp8.webm"]  # only the second one had to go


def test_a_clip_is_inspected_with_its_neighbours_in_a_library(
    service: VideoBertService, clip: ClipFeatures, library: Library
) -> None:
    found = service.inspect(clip, library=library)
    assert found.levels == 2
    assert [one.word for one in found.segments] == [one.word for one in service.segments(clip)]
    among = service.segments_of(library.entries())
    for segment, near in zip(found.segments, found.neighbours, strict=True):
        assert {one.segment.title for one in near} == {"vp8", "h264"}  # h264.avi: the clip itself is left out
        assert segment.content_hash not in {one.segment.content_hash for one in near}
        assert [one.shared_levels for one in near] == sorted((one.shared_levels for one in near), reverse=True)
        for one in near:
            of_its_clip = [other for other in among if other.content_hash == one.segment.content_hash]
            assert one.is_same_word == (one.segment.word.word_id == segment.word.word_id)
            assert one.is_same_word == (one.shared_levels == found.levels)
            assert rank(service, segment, one.segment) == min(rank(service, segment, other) for other in of_its_clip)
    assert [len(near) for near in service.inspect(clip, library=library, count=1).neighbours] == [1] * 4


def rank(service: VideoBertService, segment: Segment, other: Segment) -> tuple[int, float]:
    codebook = service._loaded.model.encoder.codebook
    shared = codebook.shared_levels(segment.word.word_id, other.word.word_id)
    return -shared, round(float(np.linalg.norm(segment.feature - other.feature)), 3)


def test_without_a_library_the_examples_are_looked_through(service: VideoBertService, clip: ClipFeatures) -> None:
    titles = {example.title for example in read_examples()[:2]}
    assert {one.segment.title for near in service.inspect(clip).neighbours for one in near} == titles
    assert {one.segment.title for one in service.reel("a dog", segments=3).shown} <= titles


class Shelf:
    """A library of so many clips."""

    def __init__(self, count: int) -> None:
        self._entries = tuple(entry(Path(f"/{number}.mp4"), f"{number:064x}") for number in range(count))

    def entries(self) -> tuple[LibraryEntry, ...]:
        return self._entries


def test_of_a_large_library_only_the_clips_that_fit_best_are_read(
    loaded: LoadedModel, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = service_of(loaded)
    clip = service.open(clips / "h264.mp4")
    read: list[list[str]] = []

    def segments_of(entries: Sequence[LibraryEntry]) -> tuple[Segment, ...]:
        read.append([one.source for one in entries])
        return ()

    large = Shelf(MAX_COMPARED_CLIPS + 1)
    monkeypatch.setattr(service, "segments_of", segments_of)
    monkeypatch.setattr(service, "nearest", lambda _library, _text, count: [SimpleNamespace(entry=large.entries()[7])])
    monkeypatch.setattr(
        service, "search_like", lambda _library, _clip, count: [SimpleNamespace(entry=large.entries()[9])]
    )
    small = cast(Library, Shelf(MAX_COMPARED_CLIPS))
    service.inspect(clip, library=small)
    service.inspect(clip, library=cast(Library, large))
    service.reel("a dog", library=small, segments=2)
    service.reel("a dog", library=cast(Library, large), segments=2)
    assert [len(sources) for sources in read] == [MAX_COMPARED_CLIPS, 1, MAX_COMPARED_CLIPS, 1]
    assert (read[1], read[3]) == (["/9.mp4"], ["/7.mp4"])


def test_a_word_is_shown_by_a_segment_that_has_it(
    service: VideoBertService, clip: ClipFeatures, library: Library
) -> None:
    words = [one.word for one in service.segments(clip)]
    ((first, second), (third,)) = service.stand_ins([words[:2], words[2:3]], clip, library=library)
    assert [one.segment.word.word_id for one in (first, second, third)] == [one.word_id for one in words[:3]]
    assert first.is_same_word
    empty = service.temporary_library()
    assert service.stand_ins([words, []], clip, library=empty) == ((), ())
    assert service.stand_ins([], clip, library=empty) == ()


def test_an_index_of_nothing_finds_nothing(service: VideoBertService, clip: ClipFeatures) -> None:
    index = SegmentIndex((), service._loaded.model.encoder.codebook)
    segment = service.segments(clip)[0]
    assert index.neighbours(segment, 3) == ()
    assert index.stand_ins([segment.word], segment.feature[None]) == ()


def test_words_and_segments_are_filled_in(service: VideoBertService, clip: ClipFeatures) -> None:
    found = service.fill(clip, "A dog is ___ on the grass", [1], [2], count=3)
    assert found.words == ("a", "dog", "is", "[MASK]", "on", "the", "grass")
    assert [len(blank.with_clip) for blank in found.blanks] == [3, 3]
    assert [(index, len(words)) for index, words in found.segments] == [(2, 3)]
    assert service.fill(clip, "a dog").blanks == ()
    first = service.fill(clip, "a dog", [0], [0])
    assert [blank.position for blank in first.blanks] == [0]
    assert [index for index, _ in first.segments] == [0]


@pytest.mark.parametrize("place", [-1, 2, 99])
def test_words_and_segments_that_do_not_exist_are_refused(
    service: VideoBertService, clip: ClipFeatures, place: int
) -> None:
    with pytest.raises(QuestionError, match=f"no word {place}: the sentence has 2"):
        service.fill(clip, "a dog", [0, place])
    segments = len(clip.frames)
    missing = place if place < 0 else segments + place - 2
    with pytest.raises(QuestionError, match=f"no segment {missing}: the clip has {segments}"):
        service.fill(clip, "a dog", [], [0, missing])


def test_a_sentence_is_aligned_with_the_whole_and_its_moments(service: VideoBertService, clip: ClipFeatures) -> None:
    found = service.align(clip, " A dog  is running")
    assert found.sentence == "A dog is running"
    assert 0 < found.probability < 1
    assert found.moments.shape == (len(clip.frames),)
    assert ((found.moments > 0) & (found.moments < 1)).all()
    assert found.moments[found.peak] == found.moments.max()
    np.testing.assert_array_equal(found.timestamps_seconds, clip.frames.timestamps_seconds)


def test_a_reel_is_a_row_of_words_and_of_segments(service: VideoBertService, library: Library) -> None:
    found = service.reel(" A dog  is running", library=library, segments=3, temperature=0.5, seed=7)
    assert (found.sentence, found.temperature, found.seed) == ("A dog is running", 0.5, 7)
    assert len(found.words) == len(found.shown) == 3
    assert found.words == service.reel("a dog is running", library=library, segments=3, temperature=0.5, seed=7).words
    assert service.reel("a dog", library=service.temporary_library(), segments=2).shown == ()
    drawn = {service.reel("a dog is running", library=library, segments=4, seed=seed).words for seed in range(6)}
    assert len(drawn) > 1


@pytest.mark.parametrize(
    "numbers",
    [{"segments": 0}, {"segments": 5}, {"temperature": 5.1}, {"seed": -1}, {"segments": None}],
)
def test_a_reel_needs_numbers_within_their_ranges(service: VideoBertService, numbers: dict[str, Any]) -> None:
    with pytest.raises(QuestionError) as caught:
        service.reel("a dog", **numbers)
    assert caught.value.message == "Ask for 1 to 4 segments, a temperature from 0 to 5 and a seed from 0 to 2147483647."


def test_the_second_half_is_foretold(service: VideoBertService, clip: ClipFeatures, library: Library) -> None:
    varied = with_drawn_features(clip)
    words = [one.word for one in service.segments(varied)]
    assert not set(words[:2]) & set(words[2:])
    found = service.forecast(varied, library=library, count=2)
    assert found.seen == 2
    assert [len(words) for words in found.expected] == [2, 2]
    assert [len(shown) for shown in found.shown] == [2, 2]
    assert list(found.truth) == words[2:]


def test_a_clip_is_classified_in_every_way_at_once(service: VideoBertService, clip: ClipFeatures) -> None:
    found = service.classify(clip, ["a dog", "a cat", " "], count=3)
    assert len(found.verbs) == len(found.objects) == 3
    assert {guess.text for guess in found.categories} == {"one", "two"}
    assert [label.text for label in found.typed] in (["a dog", "a cat"], ["a cat", "a dog"])
    assert service.classify(clip).typed == ()


@pytest.mark.parametrize("text", ["", "狗"])
def test_what_cannot_be_read_is_refused(service: VideoBertService, clip: ClipFeatures, text: str) -> None:
    for ask in (service.read_words, lambda one: service.reel(one, segments=2), lambda one: service.align(clip, one)):
        with pytest.raises(QuestionError):
            ask(text)
