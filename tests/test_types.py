from __future__ import annotations

import dataclasses
import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from videobert_demo.types import (
    SURE_PROBABILITY,
    Answer,
    AnswerResult,
    Caption,
    CaptionResult,
    ClipInfo,
    ClipLimits,
    Frames,
    Heatmap,
)

INFO: dict[str, Any] = {
    "container": "mp4",
    "codec": "h264",
    "width": 320,
    "height": 240,
    "duration_seconds": 10.0,
    "frames_per_second": 25.0,
    "frame_count": 250,
    "rotation_degrees": 0,
    "size_bytes": 1000,
}


def make_frames(count: int = 3) -> Frames:
    return Frames(np.zeros((count, 4, 6, 3), dtype=np.uint8), np.arange(count, dtype=np.float64))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("container", ""),
        ("codec", ""),
        ("width", 0),
        ("height", -1),
        ("duration_seconds", math.nan),
        ("duration_seconds", -0.1),
        ("frames_per_second", math.inf),
        ("frame_count", 0),
        ("rotation_degrees", 45),
        ("rotation_degrees", -90),
        ("size_bytes", -1),
    ],
)
def test_clip_info_rejects(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field.split("_")[0]):
        ClipInfo(**{**INFO, field: value})


def test_clip_info_accepts_what_is_not_known() -> None:
    info = ClipInfo(**{**INFO, "frame_count": None, "frames_per_second": 0.0, "duration_seconds": 0.0})
    assert info.frame_count is None
    with pytest.raises(dataclasses.FrozenInstanceError):
        info.width = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("field", "value"),
    [("max_bytes", 0), ("max_seconds", math.inf), ("max_seconds", 0.0), ("max_seconds", math.nan), ("max_pixels", 0)],
)
def test_clip_limits_reject(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=field):
        ClipLimits(**{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [(4, 6, 3), (2, 4, 6, 4), (2, 4, 6), (0, 4, 6, 3), (2, 0, 6, 3)])
def test_frames_reject_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="pixels must be"):
        Frames(np.zeros(shape, dtype=np.uint8), np.zeros(shape[0], dtype=np.float64))


@pytest.mark.parametrize("times", [[0.0], [0.0, 1.0, 2.0], [1.0, 0.5], [0.0, math.nan], [0.0, math.inf]])
def test_frames_reject_timestamps(times: list[float]) -> None:
    with pytest.raises(ValueError, match="timestamps"):
        Frames(np.zeros((2, 4, 6, 3), dtype=np.uint8), np.array(times, dtype=np.float64))


def test_frames_reject_number_types() -> None:
    with pytest.raises(TypeError, match="float32"):
        Frames(np.zeros((1, 4, 6, 3), dtype=np.float32), np.zeros(1))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="int64"):
        Frames(np.zeros((1, 4, 6, 3), dtype=np.uint8), np.zeros(1, dtype=np.int64))  # type: ignore[arg-type]


def test_frames_cannot_be_written_and_leave_the_callers_array_alone() -> None:
    pixels = np.zeros((2, 4, 6, 3), dtype=np.uint8)
    frames = Frames(pixels, np.zeros(2))
    assert len(frames) == 2
    with pytest.raises(ValueError, match="read-only"):
        frames.pixels[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        frames.timestamps_seconds[0] = 1
    pixels[0] = 1


def test_frames_are_equal_only_to_themselves() -> None:
    frames = make_frames()
    assert frames == frames
    assert frames != make_frames()


@pytest.mark.parametrize(
    ("text", "score"), [("", 0.5), ("  ", 0.5), ("a dog", -0.1), ("a dog", 1.1), ("a dog", math.nan)]
)
def test_caption_rejects(text: str, score: float) -> None:
    with pytest.raises(ValueError, match=r"words|score"):
        Caption(text, score)


def test_caption_result_is_its_first_candidate() -> None:
    result = CaptionResult((Caption("a dog runs", 0.5), Caption("a dog", 0.4)), seconds=0.1)
    assert (result.text, result.score) == ("a dog runs", 0.5)


@pytest.mark.parametrize(
    ("candidates", "seconds"),
    [
        ((), 0.1),
        ([Caption("a", 0.5)], 0.1),
        ((Caption("a", 0.5),), -1.0),
        ((Caption("a", 0.5), Caption("b", 0.6)), 0.1),
    ],
)
def test_caption_result_rejects(candidates: Any, seconds: float) -> None:
    with pytest.raises(ValueError, match=r"candidates|seconds"):
        CaptionResult(candidates, seconds)


def test_types_are_light() -> None:
    code = "import sys, videobert_demo.types; print(sorted({'torch', 'av', 'cv2', 'gradio'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_heatmap_is_a_read_only_view_and_leaves_the_givers_array_alone() -> None:
    values, times = np.array([[[0.0, 1.0]], [[0.5, 0.5]]], np.float32), np.array([0.0, 1.0])
    heatmap = Heatmap(values, times)
    assert len(heatmap) == 2
    with pytest.raises(ValueError, match="read-only"):
        heatmap.values[0, 0, 0] = 1.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        heatmap.values = values  # type: ignore[misc]
    values[0, 0, 0] = 0.25
    assert values.flags.writeable


@pytest.mark.parametrize(
    ("values", "times", "error"),
    [
        (np.zeros((1, 2, 2)), np.zeros(1), TypeError),
        ([[[0.0]]], np.zeros(1), TypeError),
        (np.zeros((2, 2), np.float32), np.zeros(2), ValueError),
        (np.zeros((0, 2, 2), np.float32), np.zeros(0), ValueError),
        (np.full((1, 2, 2), 1.01, np.float32), np.zeros(1), ValueError),
        (np.full((1, 2, 2), -0.01, np.float32), np.zeros(1), ValueError),
        (np.full((1, 2, 2), np.nan, np.float32), np.zeros(1), ValueError),
        (np.zeros((1, 2, 2), np.float32), np.zeros(1, np.float32), TypeError),
        (np.zeros((1, 2, 2), np.float32), np.zeros(2), ValueError),
        (np.zeros((2, 2, 2), np.float32), np.array([1.0, 0.0]), ValueError),
        (np.zeros((1, 2, 2), np.float32), np.array([np.inf]), ValueError),
    ],
)
def test_heatmap_rejects(values: Any, times: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Heatmap(values, times)


def test_an_answer_has_words_and_a_probability() -> None:
    assert Answer("dog", 0.5).text == "dog"
    for text, probability in (("", 0.5), ("  ", 0.5), ("dog", -0.1), ("dog", 1.1), ("dog", float("nan"))):
        with pytest.raises(ValueError, match=r"answer must have words|probability"):
            Answer(text, probability)


def test_answers_come_in_order_of_probability() -> None:
    sure = AnswerResult("who?", (Answer("man", SURE_PROBABILITY), Answer("dog", 0.1)), 0.2)
    assert (sure.text, sure.probability, sure.is_sure) == ("man", SURE_PROBABILITY, True)
    assert not AnswerResult("who?", (Answer("man", SURE_PROBABILITY - 0.01),), 0.2).is_sure
    for question, candidates, seconds in (
        (" ", (Answer("man", 0.5),), 0.1),
        ("who?", (), 0.1),
        ("who?", (Answer("man", 0.1), Answer("dog", 0.2)), 0.1),
        ("who?", (Answer("man", 0.5),), -1.0),
        ("who?", (Answer("man", 0.5),), float("inf")),
    ):
        with pytest.raises(ValueError, match=r"question|candidates|seconds"):
            AnswerResult(question, candidates, seconds)
