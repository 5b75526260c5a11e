from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.resources.make_clips import VFR_TICKS, encode, number_in, picture
from videobert_demo.types import ClipInfo, ClipLimits, Frames
from videobert_demo.video import pictures as pictures_module
from videobert_demo.video import probe, read_clip, stream_clip
from videobert_demo.video.container import open_clip
from videobert_demo.video.packets import scan_packets
from videobert_demo.video.sampling import segment_centres
from videobert_demo.video.source import Deadline

AT_25 = [
    "h264.mp4",
    "h264.mov",
    "h264.mkv",
    "h264.ts",
    "h264.flv",
    "h264.avi",
    "open_gop.mp4",
    "hevc_10_bit.mp4",
    "vp8.webm",
    "vp9.webm",
    "vp9.mkv",
    "recorded.webm",
    "mpeg4.avi",
    "mjpeg.avi",
    "mpeg2.mpg",
    "mpeg1.mpg",
    "elementary.mpg",
    "wmv2.wmv",
    "index_first.mp4",
    "long_gop.mp4",
    "claims_years.mp4",
    "claims_nan.webm",
    "claims_infinity.webm",
]
"""Clips of 60 frames at 25 a second: frame k shows the number k and comes on screen at k / 25 seconds."""


def numbers_in(frames: Frames) -> list[int]:
    return [number_in(pixels) for pixels in frames.pixels]


@pytest.mark.parametrize("count", [1, 3, 8, 13, 60, 100])
@pytest.mark.parametrize("name", AT_25)
def test_every_frame_is_the_one_of_its_timestamp(clips: Path, limits: ClipLimits, name: str, count: int) -> None:
    info, frames = read_clip(clips / name, count, limits=limits)
    assert len(frames) == min(count, 60)
    assert np.allclose(frames.timestamps_seconds, np.array(numbers_in(frames)) / 25, atol=0.0011)
    off_seconds = np.abs(frames.timestamps_seconds - segment_centres(2.4, len(frames)))
    assert off_seconds.max() <= 0.3 * 2.4 / len(frames) + 2 / 25
    assert info.duration_seconds == pytest.approx(2.4, abs=0.002)
    assert info.frames_per_second == pytest.approx(25, abs=0.02)
    assert (info.width, info.height, info.frame_count, info.rotation_degrees) == (96, 64, 60, 0)
    assert info.size_bytes == (clips / name).stat().st_size


@pytest.mark.parametrize("name", ["h264.mp4", "open_gop.mp4", "recorded.webm", "mpeg4.avi", "rgb.gif", "turned_90.mp4"])
def test_streams_the_frames_that_it_would_read_at_once(clips: Path, limits: ClipLimits, name: str) -> None:
    _, frames = read_clip(clips / name, 13, limits=limits, max_side=80)
    streamed = list(stream_clip(clips / name, 13, limits=limits, max_side=80))
    assert [seconds for seconds, _ in streamed] == frames.timestamps_seconds.tolist()
    assert np.array_equal(np.stack([pixels for _, pixels in streamed]), frames.pixels)
    with pytest.raises(ValueError, match="count"):
        next(stream_clip(clips / name, 0, limits=limits))


@pytest.mark.parametrize("name", [*AT_25, "4k.mp4", "rgb.gif", "one_frame.gif", "turned_90.mp4", "wide_pixels.mp4"])
def test_probe_agrees_with_read_clip(clips: Path, limits: ClipLimits, name: str) -> None:
    assert probe(clips / name, limits) == read_clip(clips / name, 2, limits=limits)[0]


@pytest.mark.parametrize(
    ("name", "container", "codec"),
    [
        ("h264.mp4", "mp4", "h264"),
        ("h264.mov", "mov", "h264"),
        ("h264.mkv", "mkv", "h264"),
        ("hevc_10_bit.mp4", "mp4", "hevc"),
        ("vp8.webm", "webm", "vp8"),
        ("vp9.mkv", "mkv", "vp9"),
        ("av1.webm", "webm", "av1"),
        ("mpeg4.avi", "avi", "mpeg4"),
        ("mpeg2.mpg", "mpg", "mpeg2video"),
        ("rgb.gif", "gif", "gif"),
    ],
)
def test_containers_and_codecs_have_their_names(
    clips: Path, limits: ClipLimits, name: str, container: str, codec: str
) -> None:
    info = probe(clips / name, limits)
    assert (info.container, info.codec) == (container, codec)


def test_the_contents_decide_and_not_the_name(clips: Path, limits: ClipLimits, tmp_path: Path) -> None:
    path = tmp_path / "Ein Film – 映画 ' \" %s.txt"
    path.write_bytes((clips / "vp9.webm").read_bytes())
    info, frames = read_clip(path, 3, limits=limits)
    assert info.container == "webm"
    assert len(frames) == 3


