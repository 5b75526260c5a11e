"""Which videos a folder holds, and the frames of each that the model reads."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from tests.tiny import CAPTIONS, write_frames
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.errors import DataError
from videobert_demo.evaluation.inputs import encode_videos, read_and_encode, read_annotations
from videobert_demo.model.loading import LoadedModel


def test_at_most_as_many_frames_as_the_model_reads(loaded: LoadedModel, whole: Path, tmp_path: Path) -> None:
    videos, are_whole = read_annotations(whole, "test")
    assert are_whole
    clips = list(encode_videos(loaded, whole, videos, whole=True, progress=False))
    assert [len(clip.frame_features) for clip in clips] == [4, 4]
    folder = write_frames(tmp_path / "long", CAPTIONS[:1], frames=9)
    (long,) = encode_videos(loaded, folder, read_videos(folder), whole=False, progress=False)
    every = write_frames(tmp_path / "short", CAPTIONS[:1], frames=3)
    (short,) = encode_videos(loaded, every, read_videos(every), whole=False, progress=False)
    assert (len(long.frame_features), len(short.frame_features)) == (4, 3)
    torch.testing.assert_close(long.frame_features[0], short.frame_features[0])  # from the first frame to the last


def test_videos_come_with_their_features_in_order(loaded: LoadedModel, whole: Path) -> None:
    videos, clips = read_and_encode(loaded, whole, "test", progress=False)
    assert [video.video_id for video in videos] == ["first", "second"]
    (second,) = encode_videos(loaded, whole, videos[1:], whole=True, progress=False)
    torch.testing.assert_close(clips[1].frame_features, second.frame_features)


def test_an_empty_split_and_two_annotations(data: Path, whole: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no videos of the split 'val'"):
        read_annotations(data, "val")
    folder = Path(shutil.copytree(whole, tmp_path / "two"))
    shutil.copy(folder / "captions.jsonl", folder / "more.jsonl")
    with pytest.raises(DataError, match=r"exactly one \.jsonl"):
        read_annotations(folder, "test")
