"""Formats are told by the first bytes of a file."""

from __future__ import annotations

import pytest

from videobert_demo.errors import NoVideoStreamError, UnsupportedClipError
from videobert_demo.video.formats import ContainerFormat, detect_format


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\0\0\0\x18ftypisom", ContainerFormat("mp4", "mov")),
        (b"\0\0\0\x18ftypqt  ", ContainerFormat("mov", "mov")),
        (b"\0\0\0\x18ftyp3gp5", ContainerFormat("3gp", "mov")),
        (b"\0\0\0\x08wide\0\0\0\0mdat", ContainerFormat("mov", "mov")),  # what came before `ftyp` was invented
        (b"\x1a\x45\xdf\xa3\x01\x42\x82\x84webm", ContainerFormat("webm", "matroska")),
        (b"\x1a\x45\xdf\xa3\x01\x42\x82\x88matroska", ContainerFormat("mkv", "matroska")),
        (b"RIFF\x01\x02\x03\x04AVI LIST", ContainerFormat("avi", "avi")),
        (b"GIF89a", ContainerFormat("gif", "gif", is_picture=True)),
        (b"\0\0\x01\xba", ContainerFormat("mpg", "mpeg", has_free_clock=True, may_restart=True)),
        (b"\x47" + bytes(187) + b"\x47", ContainerFormat("ts", "mpegts", has_free_clock=True, may_restart=True)),
        (
            bytes(4) + b"\x47" + bytes(191) + b"\x47",
            ContainerFormat("ts", "mpegts", has_free_clock=True, may_restart=True),
        ),  # .m2ts
        (b"FLV\x01", ContainerFormat("flv", "flv", has_free_clock=True)),
        (b"OggS", ContainerFormat("ogv", "ogg")),
    ],
)
def test_a_format_is_known_by_its_first_bytes(head: bytes, expected: ContainerFormat) -> None:
    assert detect_format(head, "clip") == expected


@pytest.mark.parametrize("head", [b"ID3\x04", b"fLaC", b"RIFF\x01\x02\x03\x04WAVEfmt "])
def test_sound_is_told_from_clips(head: bytes) -> None:
    with pytest.raises(NoVideoStreamError, match="song holds sound only"):
        detect_format(head, "song")


@pytest.mark.parametrize(
    "head", [b"", b"\x47", b"#EXTM3U\n", b"ffconcat version 1.0", b"v=0\r\n", b"%PDF-1.7", b"RIFF"]
)
def test_playlists_and_other_files_are_refused(head: bytes) -> None:
    with pytest.raises(UnsupportedClipError, match="is not a video that can be opened here"):
        detect_format(head, "clip")