@pytest.mark.parametrize("name", ["vfr.mp4", "vfr.mkv", "vfr.gif"])
@pytest.mark.parametrize("count", [1, 4, 12, 20])
def test_variable_rate(clips: Path, limits: ClipLimits, name: str, count: int) -> None:
    info, frames = read_clip(clips / name, count, limits=limits)
    expected = [VFR_TICKS[number] / 1000 for number in numbers_in(frames)]
    assert np.allclose(frames.timestamps_seconds, expected, atol=0.0001)
    assert len(frames) == min(count, 12)
    assert info.duration_seconds == pytest.approx(2.64, abs=0.25)


def test_times_are_those_that_players_show(clips: Path, limits: ClipLimits) -> None:
    late = read_clip(clips / "late_start.mkv", 20, limits=limits)
    assert np.allclose(late[1].timestamps_seconds, 5 + np.arange(20) / 25)
    assert late[0].duration_seconds == pytest.approx(0.8, abs=0.001)
    # The first ten frames are cut away by an edit list, and the eleventh stands at zero.
    edited = read_clip(clips / "edited.mp4", 30, limits=limits)
    assert numbers_in(edited[1]) == list(range(10, 30))
    assert np.allclose(edited[1].timestamps_seconds, np.arange(20) / 25)
    assert edited[0].frame_count == 20
    # Without an edit list the delay of the B-frames shows, as it does in a browser.
    fragmented = read_clip(clips / "fragmented.mp4", 60, limits=limits)[1]
    assert np.allclose(fragmented.timestamps_seconds, 0.08 + np.arange(60) / 25)


@pytest.mark.parametrize(("degrees", "size"), [(90, (64, 96)), (180, (96, 64)), (270, (64, 96))])
def test_rotation_is_applied(clips: Path, limits: ClipLimits, degrees: int, size: tuple[int, int]) -> None:
    info, frames = read_clip(clips / f"turned_{degrees}.mp4", 5, limits=limits)
    assert info.rotation_degrees == degrees
    assert (info.width, info.height) == size
    assert frames.pixels.shape[1:3] == size[::-1]
    for pixels, seconds in zip(frames.pixels, frames.timestamps_seconds, strict=True):
        stored = np.rot90(picture(round(float(seconds) * 25)), k=-degrees // 90)
        assert np.abs(pixels.astype(int) - stored).mean() < 6


def test_a_mirrored_picture_is_shown_mirrored(clips: Path, limits: ClipLimits) -> None:
    _, frames = read_clip(clips / "mirrored.mp4", 5, limits=limits)
    for pixels, seconds in zip(frames.pixels, frames.timestamps_seconds, strict=True):
        assert np.abs(pixels.astype(int) - picture(round(float(seconds) * 25))[:, ::-1]).mean() < 6


def test_wide_pixels_are_made_square(clips: Path, limits: ClipLimits) -> None:
    info, frames = read_clip(clips / "wide_pixels.mp4", 3, limits=limits)
    assert (info.width, info.height) == (128, 64)
    assert frames.pixels.shape == (3, 64, 128, 3)
    assert numbers_in(frames) == np.round(frames.timestamps_seconds * 25).astype(int).tolist()


@pytest.mark.parametrize("name", ["odd_size.mkv", "odd_size.webm"])
def test_odd_sizes(clips: Path, limits: ClipLimits, name: str) -> None:
    _, frames = read_clip(clips / name, 10, limits=limits)
    assert frames.pixels.shape == (10, 63, 97, 3)
    assert numbers_in(frames) == list(range(10))


@pytest.mark.parametrize("name", ["one_frame.mp4", "one_frame.gif"])
def test_one_frame(clips: Path, limits: ClipLimits, name: str) -> None:
    info, frames = read_clip(clips / name, 8, limits=limits)
    assert numbers_in(frames) == [37]
    assert frames.timestamps_seconds.tolist() == [0.0]
    assert info.frame_count == 1


def test_one_pixel(clips: Path, limits: ClipLimits) -> None:
    assert read_clip(clips / "tiny.gif", 8, limits=limits)[1].pixels.shape == (3, 1, 1, 3)


def test_gif(clips: Path, limits: ClipLimits) -> None:
    info, frames = read_clip(clips / "rgb.gif", 12, limits=limits)
    assert numbers_in(frames) == list(range(12))
    assert np.allclose(frames.timestamps_seconds, np.arange(12) / 10)
    assert info.duration_seconds == pytest.approx(1.2)


def test_av1(clips: Path, limits: ClipLimits) -> None:
    _, frames = read_clip(clips / "av1.webm", 20, limits=limits)
    assert numbers_in(frames) == list(range(20))


def test_large_pictures_are_made_small_and_keep_their_shape(clips: Path, limits: ClipLimits) -> None:
    info, frames = read_clip(clips / "4k.mp4", 3, limits=limits)
    assert (info.width, info.height) == (3840, 2160)
    assert frames.pixels.shape == (3, 270, 480, 3)
    assert numbers_in(frames) == [0, 1, 2]
    assert read_clip(clips / "4k.mp4", 1, limits=limits, max_side=100)[1].pixels.shape == (1, 56, 100, 3)


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [
        ("h264.mp4", 6),
        ("bt709.mp4", 6),
        ("full_range.mp4", 6),
        ("hevc_10_bit.mp4", 8),
        ("mjpeg.avi", 6),
        ("rgb.gif", 60),
    ],
)
def test_colours_are_right(clips: Path, limits: ClipLimits, name: str, tolerance: int) -> None:
    pixels = read_clip(clips / name, 1, limits=limits)[1].pixels[0]
    for column, colour in ((16, (220, 30, 30)), (48, (30, 200, 30)), (80, (30, 30, 220))):
        assert np.abs(pixels[50, column].astype(int) - colour).max() <= tolerance


