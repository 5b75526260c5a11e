from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from videobert_demo.types import Heatmap


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
