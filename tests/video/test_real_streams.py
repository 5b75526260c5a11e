"""Streams as recorders, cutters and joiners leave them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.resources.make_clips import encode, number_in
from tests.resources.real_streams import (
    SOUND_CODECS,
    cut_at_packet,
    intra_refreshed,
    joined,
    sound,
    turned_while_recording,
)
from videobert_demo.errors import NoVideoStreamError, UnsupportedClipError
from videobert_demo.types import ClipLimits, Frames
from videobert_demo.video import probe, read_clip, stream_clip

HALVES = (range(30), range(30, 60))


def numbers_in(frames: Frames) -> list[int]:
    return [number_in(pixels) for pixels in frames.pixels]


@pytest.mark.parametrize("count", [8, 60])
@pytest.mark.parametrize(
    ("name", "codec", "choices"),
    [
        ("h264.ts", "libx264", {"parts": HALVES}),
        ("three.ts", "libx264", {"parts": (range(30), range(30, 40), range(40, 60))}),
        ("hours_later.ts", "libx264", {"parts": HALVES, "starts_seconds": (5, 20_000)}),
        ("hours_before.ts", "libx264", {"parts": HALVES, "starts_seconds": (20_000, 5)}),
        ("mpeg2.ts", "mpeg2video", {"parts": HALVES}),
        ("mpeg2.mpg", "mpeg2video", {"parts": HALVES, "container": "vob"}),
        ("mpeg1.mpg", "mpeg1video", {"parts": HALVES, "container": "mpeg"}),
    ],
)
def test_time_goes_on_where_streams_were_joined(
    tmp_path: Path, limits: ClipLimits, name: str, codec: str, choices: dict[str, Any], count: int
) -> None:
    info, frames = read_clip(joined(tmp_path / name, codec, b_frames=2, **choices), count, limits=limits)
    assert len(frames) == count
    assert np.allclose(frames.timestamps_seconds, np.array(numbers_in(frames)) / 25, atol=0.002)
    assert (info.frame_count, round(info.duration_seconds, 3)) == (60, 2.4)


@pytest.mark.parametrize("name", ["refresh.mp4", "refresh.ts"])
def test_intra_refresh_gives_sound_frames_of_the_whole_clip(tmp_path: Path, limits: ClipLimits, name: str) -> None:
    path = intra_refreshed(tmp_path / name)
    _, every = read_clip(path, 200, limits=limits)
    info, frames = read_clip(path, 8, limits=limits)
    assert info.duration_seconds == pytest.approx(8, abs=0.002)
    # Too far from a keyframe to move: the frames are those at the centres, or 0.3 of a second from it.
    assert np.abs(frames.timestamps_seconds - (np.arange(8) + 0.5)).max() <= 0.34
    assert [seconds for seconds, _ in stream_clip(path, 8, limits=limits)] == frames.timestamps_seconds.tolist()
    for seconds, pixels in zip(frames.timestamps_seconds, frames.pixels, strict=True):
        assert number_in(pixels) == round(float(seconds) * 25) // 4
        assert np.array_equal(pixels, every.pixels[round(float(seconds) * 25)])


@pytest.mark.parametrize("bytes_off", [0, 77])
@pytest.mark.parametrize(("fraction", "first"), [(0.25, 24), (0.5, 48)])
@pytest.mark.parametrize(
    ("codec", "options"),
    [
        ("libx264", {"x264-params": "open-gop=1:scenecut=0"}),
        ("libx265", {"x265-params": "log-level=none:scenecut=0:pools=1", "preset": "ultrafast"}),
        ("mpeg2video", {}),
    ],
)
def test_a_recording_that_begins_in_the_middle_is_read_from_its_first_keyframe(
    tmp_path: Path,
    limits: ClipLimits,
    codec: str,
    options: dict[str, str],
    fraction: float,
    first: int,
    bytes_off: int,
) -> None:
    whole = encode(tmp_path / "whole.ts", codec, b_frames=2, keyframe_interval=24, options=options)
    info, frames = read_clip(cut_at_packet(tmp_path / "cut.ts", whole, fraction, bytes_off=bytes_off), 8, limits=limits)
    numbers = np.array(numbers_in(frames))
    assert len(frames) == 8
    assert first <= numbers[0] <= first + 3
    assert (np.diff(frames.timestamps_seconds * 25).round() == np.diff(numbers)).all()
    assert (info.frame_count, round(info.duration_seconds, 3)) == (60 - first, round((60 - first) / 25, 3))


@pytest.mark.parametrize("name", SOUND_CODECS)
def test_sound_is_called_sound(tmp_path: Path, limits: ClipLimits, name: str) -> None:
    with pytest.raises(NoVideoStreamError, match="sound only"):
        probe(sound(tmp_path / name), limits)


@pytest.mark.parametrize("text", ["#EXTM3U\n", "<?xml version='1.0'?>", "plain"])
def test_text_with_a_byte_order_mark_is_not_called_sound(tmp_path: Path, limits: ClipLimits, text: str) -> None:
    (tmp_path / "text.mp3").write_bytes(text.encode("utf-16"))
    with pytest.raises(UnsupportedClipError):
        probe(tmp_path / "text.mp3", limits)


@pytest.mark.parametrize(
    ("sizes", "part"),
    [
        (((96, 64), (64, 96)), np.s_[:, 26:69]),
        (((64, 96), (96, 64)), np.s_[26:69, :]),
        (((96, 64), (192, 128)), np.s_[:, :]),
    ],
)
def test_a_clip_that_is_turned_on_the_way_keeps_its_shapes(
    tmp_path: Path, limits: ClipLimits, sizes: tuple[tuple[int, int], ...], part: tuple[slice, slice]
) -> None:
    info, frames = read_clip(turned_while_recording(tmp_path / "turned.webm", sizes), 20, limits=limits)
    assert (info.width, info.height) == sizes[0]
    assert frames.pixels.shape == (20, sizes[0][1], sizes[0][0], 3)
    assert numbers_in(frames)[:10] == list(range(10))
    later = frames.pixels[10:]
    assert [number_in(pixels[part]) for pixels in later] == list(range(10, 20))
    outside = later.astype(int)
    outside[(slice(None), *part)] = 0
    assert outside.max() == 0
