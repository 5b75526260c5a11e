"""Subtitles in files and in text tracks."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from videobert_demo.errors import ClipError, SubtitleError
from videobert_demo.types import Cue
from videobert_demo.video.subtitles import MAX_BYTES, read_subtitle_file, read_text_track

SRT = "1\n00:00:00,500 --> 00:00:01,500\nHello <i>dog</i>\nthere\n\n2\n00:00:02,000 --> 00:00:03,000\nGrüß Gott\n"
VTT = (
    "WEBVTT\n\nNOTE none\n\n00:00.500 --> 00:01.500 align:start\n<v Ann>Hello dog\nthere\n\n"
    "00:02.000 --> 00:03.000\nGrüß Gott\n"
)
CUES = (Cue(0.5, 1.5, "Hello dog there"), Cue(2.0, 3.0, "Grüß Gott"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.srt", SRT.encode()),
        ("a.SRT", b"\xef\xbb\xbf" + SRT.encode()),
        ("a.srt", SRT.encode("utf-16")),
        ("a.srt", SRT.encode("cp1252")),
        ("a.vtt", VTT.encode()),
    ],
)
def test_files_are_read_without_markup(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    found = read_subtitle_file(tmp_path / name)
    assert (found.cues, found.source) == (CUES, "file")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.srt", b""),
        ("a.srt", b"no times"),
        ("a.vtt", b"\0" * 100),
        ("a.txt", SRT.encode()),
        ("a.srt", b" " * (MAX_BYTES + 1)),
    ],
)
def test_what_is_none_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SubtitleError):
        read_subtitle_file(tmp_path / name)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ClipError):
        read_subtitle_file(tmp_path / "a.srt")


def with_track(folder: Path) -> Path:
    """A clip of 3.5 s with a text track."""
    (folder / "a.srt").write_text(SRT, encoding="utf-8")
    with av.open(str(folder / "a.srt")) as words, av.open(str(folder / "clip.mkv"), "w") as sink:
        pictures = sink.add_stream("mpeg4", rate=10)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        track = sink.add_stream_from_template(words.streams.subtitles[0])
        for number in range(35):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number * 5, np.uint8), format="rgb24")
            sink.mux(pictures.encode(frame))
        sink.mux(pictures.encode())
        for packet in words.demux(words.streams.subtitles[0]):
            if packet.size:
                packet.stream = track
                sink.mux(packet)
    return folder / "clip.mkv"


def test_a_text_track_is_read(tmp_path: Path) -> None:
    clip = with_track(tmp_path)
    found = read_text_track(clip)
    assert found is not None
    assert (found.cues, found.source) == (CUES, "track")
    later = read_text_track(clip, zero_seconds=0.25)
    assert later is not None
    assert later.cues[0].start_seconds == 0.25


def test_a_clip_without_one(clips: Path) -> None:
    assert read_text_track(next(iter(sorted(clips.glob("*.mp4"))))) is None
