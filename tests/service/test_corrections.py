"""What was mended is kept with the clip, found by a search, and written as data that training reads."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.resources.make_clips import encode
from tests.tiny import write_tiny_checkpoint
from videobert_demo.data.own_clips import read_own_clips
from videobert_demo.errors import DataError, LibraryError, QuestionError
from videobert_demo.library.base import Library
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.corrections import TOPIC, Correction
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.settings import Settings
from videobert_demo.tasks.embed import embed_sentences

MENDED = "a red car driving on the road"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path_factory.mktemp("tiny"))))
    return VideoBertService(loaded, Settings(), examples=())


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("clips")
    return [
        encode(folder / f"{name}.mp4", "libx264", numbers=range(10 * number, 10 * number + 10))
        for number, name in enumerate("abcd")
    ]


@pytest.fixture
def library(service: VideoBertService) -> Iterator[Library]:
    with service.temporary_library() as library:
        yield library


def scores(service: VideoBertService, library: Library) -> dict[str, float]:
    """The score of each clip for the mended words."""
    vector = service._call_model(embed_sentences, [MENDED])[0].numpy()
    return {one.content_hash: one.score for one in library.rank(vector, 99)}


def keep(service: VideoBertService, library: Library, clip: Path, text: str, question: str = "") -> Correction:
    correction = service.make_correction(clip, text, said="a dog", question=question)
    service.keep_correction(library, clip, correction)
    return correction


def test_a_search_for_its_words_finds_the_clip(service: VideoBertService, library: Library, clips: list[Path]) -> None:
    for clip in clips:
        library.add(service.encode_for_library(clip))
    before = scores(service, library)
    correction = keep(service, library, clips[2], MENDED)
    after = scores(service, library)
    assert max(after, key=after.__getitem__) == correction.content_hash
    assert after[correction.content_hash] > before[correction.content_hash] + 0.05
    assert {**after, correction.content_hash: 0.0} == pytest.approx({**before, correction.content_hash: 0.0}, abs=1e-5)
    first = service.nearest(library, MENDED)[0]
    assert first.entry.content_hash == correction.content_hash
    assert Path(first.entry.source).read_bytes() == clips[2].read_bytes()
    assert Path(first.entry.source) != clips[2], "the clip is kept with it"


def test_a_later_correction_takes_the_place_of_an_earlier_one(
    service: VideoBertService, library: Library, clips: list[Path]
) -> None:
    keep(service, library, clips[0], "a cat sleeping")
    keep(service, library, clips[0], MENDED)
    keep(service, library, clips[0], "cat", "What is  sleeping?")
    assert [(one.text, one.question) for one in service.corrections(library)] == [
        (MENDED, ""),
        ("cat", "what is sleeping?"),
    ]
    assert service.drop_correction(library, service.corrections(library)[0])
    assert [one.text for one in service.corrections(library)] == ["cat"]


@pytest.mark.parametrize("was_there", [False, True])
def test_what_is_taken_back_leaves_the_library_as_it_was(
    service: VideoBertService, library: Library, clips: list[Path], was_there: bool
) -> None:
    for clip in clips if was_there else clips[1:]:
        library.add(service.encode_for_library(clip, title="mine"))
    before = scores(service, library)
    caption = keep(service, library, clips[0], MENDED)
    answer = keep(service, library, clips[0], "car", "What is driving?")
    assert service.find_correction(library, clips[0], question=" what is  driving?") == answer_of(service, library)
    assert service.find_correction(library, clips[1]) is None
    with_both = scores(service, library)
    assert service.drop_correction(library, caption)
    with_answer = scores(service, library)
    assert with_both[caption.content_hash] > with_answer[caption.content_hash]
    assert service.drop_correction(library, answer_of(service, library))
    assert not service.drop_correction(library, answer)
    assert scores(service, library) == pytest.approx(before, abs=1e-5)
    assert service.corrections(library) == ()
    assert {one.title for one in library.entries()} == {"mine"}


def answer_of(service: VideoBertService, library: Library) -> Correction:
    """The correction of an answer that is kept."""
    (found,) = (one for one in service.corrections(library) if one.question)
    return found


def test_they_are_written_as_data_that_finetune_reads(
    service: VideoBertService, library: Library, clips: list[Path], tmp_path: Path
) -> None:
    keep(service, library, clips[0], MENDED)
    keep(service, library, clips[0], "car", "what is driving on the road?")
    part = service.make_correction(clips[1], "a cat sleeping", span_seconds=(0.1, 0.3))
    service.keep_correction(library, clips[1], part)
    gone = keep(service, library, clips[2], "two girls singing")
    Path(library.fetch([gone.content_hash])[gone.content_hash].source).unlink()

    assert service.export_corrections(library, tmp_path / "data") == (3, ("c.mp4",))
    records = read_own_clips(tmp_path / "data")
    assert [(one.captions[0], one.questions) for one in records] == [
        (MENDED, ()),
        ("a car is driving on the road", (("what is driving on the road?", "car"),)),
        ("a cat sleeping", ()),
    ]
    assert (records[2].start_seconds, records[2].end_seconds) == (0.1, 0.3)
    rows = [json.loads(line) for line in (tmp_path / "data" / "captions.jsonl").read_text().splitlines()]
    assert (tmp_path / "data" / rows[0]["file"]).read_bytes() == clips[0].read_bytes()
    with pytest.raises(DataError, match=r"has a captions\.jsonl already"):
        service.export_corrections(library, tmp_path / "data")


def test_what_cannot_be_kept_is_said(service: VideoBertService, library: Library, clips: list[Path]) -> None:
    refused = (("", "nothing to keep"), ("狗", "use English"), ("a " * 41, "at most 40 words"), ("a" * 301, "at most"))
    for text, sentence in refused:
        with pytest.raises(QuestionError, match=sentence):
            service.make_correction(clips[0], text)
    library.put_note(TOPIC, "x", "{}")
    with pytest.raises(LibraryError, match="cannot be read"):
        service.corrections(library)


def test_on_a_full_disk_what_was_kept_before_stays(
    service: VideoBertService, library: Library, clips: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(service, library, clips[0], "a car")

    def fill(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", fill)
    for clip in clips[:2]:
        with pytest.raises(LibraryError, match="No space left"):
            keep(service, library, clip, MENDED)
    assert [one.text for one in service.corrections(library)] == ["a car"]
    assert [entry.title for entry in library.entries()] == ["a"]


def test_a_visitors_corrections_are_theirs_alone_and_go_with_them(service: VideoBertService, clips: list[Path]) -> None:
    visitors = VisitorLibraries(service)
    keep(service, visitors.own("one"), clips[0], MENDED)
    assert service.corrections(visitors.of("other")) == ()
    assert service.nearest(visitors.of("other"), MENDED) == ()
    (hit,) = service.nearest(visitors.of("one"), MENDED)
    visitors.forget("one")
    assert service.corrections(visitors.of("one")) == ()
    assert not Path(hit.entry.source).exists()


def test_in_a_lasting_library_they_stay(service: VideoBertService, clips: list[Path], tmp_path: Path) -> None:
    lasting = VideoBertService(service._loaded, Settings(library=str(tmp_path / "library")), examples=())
    with lasting.open_library() as library:
        keep(lasting, library, clips[3], MENDED)
    with lasting.open_library(create=False) as library:
        assert [one.text for one in lasting.corrections(library)] == [MENDED]
        assert lasting.nearest(library, MENDED)[0].score > 0.4
