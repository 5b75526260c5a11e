"""Clips are taken in: split by the hash of their bytes, cut into frames, written as training reads them."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.training.own_clips import write_own_clips
from videobert_demo.data.archive import FrameArchive
from videobert_demo.data.asked import read_asked
from videobert_demo.data.clip_records import ClipRecord
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.data.own_clips import read_own_clips
from videobert_demo.errors import DataError
from videobert_demo.training.taking_in import split_by_hash, take_in


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_own_clips(tmp_path_factory.mktemp("own"), 9, questions=True)


def test_clips_become_frames_captions_and_questions(own: Path, tmp_path: Path) -> None:
    records = read_own_clips(own)
    records[1] = replace(records[1], start_seconds=0.7)
    data = take_in(records, own, tmp_path, frames=4, progress=False)
    videos = read_videos(data)
    assert [video.video_id for video in videos] == ["00.webm", "01.webm@0.7-", *(f"{n:02d}.webm" for n in range(2, 9))]
    assert [len(video.frame_files) for video in videos] == [4, 2, *[4] * 7]  # the part has two frames of its own
    assert Counter(video.split for video in videos) == {"train": 5, "val": 2, "test": 2}
    assert videos[0].captions == records[0].captions
    assert read_asked(data)["00.webm"] == [("What color is the thing?", "red")]
    picture = FrameArchive(data / "frames.tar").read(videos[0].frame_files[0])
    assert picture.shape == (96, 128, 3)
    before = (data / "frames.tar").stat().st_mtime_ns
    take_in(records, own, tmp_path, frames=4, progress=False)
    assert (data / "frames.tar").stat().st_mtime_ns == before
    with pytest.raises(DataError, match="holds other clips"):
        take_in(records[:-1], own, tmp_path, frames=4, progress=False)


def test_what_was_held_out_stays_so_and_shares_are_kept() -> None:
    digests = [sha256(str(number).encode()).hexdigest() for number in range(400)]
    some, all_of_them = split_by_hash(digests[:300]), split_by_hash(digests)
    assert all(all_of_them[digest] == split for digest, split in some.items())
    counts = Counter(all_of_them.values())
    assert 40 < counts["test"] < 80
    assert 40 < counts["val"] < 80


def test_few_clips_are_held_out_in_every_split() -> None:
    alike = [f"{255 - number:02x}{'0' * 62}" for number in range(10)]  # all of them would be for training
    assert Counter(split_by_hash(alike).values()) == {"train": 6, "val": 2, "test": 2}
    with pytest.raises(DataError, match="7 different clips"):
        split_by_hash(alike[:7])


def test_copies_and_parts_of_a_clip_stay_together(own: Path, tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    shutil.copytree(own, folder)
    records = read_own_clips(folder)
    copies = []
    for record in records:
        shutil.copy(folder / record.file, folder / f"copy_{record.file}")
        copies.append(replace(record, file=f"copy_{record.file}", end_seconds=0.5))
    videos = read_videos(take_in([*records, *copies], folder, tmp_path / "out", frames=1, progress=False))
    splits = {video.video_id: video.split for video in videos}
    assert all(splits[copy.name] == splits[record.name] for record, copy in zip(records, copies, strict=True))


def test_what_cannot_be_taken_in_is_refused_by_name(own: Path, tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    shutil.copytree(own, folder)
    records = read_own_clips(folder)
    (folder / "text.mp4").write_text("no clip")
    (tmp_path / "secret.webm").write_bytes((folder / "00.webm").read_bytes())
    (folder / "link.webm").symlink_to(tmp_path / "secret.webm")

    def refuse(record: ClipRecord, message: str) -> None:
        with pytest.raises(DataError, match=message):
            take_in([*records, record], folder, tmp_path / "out", frames=1, progress=False)

    refuse(ClipRecord("none.mp4", ("a dog",)), r"none\.mp4 is not in")
    refuse(ClipRecord("link.webm", ("a dog",)), r"link\.webm leads out of")
    refuse(ClipRecord("text.mp4", ("a dog",)), r"text\.mp4 cannot be read")
    refuse(ClipRecord("00.webm", ("a dog",)), r"00\.webm is there twice")
    refuse(ClipRecord("00.webm", ("a dog",), start_seconds=60), r"begins after the clip's end \(1\.\d s\)")
    refuse(ClipRecord("00.webm", ("一只狗",), end_seconds=1), "has no word in English")
    with pytest.raises(DataError, match="there are 0 clips of the split val"):
        take_in([replace(one, split="train") for one in records], folder, tmp_path / "out", frames=1)
