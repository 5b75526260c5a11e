from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from tests.resources.make_clips import make_playlists
from videobert_demo import errors
from videobert_demo.types import ClipLimits
from videobert_demo.video import probe, read_clip
from videobert_demo.video.container import open_clip
from videobert_demo.video.source import Deadline

NOT_A_CLIP = [
    ("empty.mp4", errors.EmptyClipError, "0 bytes"),
    ("text.mp4", errors.UnsupportedClipError, "MP4, MOV, WebM"),
    ("noise.mp4", errors.UnsupportedClipError, "MP4, MOV, WebM"),
    ("concat.mp4", errors.UnsupportedClipError, "MP4, MOV, WebM"),
    ("concat.txt", errors.UnsupportedClipError, "MP4, MOV, WebM"),
    ("playlist.m3u8", errors.UnsupportedClipError, "MP4, MOV, WebM"),
    ("playlist.mp4", errors.UnsupportedClipError, "MP4, MOV, WebM"),
    ("playlist.mpd", errors.UnsupportedClipError, "MP4, MOV, WebM"),
    ("session.sdp", errors.UnsupportedClipError, "MP4, MOV, WebM"),
    ("sound_only.mp4", errors.NoVideoStreamError, "sound only"),
    ("sound_only.wav", errors.NoVideoStreamError, "sound only"),
    ("cut_index_last.mp4", errors.UnreadableClipError, "again"),
    ("header_only.mp4", errors.UnreadableClipError, "again"),
    ("no_frames.mkv", errors.ClipError, "again"),
    ("zeroed.mp4", errors.UnreadableClipError, "None of the frames"),
    ("claims_samples.mp4", errors.EmptyClipError, "no frames"),
    ("claims_pixels.mp4", errors.UnreadableClipError, "None of the frames"),
    ("last_frame_far.mkv", errors.ClipTooLongError, "2,000,000 seconds"),
    ("no_such_file.mp4", errors.UnreadableClipError, "no file"),
    ("no_such_folder/clip.mp4", errors.UnreadableClipError, "no file"),
    ("h264.mp4/clip.mp4", errors.UnreadableClipError, "no file"),
    (".", errors.UnreadableClipError, "folder"),
]


@pytest.mark.parametrize(("name", "kind", "says"), NOT_A_CLIP, ids=[name for name, _, _ in NOT_A_CLIP])
def test_what_is_no_clip_gets_its_own_error(
    clips: Path, limits: ClipLimits, name: str, kind: type[errors.ClipError], says: str
) -> None:
    for read in (lambda: probe(clips / name, limits), lambda: read_clip(str(clips / name), 4, limits=limits)):
        with pytest.raises(kind) as caught:
            read()
        message = caught.value.message
        assert says in message
        assert message.endswith(".")
        assert "\n" not in message
        assert str(clips) not in message, "a message must not show the server's folders"


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/a.mp4", "file:///etc/passwd", "concat:a.mp4|b.mp4", "a\0b.mp4"]
)
def test_addresses_are_never_opened(limits: ClipLimits, address: str) -> None:
    with pytest.raises(errors.UnreadableClipError):
        probe(address, limits)


def test_devices_and_pipes_are_refused_without_waiting(tmp_path: Path, limits: ClipLimits) -> None:
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    for path in (pipe, Path(os.devnull)):
        with pytest.raises(errors.UnreadableClipError, match="device or a pipe"):
            probe(path, limits)


def test_a_file_without_permission(clips: Path, limits: ClipLimits, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)  # a mode would not keep root out
    with pytest.raises(errors.UnreadableClipError, match="may not be read"):
        probe(clips / "h264.mp4", limits)


def test_the_playlists_of_the_tests_do_work_where_nobody_looks(clips: Path, tmp_path: Path) -> None:
    # Otherwise the tests above would pass for playlists that are simply broken.
    (tmp_path / "h264.mp4").write_bytes((clips / "h264.mp4").read_bytes())
    make_playlists(tmp_path)
    with av.open(str(tmp_path / "concat.mp4"), format="concat", options={"safe": "0"}) as source:
        assert next(source.decode(video=0)).width == 96


def test_a_clip_cannot_name_other_files(clips: Path, limits: ClipLimits) -> None:
    with (
        open_clip(clips / "h264.mp4", limits, Deadline()) as clip,
        pytest.raises(PermissionError, match="another file"),
    ):
        clip.source.io_open("http://127.0.0.1:9/", 0, {})


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        (lambda info: ClipLimits(max_bytes=info.size_bytes - 1), errors.ClipTooLargeError, "shorten it"),
        (lambda info: ClipLimits(max_seconds=info.duration_seconds - 0.01), errors.ClipTooLongError, "shorter clip"),
        (lambda info: ClipLimits(max_pixels=info.width * info.height - 1), errors.ClipTooManyPixelsError, "96 x 64"),
    ],
)
@pytest.mark.parametrize("name", ["h264.mp4", "mpeg2.mpg", "mpeg4.avi", "mjpeg.avi", "vp9.webm", "rgb.gif", "wmv2.wmv"])
def test_limits(
    clips: Path,
    limits: ClipLimits,
    name: str,
    change: Callable[[object], ClipLimits],
    kind: type[errors.ClipError],
    says: str,
) -> None:
    info = probe(clips / name, limits)
    exact = ClipLimits(info.size_bytes, info.duration_seconds, info.width * info.height)
    assert probe(clips / name, exact) == info
    for read in (lambda: probe(clips / name, change(info)), lambda: read_clip(clips / name, 4, limits=change(info))):
        with pytest.raises(kind, match=says):
            read()


def test_limits_hold_before_anything_is_decoded(clips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(*args: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("videobert_demo.video.pictures._decode", decode)
    for tight in (ClipLimits(max_bytes=10), ClipLimits(max_seconds=0.1), ClipLimits(max_pixels=10)):
        with pytest.raises(errors.ClipError):
            read_clip(clips / "h264.mp4", 4, limits=tight)


def test_pictures_that_grow_on_the_way_are_refused(clips: Path, limits: ClipLimits) -> None:
    assert len(read_clip(clips / "grows.ts", 8, limits=limits)[1]) == 8
    for allowed in (96 * 64, 640 * 400 - 1):
        with pytest.raises(errors.ClipTooManyPixelsError, match="640 x 400"):
            read_clip(clips / "grows.ts", 8, limits=ClipLimits(max_pixels=allowed))


def test_reading_stops_when_the_time_is_up(clips: Path, limits: ClipLimits) -> None:
    with (
        pytest.raises(errors.UnreadableClipError, match="seconds to read"),
        open_clip(clips / "h264.mp4", limits, Deadline(-1.0)),
    ):
        raise AssertionError("opened")


@pytest.mark.parametrize("reads", [0, 1, 2, 3, 5, 10, 20, 40])
def test_reading_stops_wherever_it_is(
    clips: Path, limits: ClipLimits, monkeypatch: pytest.MonkeyPatch, reads: int
) -> None:
    asked = 0

    def passed(self: Deadline) -> bool:
        nonlocal asked
        asked += 1
        return asked > reads

    monkeypatch.setattr(Deadline, "passed", property(passed))
    with pytest.raises(errors.UnreadableClipError, match="seconds to read"):
        read_clip(clips / "h264.mp4", 8, limits=limits)
