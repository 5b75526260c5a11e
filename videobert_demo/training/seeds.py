"""Names for the streams of random numbers that batches are drawn from. Knows no batch.

Each stream is independent of the others: drawing more from one never changes what comes from another. What a stream
gives depends only on the run's seed and on the numbers (step, rank, epoch) that are passed, so resuming needs no state.
"""

from __future__ import annotations

from enum import IntEnum, unique

import numpy as np


@unique
class SeedStream(IntEnum):
    """What a stream of random numbers decides. Values must never change: they are part of every run's seed."""

    EPOCH_ORDER = 1
    VIDEOS = 2
    STILLS = 3
    SENTENCES = 4
    LABEL_CLIPS = 5
    CONTRASTED = 6
    YES_NO = 7
    QUESTIONS = 8
    COMPOSITES = 9
    LABEL_QUESTIONS = 10
    EVERYDAY = 11
    TRANSLATIONS = 12
    CHINESE_SEARCH = 13
    CHINESE_DECODER = 14


def open_stream(seed: int, stream: SeedStream, *numbers: int) -> np.random.Generator:
    """The generator of one stream, at its beginning.

    Args:
        seed: the run's.
        numbers: where in the run, such as (step, rank) or (epoch,); none for what is drawn once a run.
    """
    return np.random.default_rng((seed, int(stream), *numbers))
