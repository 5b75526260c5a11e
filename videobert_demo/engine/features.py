"""Computes training features on a cluster: frames are read and cut on CPUs, the encoder has processes of its own.

The files are those of `training.features`, written by this process in the same batches and order, so a run that was
ended goes on with either engine, and the numbers are the same. All machines must have the data's folder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm.auto import tqdm

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.engine.cluster import Connect
from videobert_demo.engine.pipeline import LostError, run
from videobert_demo.errors import DataError
from videobert_demo.training.feature_sets import open_looker
from videobert_demo.training.features import (
    VIDEOS_PER_BATCH,
    FeatureFiles,
    FrameReader,
    Looker,
    encode_batch,
    grid_of,
    read_batch,
)

Parts = list[tuple[NDArray[np.float16], NDArray[np.float16]]]


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    """The videos of one batch in one view; `first` is the number of the first among all."""

    view: int
    first: int
    videos: tuple[CaptionedVideo, ...]


def compute_on_cluster(
    connect: Connect,
    checkpoint: str | None,
    videos: list[CaptionedVideo],
    archive: FrameReader,
    looker: Looker,
    out: Path,
    *,
    views: int = 1,
    grid: int | Sequence[int] = 4,
    seed: int = 0,
) -> None:
    """As `compute_features`.

    Args:
        connect: gives the cluster; it is not asked for if nothing is left to do.
        checkpoint: whose frame encoder each process loads, as `open_looker` takes it.

    Raises:
        DataError: `out` holds features of other videos or settings, or a batch ends every process that has it.
    """
    files = FeatureFiles(videos, looker, out, views, grid, seed)
    batches = [_Batch(view, first, tuple(videos[first : first + VIDEOS_PER_BATCH])) for view, first in files.batches]
    if not batches:
        return
    blind = replace(looker, tower=nn.Identity())  # reading needs no weights
    results = run(
        connect(),
        batches,
        partial(_read, archive=archive, looker=blind, seed=seed),
        partial(_make_encoder, checkpoint, grid_of(grid)),
        block=1,
    )
    for batch, parts in tqdm(results, desc=f"features of {out.name}", unit="batch", total=len(batches)):
        if isinstance(parts, LostError):
            name = batch.videos[0].video_id
            raise DataError(f"The batch that begins with {name} ends every process that works on it ({parts}).")
        files.write(batch.view, batch.first, parts)


def _read(batch: _Batch, *, archive: FrameReader, looker: Looker, seed: int) -> list[Tensor]:
    return read_batch(batch.videos, archive, looker, batch.view, batch.first, seed)


def _make_encoder(checkpoint: str | None, grid: tuple[int, int]) -> Callable[[list[Tensor]], Parts]:
    return partial(_encode, open_looker(checkpoint)[0].tower, grid)


def _encode(tower: nn.Module, grid: tuple[int, int], images: list[Tensor]) -> Parts:
    return list(encode_batch(tower, images, grid))
