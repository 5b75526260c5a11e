"""When packets are shown, which are keyframes, and what is refused while they are listed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.resources.make_clips import VFR_TICKS, encode
from videobert_demo.errors import ClipTooLongError, EmptyClipError, UnreadableClipError
from videobert_demo.types import ClipLimits
from videobert_demo.video import packets as packets_module
from videobert_demo.video.container import open_clip
from videobert_demo.video.packets import PacketTable, packets_of, scan_packets
from videobert_demo.video.source import Deadline


def scan(path: Path, limits: ClipLimits | None = None) -> PacketTable:
    with open_clip(path, limits or ClipLimits(), Deadline()) as clip:
        return scan_packets(clip)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Frames 0 to 23 without B-frames, a keyframe every twelve."""
    options = {"x264-params": "scenecut=0"}
    return encode(tmp_path_factory.mktemp("plain") / "plain.mp4", "libx264", numbers=range(24), options=options)


def test_packets_are_listed_with_their_times_and_keyframes(plain: Path) -> None:
    table = scan(plain)
    np.testing.assert_allclose(table.seconds, np.arange(24) / 25, atol=1e-6)
    assert np.flatnonzero(table.is_keyframe).tolist() == [0, 12]
    assert table.is_shown.all()
    assert table.frame_count == 24
    assert table.duration_seconds == pytest.approx(24 / 25)
    assert table.frames_per_second == pytest.approx(25)
    assert not table.is_ranked


def test_b_frames_are_stored_in_another_order_than_they_are_shown_in(clips: Path) -> None:
    table = scan(clips / "h264.mkv")
    assert (np.diff(table.seconds) < 0).any()
    np.testing.assert_allclose(np.sort(table.seconds), np.arange(60) / 25, atol=0.0011)


@pytest.mark.parametrize("name", ["h264.avi", "mpeg4.avi"])
def test_where_times_of_showing_are_missing_they_are_given_in_the_order_of_showing(clips: Path, name: str) -> None:
    table = scan(clips / name)
    assert table.is_ranked
    steps = np.diff(table.seconds)
    np.testing.assert_allclose(steps, 1 / 25, atol=1e-6)
    assert table.frame_count == 60


def test_a_variable_rate_is_kept_and_the_last_frame_stands_as_long_as_the_file_says(clips: Path) -> None:
    table = scan(clips / "vfr.mkv")
    np.testing.assert_allclose(np.sort(table.seconds), np.array(VFR_TICKS) / 1000, atol=1e-6)
    assert table.frames_per_second == pytest.approx(11 / 2.6)
    assert table.duration_seconds >= 2.6


def test_what_an_edit_list_cuts_away_is_not_shown(clips: Path) -> None:
    table = scan(clips / "edited.mp4")
    assert len(table.seconds) == 30
    assert table.frame_count == 20
    np.testing.assert_allclose(np.sort(table.seconds[table.is_shown]), np.arange(20) / 25, atol=1e-6)
    assert table.duration_seconds == pytest.approx(0.8)


def test_a_clock_that_starts_anywhere_is_set_to_zero_and_one_that_does_not_is_kept(clips: Path) -> None:
    stream = scan(clips / "h264.ts")
    assert stream.zero_seconds > 0.05  # the delay of the B-frames
    assert stream.seconds.min() == pytest.approx(0, abs=1e-6)
    late = scan(clips / "late_start.mkv")
    assert late.zero_seconds == 0
    assert late.seconds.min() == pytest.approx(5)


@pytest.mark.parametrize(("seconds", "fits"), [(2.41, True), (2.39, False)])
def test_clips_that_play_too_long_are_refused(clips: Path, limits: ClipLimits, seconds: float, fits: bool) -> None:
    short = replace(limits, max_seconds=seconds)
    if fits:
        assert scan(clips / "h264.mp4", short).frame_count == 60
    else:
        with pytest.raises(ClipTooLongError, match="plays for 2 seconds"):
            scan(clips / "h264.mp4", short)


@pytest.mark.parametrize(("most", "fits"), [(24, True), (23, False)])
def test_clips_of_too_many_packets_are_refused(
    plain: Path, monkeypatch: pytest.MonkeyPatch, most: int, fits: bool
) -> None:
    monkeypatch.setattr(packets_module, "MAX_PACKETS", most)
    if fits:
        assert scan(plain).frame_count == 24
    else:
        with pytest.raises(ClipTooLongError, match="more than 23 frames"):
            scan(plain)


def test_a_clip_that_shows_its_bytes_again_and_again_is_refused(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the sound clip holds, and a mark of its end, is allowed; a byte less is not."""
    with open_clip(plain, ClipLimits(), Deadline()) as clip:
        needed = sum(packet.size + packets_module._BYTES_TO_TELL_OF_A_PACKET for packet in packets_of(clip))
    monkeypatch.setattr(packets_module, "_MAX_TIMES_READ", 0)
    monkeypatch.setattr(packets_module, "_BYTES_TO_SPARE", needed + packets_module._BYTES_TO_TELL_OF_A_PACKET)
    assert scan(plain).frame_count == 24
    monkeypatch.setattr(packets_module, "_BYTES_TO_SPARE", needed - 1)
    with pytest.raises(UnreadableClipError, match="again and again"):
        scan(plain)


def test_a_clip_without_packets_is_empty(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packets_module, "packets_of", lambda _clip: iter(()))
    with pytest.raises(EmptyClipError, match=r"plain\.mp4. has no frames"):
        scan(plain)


def test_a_damaged_end_leaves_the_packets_before_it(clips: Path) -> None:
    table = scan(clips / "cut.mkv")
    assert 10 < table.frame_count < 60
    np.testing.assert_allclose(np.diff(np.sort(table.seconds))[:8], 1 / 25, atol=0.0011)
