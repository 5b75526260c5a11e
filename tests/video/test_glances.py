"""What is seen at a glance is what the picture shows, in every layout."""

import av
import numpy as np
import pytest

from tests.resources.make_clips import picture
from videobert_demo.video.glances import GRID, Glances


def seen(frame: av.VideoFrame) -> np.ndarray:
    glances = Glances()
    glances.add(frame)
    return glances.take().reshape(GRID, GRID, 3)


@pytest.mark.parametrize(
    "layout", ["yuv420p", "yuvj420p", "yuv422p", "yuv444p", "yuv420p10le", "rgb24", "gray", "nv12"]
)
@pytest.mark.parametrize("size", [(96, 64), (962, 544)])
def test_colours_of_fields(layout: str, size: tuple[int, int]) -> None:
    pixels = picture(0b101100, *size)
    frame = av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(format=layout)
    colours = seen(frame)
    rows = (np.array([3, 18]) * size[1]) // GRID
    columns = (np.array([2, 6, 10, 14, 18, 22]) * size[0]) // GRID
    shown = pixels[np.ix_(rows, columns)].astype(float)
    found = colours[np.ix_([3, 18], [2, 6, 10, 14, 18, 22])]
    if layout == "gray":
        shown, found = shown @ [0.299, 0.587, 0.114], found.mean(axis=2)
    assert np.abs(found - shown).max() < 14


def test_frames_of_several_kinds_come_in_order_and_only_once() -> None:
    glances = Glances()
    for level, layout, size in ((10, "yuv420p", 32), (120, "yuv420p10le", 64), (240, "rgb24", 20)):
        pixels = np.full((size, size, 3), level, np.uint8)
        glances.add(av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(format=layout))
    assert len(glances) == 3
    assert glances.take().mean(axis=1) == pytest.approx([10, 120, 240], abs=2)
    assert len(glances) == 0
    assert glances.take().shape == (0, GRID * GRID * 3)
