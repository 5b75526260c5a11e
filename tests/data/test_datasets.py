"""Data sets on disk: what is read, and what is refused with a sentence that names the place."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.tiny import draw_picture, write_frames, write_jsonl
from videobert_demo.data.datasets import (
    CaptionedVideo,
    FrameArchive,
    read_categories,
    read_jsonl,
    read_sentences,
    read_stills,
    read_videos,
    read_whole_clips,
)
from videobert_demo.errors import DataError

VIDEO: dict[str, Any] = {
    "video_id": "v7",
    "split": "val",
    "category": 3,
    "frames": [{"file": "a.png", "shot": 0}, {"file": "b.png", "shot": 1}],
    "captions": ["A dog.", "the dog"],
}


def test_videos_of_frames(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "videos.jsonl", [VIDEO, {**VIDEO, "video_id": "v8", "split": "test"}])
    assert read_videos(tmp_path, "val") == [CaptionedVideo("v7", "val", 3, ("a.png", "b.png"), ("A dog.", "the dog"))]
    assert [video.video_id for video in read_videos(tmp_path)] == ["v7", "v8"]
    assert read_videos(tmp_path, "train") == []
    with pytest.raises(DataError, match="'all' is not one of train, val, test"):
        read_videos(tmp_path, "all")


def test_stills_are_videos_of_one_frame_to_train_on(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "captions.jsonl", [{"file": "1.jpg", "captions": ["a cat"]}])
    assert read_stills(tmp_path) == [CaptionedVideo("1.jpg", "train", None, ("1.jpg",), ("a cat",))]


def test_whole_clips(tmp_path: Path) -> None:
    records = [{"file": "a b.mp4", "captions": ["x"]}, {**VIDEO, "file": "c.webm"}]
    first, second = read_whole_clips(write_jsonl(tmp_path / "clips.jsonl", records))
    assert first == CaptionedVideo("a b", "test", None, ("a b.mp4",), ("x",))
    assert (second.video_id, second.split, second.frame_files) == ("v7", "val", ("c.webm",))


def test_sentences_without_pictures(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "text.jsonl", [{"captions": ["a", "b"]}, {"captions": []}, {"captions": ["c"]}])
    assert read_sentences(path) == [("a", "b"), ("c",)]


@pytest.mark.parametrize("missing", ["video_id", "split", "frames", "captions"])
def test_a_record_that_lacks_a_field(tmp_path: Path, missing: str) -> None:
    broken = {name: value for name, value in VIDEO.items() if name != missing}
    write_jsonl(tmp_path / "videos.jsonl", [VIDEO, broken])
    with pytest.raises(DataError, match=rf"videos\.jsonl:2 .*{missing}"):
        read_videos(tmp_path)


@pytest.mark.parametrize(
    "change", [{"captions": []}, {"frames": []}, {"video_id": ""}, {"frames": None}, {"frames": [3]}]
)
def test_a_record_without_content(tmp_path: Path, change: dict[str, Any]) -> None:
    write_jsonl(tmp_path / "videos.jsonl", [{**VIDEO, **change}])
    with pytest.raises(DataError):
        read_videos(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"), [("{\n", "not JSON"), ("[1]\n", "not a JSON object"), ('"a"\n', "object")]
)
def test_lines_that_are_no_records(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(f'{{"captions": []}}\n\n{text}')
    with pytest.raises(DataError, match=rf"lines\.jsonl:3 .*{message}"):
        list(read_jsonl(path))


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        read_videos(tmp_path)
    with pytest.raises(DataError, match="does not exist"):
        FrameArchive(tmp_path / "frames.tar")


def test_frames_come_by_name_in_any_order(tmp_path: Path) -> None:
    archive = FrameArchive(write_frames(tmp_path / "data") / "frames.tar")
    for number, frame in ((5, 1), (0, 0), (2, 1)):
        picture = archive.read(f"frames/{number}_{frame}.png")
        np.testing.assert_array_equal(picture, draw_picture(100 * number + frame)[:, :, ::-1])  # OpenCV wrote BGR
    with pytest.raises(DataError, match=r"9_0\.png is not in .*frames\.tar"):
        archive.read("frames/9_0.png")
    archive.close()


def test_an_archive_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "note.png").write_text("not a picture")
    with tarfile.open(tmp_path / "frames.tar", "w") as sink:
        sink.add(tmp_path / "note.png", "note.png")
    with pytest.raises(DataError, match=r"note\.png .*is not an image"):
        FrameArchive(tmp_path / "frames.tar").read("note.png")
    with tarfile.open(tmp_path / "frames.tar.gz", "w:gz") as sink:
        sink.add(tmp_path / "note.png", "note.png")
    for name in ("frames.tar.gz", "note.png"):
        with pytest.raises(DataError, match=r"uncompressed \.tar"):
            FrameArchive(tmp_path / name)


def test_categories_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    (tmp_path / "categories.txt").write_text("tv shows\t1\nmusic\t0\n\n")
    assert read_categories(tmp_path) == ["music", "tv shows"]


@pytest.mark.parametrize("text", [None, "music\t0\npeople\t2\n", "music\n", "music\tfirst\n"])
def test_a_list_of_categories_that_cannot_be_read_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "categories.txt").write_text(text)
    with pytest.raises(DataError, match="categories"):
        read_categories(tmp_path)
