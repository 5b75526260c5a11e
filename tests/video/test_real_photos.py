"""Photographs, and films made of photographs."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from av.sidedata.sidedata import Type

from tests.resources.make_clips import number_in
from tests.resources.real_photos import time_lapse
from videobert_demo.types import ClipLimits
from videobert_demo.video import read_clip
from videobert_demo.video.side_data import side_data_of


@pytest.mark.parametrize("suffix", ["mov", "mp4", "avi", "mkv"])
@pytest.mark.parametrize(("orientation", "degrees"), [(1, 0), (2, 0), (3, 180), (6, 90), (8, 270)])
def test_a_time_lapse_of_photographs_stands_upright(
    tmp_path: Path, limits: ClipLimits, suffix: str, orientation: int, degrees: int
) -> None:
    info, frames = read_clip(time_lapse(tmp_path / f"lapse.{suffix}", orientation), 10, limits=limits)
    assert (info.width, info.height, info.rotation_degrees) == (96, 64, degrees)
    assert [number_in(pixels) for pixels in frames.pixels] == list(range(10))
    assert np.allclose(frames.timestamps_seconds, np.arange(10) / 10, atol=0.002)


def test_side_data_without_a_name_does_not_hide_the_rest(tmp_path: Path) -> None:
    with av.open(str(time_lapse(tmp_path / "lapse.mov", 6, count=1))) as source:
        side_data = side_data_of(next(source.decode(video=0)))
    assert Type.DISPLAYMATRIX in side_data
    assert len(side_data) > 1
    with pytest.raises(ValueError, match="not a valid Type"):
        Type("EXIF")
