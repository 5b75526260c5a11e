"""Every epoch shows every video once, in an order of its own, similar lengths together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.training.runs import make_batches, make_config
from videobert_demo.training.epochs import BATCHES_PER_BLOCK, rows_of_step


def test_similar_lengths_come_together_and_all_orders_follow_from_the_seed() -> None:
    counts = np.random.default_rng(0).integers(1, 30, 80)
    drawn = [rows_of_step(7, step, 10, counts, 0, 1) for step in range(8)]
    assert drawn == [rows_of_step(7, step, 10, counts, 0, 1) for step in range(8)]
    assert drawn != [rows_of_step(8, step, 10, counts, 0, 1) for step in range(8)]
    assert sorted(row for rows in drawn for row in rows) == list(range(80))
    within = np.mean([np.ptp(counts[rows]) for rows in drawn])
    assert within < np.ptp(counts) / (BATCHES_PER_BLOCK - 1)
    assert rows_of_step(7, 0, 100, counts, 0, 1) != list(range(80))  # fewer videos than a batch: all of them
    assert sorted(rows_of_step(7, 0, 100, counts, 0, 1)) == list(range(80))


@pytest.mark.parametrize("world", [1, 3])
def test_an_epoch_shows_every_video_once(tmp_path: Path, world: int) -> None:
    batches = make_batches(tmp_path, make_config(videos_per_step=2))
    steps = 6 // (2 * world)
    for epoch in range(3):
        seen = [
            row
            for step in range(epoch * steps, (epoch + 1) * steps)
            for rank in range(world)
            for row in batches.videos(step, rank, world).indices
        ]
        assert sorted(seen) == list(range(6))


def test_epochs_have_orders_of_their_own(tmp_path: Path) -> None:
    batches = make_batches(tmp_path, make_config(videos_per_step=1))
    orders = [tuple(batches.videos(6 * epoch + place).indices[0] for place in range(6)) for epoch in range(4)]
    assert len(set(orders)) > 1
