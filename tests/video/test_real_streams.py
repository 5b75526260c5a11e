"""Streams as recorders, cutters and joiners leave them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.resources.make_clips import number_in
from tests.resources.real_streams import intra_refreshed, joined
from videobert_demo.types import ClipLimits, Frames
from videobert_demo.video import read_clip, stream_clip

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
