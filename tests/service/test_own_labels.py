"""Labels of one's own: taught, noted, found by search, scenes and clips, each visitor's alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.library.samples import make_clip
from tests.resources.make_clips import encode
from tests.timeline.samples import sample_timeline
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import LibraryError, QuestionError
from videobert_demo.library.base import Library
from videobert_demo.library.embedded import EmbeddedLibrary
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.own_labels import MAX_OWN_LABELS, TOPIC, read_label, write_label
from videobert_demo.service.results import LabelExample
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.settings import Settings


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    """A service whose examples are made up: two hundred vectors in all directions."""
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path_factory.mktemp("tiny"))))
    service = VideoBertService(loaded, Settings(), examples=())
    service.bundled_library()
    service._memory.background["examples"] = unit(np.random.default_rng(0).standard_normal((200, width(service))))
    return service


def width(service: VideoBertService) -> int:
    return int(service._loaded.model.config.projection_size)


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def examples(service: VideoBertService, axis: int, count: int = 4, seed: int = 1) -> list[LabelExample]:
    """Examples around an axis."""
    noise = 0.1 * np.random.default_rng(seed).standard_normal((count, width(service)))
    vectors = unit(np.eye(width(service))[axis] + noise)
    return [LabelExample(f"{axis}{number}", f"clip {number}", None, one) for number, one in enumerate(vectors)]


@pytest.fixture
def library(service: VideoBertService) -> Iterator[Library]:
    with service.temporary_library() as library:
        yield library


def add(service: VideoBertService, library: Library, title: str, axis: int) -> str:
    """Adds a clip that looks like an axis."""
    clip = make_clip(title)
    vector = unit(np.eye(width(service))[axis])
    library.add(replace(clip, vector=vector, segment_vectors=np.stack([vector] * len(clip.segment_vectors))))
    return title


def test_a_label_finds_what_fits_it_and_nothing_else(service: VideoBertService, library: Library) -> None:
    for title, axis in (("jumping", 0), ("sleeping", 1), ("eating", 2)):
        add(service, library, title, axis)
    label = service.teach_label(library, "  My dog   jumping ", examples(service, 0))
    assert (label.name, label.fit.examples, label.fit.others, label.fit.found) == ("My dog jumping", 4, 200, 4)
    for text in ("my dog jumping", " MY DOG  jumping"):
        assert [hit.entry.title for hit in service.search(library, text)] == ["jumping"]
    assert all(hit.is_sure for hit in service.search(library, "my dog jumping"))


def test_a_label_is_told_from_the_other_labels(service: VideoBertService, library: Library) -> None:
    service.teach_label(library, "one", examples(service, 0))
    second = service.teach_label(library, "two", examples(service, 1))
    assert second.fit.others == 204
    with service.temporary_library() as empty:
        alone = service.teach_label(empty, "two", examples(service, 1))
    assert second.fit.direction[0] < alone.fit.direction[0] - 0.02
    again = service.teach_label(library, "TWO", examples(service, 1))
    assert [label.name for label in service.own_labels(library)] == ["one", "TWO"]
    assert again.fit.others == 204, "it is not told from itself"
    assert service.drop_label(library, " two ")
    assert not service.drop_label(library, "two")


def test_scenes_are_found_and_labelled(service: VideoBertService, library: Library) -> None:
    timeline = sample_timeline("25")
    axes = [number % 3 for number in range(len(timeline.scenes))]
    vectors = [unit(np.eye(width(service))[axis]) for axis in axes]
    scenes = tuple(replace(scene, vector=one) for scene, one in zip(timeline.scenes, vectors, strict=True))
    timeline = replace(timeline, scenes=(*scenes[:-1], replace(scenes[-1], vector=None)))
    service.teach_label(library, "zero", examples(service, 0))
    named = service.label_scenes(library, timeline)
    expected = [number for number, axis in enumerate(axes[:-1]) if axis == 0]
    assert [number for number, names in enumerate(named) if names == ("zero",)] == expected
    found = service.search_scenes(timeline, "Zero", library=library, count=99)
    assert sorted(index for index, _ in found) == expected
    assert len(service.search_scenes(timeline, "zero", count=99)) == len(scenes) - 1, "nobody's label: a plain word"


def test_what_cannot_be_taught_is_said(service: VideoBertService, library: Library) -> None:
    three = examples(service, 0, 3)
    with pytest.raises(QuestionError, match="3 to 40 different clips or moments, and these are 2"):
        service.teach_label(library, "x", [three[0], three[1], three[0]])
    for name, sentence in (("", "no name"), ("  ", "no name"), ("a\x00b", "no name"), ("x" * 61, "too long")):
        with pytest.raises(QuestionError, match=sentence):
            service.teach_label(library, name, three)
    note = write_label(service.teach_label(library, "0", three))
    for number in range(1, MAX_OWN_LABELS):
        library.put_note(TOPIC, str(number), note.replace('"name": "0"', f'"name": "{number}"'))
    service.teach_label(library, "0", three)
    with pytest.raises(QuestionError, match="100 labels already"):
        service.teach_label(library, "one more", three)


def test_a_label_is_noted_as_it_is(service: VideoBertService, library: Library) -> None:
    label = service.teach_label(library, "我家狗", examples(service, 0))
    read = read_label(write_label(label))
    assert read.name == label.name
    np.testing.assert_array_equal(read.fit.direction, label.fit.direction)
    assert (read.fit.threshold, read.fit.accuracy) == (label.fit.threshold, label.fit.accuracy)
    np.testing.assert_allclose(read.examples[1].vector, label.examples[1].vector, atol=1e-3)
    with pytest.raises(LibraryError, match="cannot be read"):
        read_label('{"name": "x"}')


def test_labels_stay_in_a_lasting_library(service: VideoBertService, tmp_path: Path) -> None:
    settings = Settings(library=str(tmp_path / "library"))
    lasting = VideoBertService(service._loaded, settings, examples=())
    lasting._memory.background = service._memory.background
    with lasting.open_library() as library:
        lasting.teach_label(library, "one", examples(service, 0))
    with lasting.open_library(create=False) as library:
        assert [label.name for label in lasting.own_labels(library)] == ["one"]


class Counted:
    """Counts what is read of libraries."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.counts: dict[str, int] = {}
        for name in ("note", "notes", "rank"):
            monkeypatch.setattr(EmbeddedLibrary, name, self._counting(name, getattr(EmbeddedLibrary, name)))

    def _counting(self, name: str, method: object) -> object:
        def counting(*arguments: object) -> object:
            self.counts[name] = self.counts.get(name, 0) + 1
            return method(*arguments)  # type: ignore[operator]

        return counting


