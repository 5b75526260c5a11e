"""Videos as frames in an archive: what is read, and what is refused with a sentence that names the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.tiny import write_jsonl
from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.msrvtt import read_categories, read_videos
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


def test_categories_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    (tmp_path / "categories.txt").write_text("tv shows\t1\nmusic\t0\n\n")
    assert read_categories(tmp_path) == ["music", "tv shows"]


@pytest.mark.parametrize("text", [None, "music\t0\npeople\t2\n", "music\n", "music\tfirst\n"])
def test_a_list_of_categories_that_cannot_be_read_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "categories.txt").write_text(text)
    with pytest.raises(DataError, match="categories"):
        read_categories(tmp_path)
