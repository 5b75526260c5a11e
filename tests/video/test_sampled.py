"""A file is read once to know its content; what is no file is refused then, with the sentence that fits."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from videobert_demo.errors import UnreadableClipError
from videobert_demo.video.sampled import hash_file


def test_the_hash_is_of_the_content_up_to_the_limit(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"content")
    assert hash_file(tmp_path / "clip.mp4", 7) == hashlib.sha256(b"content").hexdigest()
    assert hash_file(str(tmp_path / "clip.mp4"), 3) == hashlib.sha256(b"cont").hexdigest()


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("https://example.org/film.mp4", "“film.mp4” is an address and is not opened"),
        (".", "is a folder; choose a video file in it"),
        ("missing.mp4", "There is no file “missing.mp4”"),
    ],
)
def test_what_is_no_file_gets_the_sentence_that_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnreadableClipError, match=says):
        hash_file(path, 1000)
