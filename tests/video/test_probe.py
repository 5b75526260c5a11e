"""What a clip is said to be, against what is known of how the test clips were made."""

from __future__ import annotations

from pathlib import Path

import pytest

from videobert_demo.errors import UnreadableClipError
from videobert_demo.types import ClipInfo, ClipLimits
from videobert_demo.video import probe


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("h264.mp4", ClipInfo("mp4", "h264", 96, 64, 2.4, 25.0, 60, 0, 0)),
        ("rgb.gif", ClipInfo("gif", "gif", 96, 64, 1.2, 10.0, 12, 0, 0)),
        ("turned_90.mp4", ClipInfo("mp4", "h264", 64, 96, 0.4, 25.0, 10, 90, 0)),
        ("turned_180.mp4", ClipInfo("mp4", "h264", 96, 64, 0.4, 25.0, 10, 180, 0)),
        ("wide_pixels.mp4", ClipInfo("mp4", "h264", 128, 64, 0.4, 25.0, 10, 0, 0)),
        ("odd_size.webm", ClipInfo("webm", "vp8", 97, 63, 0.4, 25.0, 10, 0, 0)),
        ("late_start.mkv", ClipInfo("mkv", "h264", 96, 64, 0.8, 25.0, 20, 0, 0)),
        ("edited.mp4", ClipInfo("mp4", "h264", 96, 64, 0.8, 25.0, 20, 0, 0)),  # ten frames are cut away
        ("claims_years.mp4", ClipInfo("mp4", "h264", 96, 64, 2.4, 25.0, 60, 0, 0)),  # counted, not believed
        ("one_frame.mp4", ClipInfo("mp4", "h264", 96, 64, 0.04, 25.0, 1, 0, 0)),
    ],
)
def test_a_clip_is_described_as_it_was_made(clips: Path, limits: ClipLimits, name: str, expected: ClipInfo) -> None:
    info = probe(clips / name, limits)
    assert (info.container, info.codec) == (expected.container, expected.codec)
    assert (info.width, info.height, info.rotation_degrees) == (
        expected.width,
        expected.height,
        expected.rotation_degrees,
    )
    assert info.frame_count == expected.frame_count
    assert info.duration_seconds == pytest.approx(expected.duration_seconds, abs=0.002)
    assert info.frames_per_second == pytest.approx(expected.frames_per_second, abs=0.02)
    assert info.size_bytes == (clips / name).stat().st_size


def test_a_clip_whose_packets_are_all_damaged_is_no_clip(clips: Path, limits: ClipLimits) -> None:
    """Its packets can be listed; only decoding one tells that there is no picture."""
    with pytest.raises(UnreadableClipError, match=r"None of the frames of .zeroed\.mp4. can be decoded \(h264\)"):
        probe(clips / "zeroed.mp4", limits)


def test_a_clip_that_lost_its_beginning_is_described_by_the_first_picture_that_is_left(
    clips: Path, limits: ClipLimits, tmp_path: Path
) -> None:
    data = (clips / "h264.ts").read_bytes()
    rest = data[188 * (len(data) // 188 // 3) :]  # transport streams can be cut between any two packets of 188 bytes
    (tmp_path / "rest.ts").write_bytes(rest)
    info = probe(tmp_path / "rest.ts", limits)
    assert (info.width, info.height) == (96, 64)
    assert 0 < info.frame_count < 60
