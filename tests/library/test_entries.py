from __future__ import annotations

import cv2
import numpy as np
import pytest

from videobert_demo.library.entries import make_thumbnail, segment_spans, title_of


@pytest.mark.parametrize(("height", "width"), [(480, 270), (2, 1000), (1, 1), (30, 40)])
def test_a_thumbnail_is_a_small_jpeg_of_the_same_shape_and_colours(height: int, width: int) -> None:
    pixels = np.full((height, width, 3), (200, 60, 20), dtype=np.uint8)
    data = make_thumbnail(pixels)
    picture = cv2.cvtColor(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    scale = min(1, 256 / max(height, width))
    assert picture.shape[:2] == (max(1, round(height * scale)), max(1, round(width * scale)))
    assert np.abs(picture.astype(int) - (200, 60, 20)).max() < 12


def test_a_thumbnail_of_noise_stays_small() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1024, 1024, 3), dtype=np.uint8)
    assert len(make_thumbnail(noise, max_side=1024)) <= 48_000


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("/somewhere/my clip.v2.mp4", "my clip.v2"),
        ("a\nb\t\x00c.webm", "a b c"),
        ("狗 🐕.mp4", "狗 🐕"),
        (f"{'x' * 300}.mp4", "x" * 200),
        ("bad \udcff byte.mp4", "bad ? byte"),
        ("  .mp4", "untitled"),
        ("", "untitled"),
    ],
)
def test_titles(name: str, title: str) -> None:
    assert title_of(name) == title


def test_segments_meet_halfway_between_frames() -> None:
    assert segment_spans(np.array([0.5, 2.5, 3.5]), 4.0).tolist() == [[0, 1.5], [1.5, 3.0], [3.0, 4.0]]
    assert segment_spans(np.array([0.0]), 0.0).tolist() == [[0, 0]]
    assert segment_spans(np.array([1.0, 5.0]), 4.0).tolist() == [[0, 3.0], [3.0, 5.0]]