def test_forty_visitors_labels_are_their_own_and_do_not_slow_a_search(
    service: VideoBertService, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitors = VisitorLibraries(service)
    add(service, visitors.own("0"), "mine", 0)
    service.teach_label(visitors.own("0"), "mine", examples(service, 0))
    alone = Counted(monkeypatch)
    assert [hit.entry.title for hit in service.search(visitors.of("0"), "mine")] == ["mine"]
    work = dict(alone.counts)
    for number in range(1, 41):
        for name in ("mine", "another", "a third"):
            service.teach_label(visitors.own(str(number)), name, examples(service, number % 3, seed=number))
    among_many = Counted(monkeypatch)
    assert [hit.entry.title for hit in service.search(visitors.of("0"), "mine")] == ["mine"]
    assert among_many.counts == work == {"note": 1, "rank": 2}, "its own library and the shared one, one note"

    assert service.search(visitors.of("1"), "mine") == (), "another's clip is not in this library"
    assert service.own_labels(visitors.of("newcomer")) == ()
    visitors.forget("0")
    assert service.own_labels(visitors.of("0")) == ()


def test_real_clips_and_moments_are_examples(service: VideoBertService, tmp_path: Path) -> None:
    clip = service.open(encode(tmp_path / "a.mp4", "libx264", numbers=range(10)))
    times = clip.frames.timestamps_seconds
    whole = service.label_example(clip, "a")
    moment = service.label_example(clip, "a", seconds=float(times[1]) + 0.001)
    assert (whole.identity, moment.identity) == ((clip.content_hash, None), (clip.content_hash, float(times[1])))
    assert np.linalg.norm(moment.vector) == pytest.approx(1, abs=1e-4)
    assert float(whole.vector @ moment.vector) < 0.9999
    with service.temporary_library() as library:
        assert service.score_labels(library, clip) == ()
        every = [service.label_example(clip, "a", seconds=float(moment)) for moment in times]
        service.teach_label(library, "noise", every)
        (score,) = service.score_labels(library, clip)
        assert score.name == "noise"
        assert score.peak_seconds in times
        assert service.classify(clip, library=library).own == (score,)
        assert service.classify(clip).own == ()