def test_a_cut_clip_gives_what_is_left(clips: Path, limits: ClipLimits) -> None:
    for name in ("cut_index_first.mp4", "cut.mkv"):
        info, frames = read_clip(clips / name, 6, limits=limits)
        assert 0.3 < info.duration_seconds < 2.0
        assert len(frames) >= 5
        assert np.allclose(frames.timestamps_seconds, np.array(numbers_in(frames)) / 25, atol=0.0011)


def test_false_keyframes_are_found_out(limits: ClipLimits, tmp_path: Path) -> None:
    path = encode(
        tmp_path / "false.avi", "wmv2", keyframe_interval=60, options={"b": "2M", "sc_threshold": "1000000000"}
    )
    data = bytearray(path.read_bytes())
    for entry in range(data.index(b"idx1") + 8, len(data) - 15, 16):
        data[entry + 4] |= 0x10  # AVIIF_KEYFRAME
    path.write_bytes(data)
    with open_clip(path, limits, Deadline()) as clip:
        assert scan_packets(clip).is_keyframe.all()
    _, frames = read_clip(path, 5, limits=limits)
    assert numbers_in(frames) == np.round(frames.timestamps_seconds * 25).astype(int).tolist()


def test_only_what_is_needed_is_decoded(limits: ClipLimits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = encode(
        tmp_path / "minute.mp4", "libx264", numbers=[k % 64 for k in range(1500)], b_frames=3, keyframe_interval=250
    )
    fed = 0
    decode = pictures_module._decode

    def count(clip: object, packet: object) -> list[object]:
        nonlocal fed
        fed += packet is not None
        return decode(clip, packet)  # type: ignore[arg-type]

    monkeypatch.setattr(pictures_module, "_decode", count)
    _, frames = read_clip(path, 8, limits=limits)
    assert len(frames) == 8
    assert numbers_in(frames) == (np.round(frames.timestamps_seconds * 25).astype(int) % 64).tolist()
    assert fed < 0.3 * 1500


def test_reading_twice_gives_the_same(clips: Path, limits: ClipLimits) -> None:
    first, second = (read_clip(clips / "h264.mp4", 7, limits=limits) for _ in range(2))
    assert first[0] == second[0]
    assert (first[1].pixels == second[1].pixels).all()
    assert (first[1].timestamps_seconds == second[1].timestamps_seconds).all()


@pytest.mark.parametrize(("count", "max_side"), [(0, 480), (-1, 480), (4, 0)])
def test_rejects_numbers(clips: Path, limits: ClipLimits, count: int, max_side: int) -> None:
    with pytest.raises(ValueError, match="must be at least 1"):
        read_clip(clips / "h264.mp4", count, limits=limits, max_side=max_side)


def test_info_is_of_the_public_type(clips: Path, limits: ClipLimits) -> None:
    assert isinstance(probe(clips / "h264.mp4", limits), ClipInfo)


@pytest.mark.parametrize("name", ["h264.mp4", "open_gop.mp4", "vp9.webm", "h264.avi", "mpeg2.mpg", "long_gop.mp4"])
def test_a_part_of_a_clip_gives_its_own_frames_at_the_clips_moments(clips: Path, limits: ClipLimits, name: str) -> None:
    info, frames = read_clip(clips / name, 4, limits=limits, span_seconds=(1.0, 1.8))
    assert np.allclose(frames.timestamps_seconds, np.array(numbers_in(frames)) / 25, atol=0.0011)
    assert len(frames) == 4
    assert 1.0 - 0.0011 <= frames.timestamps_seconds[0] < 1.25
    assert 1.55 < frames.timestamps_seconds[-1] < 1.8 - 0.0011
    assert info.duration_seconds == pytest.approx(2.4, abs=0.002)  # of the whole clip
    streamed = stream_clip(clips / name, 4, limits=limits, span_seconds=(1.0, 1.8))
    assert [seconds for seconds, _ in streamed] == frames.timestamps_seconds.tolist()


def test_a_part_between_two_frames_shows_the_one_before_it(clips: Path, limits: ClipLimits) -> None:
    assert numbers_in(read_clip(clips / "h264.mp4", 8, limits=limits, span_seconds=(1.01, 1.03))[1]) == [25]
    assert numbers_in(read_clip(clips / "h264.mp4", 8, limits=limits, span_seconds=(9.0, 10.0))[1]) == [59]


@pytest.mark.parametrize("span", [(1.0, 1.0), (2.0, 1.0), (-1.0, 1.0), (float("nan"), 1.0)])
def test_a_part_that_there_cannot_be_is_refused(clips: Path, limits: ClipLimits, span: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="span_seconds"):
        read_clip(clips / "h264.mp4", 3, limits=limits, span_seconds=span)
