from __future__ import annotations

import weakref
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from tests.resources.make_clips import number_in, picture
from videobert_demo.types import ClipLimits, Frames
from videobert_demo.video import read_clip, stream_webm, write_webm

TIMES = [2.0, 2.1, 2.5, 3.0, 3.04, 4.0]


def make_frames(times: list[float] = TIMES, width: int = 96, height: int = 64) -> Frames:
    pixels = np.stack([picture(10 + place, width, height) for place in range(len(times))])
    return Frames(pixels, np.array(times, dtype=np.float64))


def test_keeps_the_timestamps_counted_from_the_first(tmp_path: Path, limits: ClipLimits) -> None:
    write_webm(tmp_path / "clip.webm", make_frames())
    info, frames = read_clip(tmp_path / "clip.webm", 6, limits=limits)
    assert (info.container, info.codec) == ("webm", "vp9")
    assert np.allclose(frames.timestamps_seconds, np.array(TIMES) - 2, atol=0.001)
    assert [number_in(pixels) for pixels in frames.pixels] == [10, 11, 12, 13, 14, 15]
    assert info.duration_seconds == pytest.approx(2 + 0.96, abs=0.002)


@pytest.mark.parametrize("frames_per_second", [2.0, 10.0, 29.97, 60.0])
def test_shows_frames_at_a_rate(tmp_path: Path, limits: ClipLimits, frames_per_second: float) -> None:
    write_webm(tmp_path / "clip.webm", make_frames(), frames_per_second)
    info, frames = read_clip(tmp_path / "clip.webm", 6, limits=limits)
    assert np.allclose(frames.timestamps_seconds, np.arange(6) / frames_per_second, atol=0.001)
    assert info.duration_seconds == pytest.approx(6 / frames_per_second, abs=0.002)


def test_is_what_browsers_play_with_the_colours_that_were_given(tmp_path: Path) -> None:
    frames = make_frames()
    write_webm(tmp_path / "clip.webm", frames, quality=10)
    with av.open(str(tmp_path / "clip.webm")) as source:
        stream = source.streams.video[0]
        assert stream.codec_context.pix_fmt == "yuv420p"
        frame = next(source.decode(stream))
        assert (int(frame.colorspace), int(frame.color_range)) == (5, 1)
    _, read = read_clip(tmp_path / "clip.webm", 6, limits=ClipLimits())
    flat = [(50, 16), (50, 48), (50, 80)]
    for row, column in flat:
        off = np.abs(read.pixels[:, row, column].astype(int) - frames.pixels[:, row, column])
        assert off.max() <= 5


@pytest.mark.parametrize(("width", "height"), [(97, 63), (1, 1), (640, 2)])
def test_any_size(tmp_path: Path, limits: ClipLimits, width: int, height: int) -> None:
    write_webm(tmp_path / "clip.webm", make_frames(width=width, height=height), 10)
    info, frames = read_clip(tmp_path / "clip.webm", 6, limits=limits, max_side=640)
    assert (info.width, info.height, len(frames)) == (width, height, 6)


def test_one_frame_stands_for_a_second(tmp_path: Path, limits: ClipLimits) -> None:
    write_webm(tmp_path / "clip.webm", make_frames([7.0]))
    info, frames = read_clip(tmp_path / "clip.webm", 3, limits=limits)
    assert number_in(frames.pixels[0]) == 10
    assert info.duration_seconds == pytest.approx(1.0)


def test_rejects_what_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "clip.webm"
    for rate in (0.0, -1.0, 1000.0, float("nan")):
        with pytest.raises(ValueError, match="frames_per_second"):
            write_webm(path, make_frames(), rate)
    with pytest.raises(ValueError, match="quality"):
        write_webm(path, make_frames(), quality=64)
    with pytest.raises(ValueError, match="millisecond"):
        write_webm(path, make_frames([0.0, 0.0001]))
    assert not path.exists()
    with pytest.raises(OSError, match="No such file"):
        write_webm(tmp_path / "no_folder" / "clip.webm", make_frames())


def test_streams_what_it_would_write_at_once(tmp_path: Path, limits: ClipLimits) -> None:
    frames = make_frames()
    pictures = zip(frames.timestamps_seconds.tolist(), frames.pixels, strict=True)
    assert stream_webm(tmp_path / "clip.webm", pictures, 4.0) == 6
    info, read = read_clip(tmp_path / "clip.webm", 6, limits=limits)
    assert np.allclose(read.timestamps_seconds, np.array(TIMES) - 2, atol=0.001)
    assert [number_in(pixels) for pixels in read.pixels] == [10, 11, 12, 13, 14, 15]
    assert info.duration_seconds == pytest.approx(2 + 0.25, abs=0.002)  # the last one stands for 1/4 second


def test_streaming_leaves_out_what_comes_within_a_millisecond(tmp_path: Path, limits: ClipLimits) -> None:
    frames = make_frames([0.0, 0.0002, 1.0])
    pictures = zip(frames.timestamps_seconds.tolist(), frames.pixels, strict=True)
    assert stream_webm(tmp_path / "clip.webm", pictures, 2.0) == 2
    _, read = read_clip(tmp_path / "clip.webm", 6, limits=limits)
    assert [number_in(pixels) for pixels in read.pixels] == [10, 12]


def test_streaming_asks_for_a_picture_only_when_it_can_write_it(tmp_path: Path) -> None:
    alive: list[weakref.ref[np.ndarray]] = []  # type: ignore[type-arg]
    most = 0

    def pictures() -> Iterator[tuple[float, np.ndarray]]:  # type: ignore[type-arg]
        nonlocal most
        for place in range(20):
            pixels = np.full((48, 64, 3), place, dtype=np.uint8)
            alive.append(weakref.ref(pixels))
            yield place / 10, pixels
            most = max(most, sum(one() is not None for one in alive))

    stream_webm(tmp_path / "clip.webm", pictures(), 10.0)
    assert most <= 4


def test_streaming_rejects_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no pictures"):
        stream_webm(tmp_path / "clip.webm", iter(()), 10.0)
    with pytest.raises(ValueError, match="frames_per_second"):
        stream_webm(tmp_path / "clip.webm", iter(()), 0.0)
    with pytest.raises(ValueError, match="quality"):
        stream_webm(tmp_path / "clip.webm", iter(()), 10.0, quality=-1)
    assert not (tmp_path / "clip.webm").exists()
