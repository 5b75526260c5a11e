"""The order in which a run sees its videos: every epoch shows each of them once, similar lengths together.

    order of an epoch   5 2 7 0 | 6 1 3 4    in blocks, here of two batches
    lengths             8 3 4 9 | 7 2 5 2
    sorted in blocks    2 7 5 0 | 1 4 3 6
    batches of two      27  50    14  36     drawn in random order

Knows numbers; knows no video.
"""

from __future__ import annotations

import numpy as np

from videobert_demo.training.seeds import SeedStream, open_stream

BATCHES_PER_BLOCK = 4


def rows_of_step(seed: int, step: int, batch_size: int, counts: np.ndarray, rank: int, world: int) -> list[int]:
    """The videos of one step in one of several processes, a pure function of its arguments.

    Args:
        seed: the run's.
        counts: (videos,) how many frames each has.
        rank: which of the `world` processes.

    Returns:
        `batch_size` indices below len(counts); all of them where there are fewer videos.
    """
    per_epoch = max(1, len(counts) // (batch_size * world))
    epoch, number = divmod(step, per_epoch)
    random = open_stream(seed, SeedStream.EPOCH_ORDER, epoch)
    order = random.permutation(len(counts))
    block = batch_size * BATCHES_PER_BLOCK
    pieces = [order[start : start + block] for start in range(0, len(order), block)]
    order = np.concatenate([piece[np.argsort(counts[piece], kind="stable")] for piece in pieces])
    batches = [order[start : start + batch_size] for start in range(0, len(order) - batch_size + 1, batch_size)]
    if not batches:
        batches = [order]
    shuffled = random.permutation(len(batches))
    return [int(row) for row in batches[shuffled[(number * world + rank) % len(batches)]]]
