"""Clips that lie as files beside their captions."""

from __future__ import annotations

from pathlib import Path

from tests.tiny import write_jsonl
from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.whole_clips import read_whole_clips


def test_whole_clips(tmp_path: Path) -> None:
    records = [
        {"file": "a b.mp4", "captions": ["x"]},
        {"file": "c.webm", "video_id": "v7", "split": "val", "category": 3, "captions": ["A dog."]},
    ]
    first, second = read_whole_clips(write_jsonl(tmp_path / "clips.jsonl", records))
    assert first == CaptionedVideo("a b", "test", None, ("a b.mp4",), ("x",))
    assert (second.video_id, second.split, second.frame_files) == ("v7", "val", ("c.webm",))
