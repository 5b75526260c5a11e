"""Ranks the clips of a large library by a graph, and tells how well it does so. Knows arrays; knows no store.

A clip's score is half the whole clip's similarity and half its best segment's. That is its best product with one of

    (whole + segment) / 2        one for each segment: the vectors of the graph

so the graph finds the clips, and what it finds is compared exactly. Clips that are newer than the graph are compared
one and all, and removed ones are left out, so an old graph is slower and never wrong.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from videobert_demo.library.graph import Graph
from videobert_demo.library.ranking import Ranked
from videobert_demo.library.resident import ResidentIndex

LEAST_VECTORS = 200_000
"""Fewer are searched exactly: a graph is less than five times as fast then (docs/scale.md)."""
RECALL = 0.98
"""How many of the best clips a graph must find."""
WIDTHS = (128, 256, 512, 1024, 2048)
"""How many vectors are asked for, at least: the first of these with which enough of the best clips are found."""
_SEGMENTS_BITS = 20
_CLIPS_A_BLOCK = 256
_SHARE_SEARCHED = 16
_TRIED, _LIMIT = 64, 48
_NOISE = 1.5
_EQUAL = 1e-6


@dataclass(frozen=True, slots=True)
class Quality:
    """How a graph did on made-up searches of its own library.

    Attributes:
        width: how many vectors have to be asked for.
        recall: how many of the 12 best clips were found then, 0 to 1.
        faster: how many times as fast as the exact search, in processor time of one thread.
    """

    width: int
    recall: float
    faster: float


class ApproximateRanking:
    """Ranks clips by a graph of them.

    Args:
        graph: as `build` makes it.
        last_number: the highest number of a clip when it was built.
        width: how many vectors are asked for, at least.
    """

    def __init__(self, graph: Graph, last_number: int, width: int) -> None:
        self._graph, self.last_number, self._width = graph, last_number, width
        self._vectors_a_clip = 4.0  # of those that are found; from search to search

    def rank(self, clips: ResidentIndex, vector: NDArray[np.float32], limit: int) -> list[Ranked]:
        """As `ResidentIndex.rank`, of all clips; exact where so many are wanted that a graph gains nothing."""
        count = max(self._width, int(self._vectors_a_clip * limit))
        while count <= len(self._graph) // _SHARE_SEARCHED:
            numbers = np.unique(self._graph.nearest(vector, count) >> _SEGMENTS_BITS)
            living = clips.count_among(numbers)
            self._vectors_a_clip = max(1.0, 1.25 * count / max(living, 1))
            if living >= limit:
                return clips.rank(vector, limit, numbers, self.last_number)
            count = max(2 * count, int(self._vectors_a_clip * limit))
        return clips.rank(vector, limit)


def build(clips: ResidentIndex, threads: int, tell: Callable[[int], object]) -> tuple[Graph, int]:
    """Builds the graph of all clips; returns it with the highest number among them.

    Args:
        threads: how many build it.
        tell: is called with the number of clips that were just added.
    """
    graph, last_number = Graph(clips.dimension), -1
    for numbers, vectors, begins in clips.blocks(_CLIPS_A_BLOCK):
        counts = np.diff(begins, append=len(vectors)) - 1  # segments of each clip
        places = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)  # of each within its clip
        wholes = np.repeat(begins, counts)
        mixed = (vectors[wholes] + vectors[wholes + 1 + places]) / 2
        graph.add(np.repeat(numbers << _SEGMENTS_BITS, counts) + places, mixed, threads)
        last_number = max(last_number, int(numbers.max()))
        tell(len(numbers))
    return graph, last_number


def judge(graph: Graph, last_number: int, clips: ResidentIndex) -> Quality:
    """Finds how many vectors have to be asked for, by searches whose exact answers are known.

    A made-up search lies as far from the clips as those of sentences do: a clip's vector and noise of 1.5 times its
    length, a cosine of about 0.55.

    Returns:
        The quality at the first width that finds enough, or else at the last.
    """
    random = np.random.default_rng(0)
    noise = random.standard_normal((_TRIED, clips.dimension)) * _NOISE / clips.dimension**0.5
    searches = clips.draw(random, _TRIED) + noise
    searches = (searches / np.linalg.norm(searches, axis=1, keepdims=True)).astype(np.float32)
    exact, exact_seconds = _search(clips.rank, searches)
    quality = Quality(0, 0.0, 0.0)
    for width in WIDTHS:
        ranking = ApproximateRanking(graph, last_number, width)
        found, seconds = _search(partial(ranking.rank, clips), searches)
        recall = recall_of(found, exact)
        quality = Quality(width, recall, exact_seconds / seconds)
        if recall >= RECALL:
            break
    return quality


def recall_of(found: Sequence[Sequence[Ranked]], exact: Sequence[Sequence[Ranked]], count: int = 12) -> float:
    """How many of the best `count` clips of exact rankings were found, 0 to 1; one with an equal score counts."""
    right = wanted = 0
    for one, best in zip(found, exact, strict=True):
        least = best[:count][-1].score - _EQUAL
        wanted += len(best[:count])
        right += sum(clip.score >= least for clip in one[:count])
    return right / wanted


def _search(
    rank: Callable[[NDArray[np.float32], int], list[Ranked]], searches: NDArray[np.float32]
) -> tuple[list[list[Ranked]], float]:
    """What each of the vectors (n, D) finds, and the median of the seconds that one takes."""
    found, seconds = [], []
    for vector in searches:
        start = time.thread_time()  # other processes may have the cores meanwhile
        found.append(rank(vector, _LIMIT))
        seconds.append(time.thread_time() - start)
    return found, statistics.median(seconds)
