"""Pictures in a .tar by name."""

from __future__ import annotations

import tarfile
from pathlib import Path

import numpy as np
import pytest

from tests.tiny import draw_picture, write_frames
from videobert_demo.data.archive import FrameArchive
from videobert_demo.errors import DataError


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


def test_an_archive_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        FrameArchive(tmp_path / "frames.tar")
