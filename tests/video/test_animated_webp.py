"""Animated WebP: unpacked, timed, bounded."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.resources.make_clips import number_in, picture
from tests.resources.real_photos import animation
from videobert_demo.errors import ClipTooLargeError, ClipTooManyPixelsError, UnreadableClipError
from videobert_demo.types import ClipLimits
from videobert_demo.video import animated_webp, probe, read_clip, stream_clip


def moving(path: Path, durations_ms: list[int], mode: str = "RGB") -> Path:
    first, *rest = [Image.fromarray(picture(number)).convert(mode) for number in range(len(durations_ms))]
    first.save(path, "WEBP", save_all=True, append_images=rest, duration=durations_ms, lossless=True)
    return path


def test_pictures_come_at_their_own_times(tmp_path: Path, limits: ClipLimits) -> None:
    path = moving(tmp_path / "a.webp", [40, 500, 30, 0, 200])
    info, frames = read_clip(path, 10, limits=limits)
    assert [number_in(pixels) for pixels in frames.pixels] == [0, 1, 2, 3, 4]
    assert frames.timestamps_seconds == pytest.approx([0, 0.04, 0.54, 0.57, 0.67], abs=0.002)
    assert (info.container, info.codec, info.frame_count) == ("webp", "webp", 5)
    assert info.duration_seconds == pytest.approx(0.87, abs=0.002)
    assert info.size_bytes == path.stat().st_size
    assert probe(path, limits) == info
    assert len(list(stream_clip(path, 3, limits=limits))) == 3


def test_an_animation_of_one_picture_is_a_still(tmp_path: Path, limits: ClipLimits) -> None:
    path = tmp_path / "a.webp"
    data = bytearray(moving(path, [100, 100]).read_bytes())
    second = data.rindex(b"ANMF")
    del data[second:]
    data[4:8] = (len(data) - 8).to_bytes(4, "little")
    path.write_bytes(data)
    info, frames = read_clip(path, 8, limits=limits)
    assert (info.frame_count, info.duration_seconds, len(frames)) == (1, 0, 1)


def test_what_is_transparent_is_white(tmp_path: Path, limits: ClipLimits) -> None:
    clear = Image.new("RGBA", (64, 48), (250, 10, 10, 0))
    solid = Image.new("RGBA", (64, 48), (250, 10, 10, 255))
    clear.save(tmp_path / "a.webp", save_all=True, append_images=[solid], duration=100, lossless=True, exact=True)
    _, frames = read_clip(tmp_path / "a.webp", 2, limits=limits)
    assert np.abs(frames.pixels[:, 20, 20].astype(int) - [[255, 255, 255], [250, 10, 10]]).max() <= 1


def test_damage_ends_in_the_pictures_before_it_or_in_a_sentence(tmp_path: Path, limits: ClipLimits) -> None:
    whole = animation(tmp_path / "moving.webp").read_bytes()
    path = tmp_path / "cut.webp"
    path.write_bytes(whole[:60])
    with pytest.raises(UnreadableClipError, match="damaged or incomplete"):
        read_clip(path, 4, limits=limits)
    for place in (24, 30):
        path.write_bytes(whole[:place])
        with pytest.raises(UnreadableClipError, match="damaged or incomplete"):
            probe(path, limits)


def test_an_animation_may_not_have_too_many_pixels_or_take_too_much_space(
    tmp_path: Path, limits: ClipLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = animation(tmp_path / "moving.webp")
    data = bytearray(path.read_bytes())
    data[24:30] = b"\xff" * 6
    (tmp_path / "claims.webp").write_bytes(data)
    with pytest.raises(ClipTooManyPixelsError, match="16777216 x 16777216"):
        probe(tmp_path / "claims.webp", limits)
    monkeypatch.setattr(animated_webp, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(ClipTooLargeError, match="too much space"):
        probe(path, limits)


def test_no_space_left_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = animation(tmp_path / "moving.webp")

    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(animated_webp.tempfile, "TemporaryFile", Full)
    with path.open("rb") as file, pytest.raises(OSError, match="No space left"):
        animated_webp.unpack_animation(file, "a", lambda: None)
