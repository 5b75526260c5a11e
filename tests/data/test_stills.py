"""Stills are videos of one frame."""

from __future__ import annotations

from pathlib import Path

from tests.tiny import write_jsonl
from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.stills import read_stills


def test_stills_are_videos_of_one_frame_to_train_on(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "captions.jsonl", [{"file": "1.jpg", "captions": ["a cat"]}])
    assert read_stills(tmp_path) == [CaptionedVideo("1.jpg", "train", None, ("1.jpg",), ("a cat",))]
