"""Compares the approximate index of a library in a folder with the exact search of the same library, in the same run.

Each clip has a vector of its own and nine of its segments, near it as real ones are. Searches lie as far from the clips
as sentences do (`near 0.55`), or nearer. Exact, approximate and a bare float32 matrix product over all vectors take
turns, and their times are the processor's, so that other processes do not count. A clip is found if its score is among
the exact 12 best.

OMP_NUM_THREADS=1 python -m benchmarks.library_graph --clips 30000
                                                      exits 1 below 98 % of the best clips, or 5 times as fast
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.library import DIMENSION, HITS, SEGMENTS, make_clips
from benchmarks.library_curve import INNER_DIMENSION, resident_bytes
from videobert_demo.library import graphed
from videobert_demo.library.approximate import RECALL, recall_of
from videobert_demo.library.graphed import GraphedLibrary

FASTER = 5.0
QUERIES, LIMIT = 60, 48
NOISES = (0.7, 1.5)
"""Lengths of what is added to a clip's vector to make a search: cosines of 0.82 and 0.55."""
NEARNESS = 0.5
"""How far segments are from their clip: a cosine of about 0.86."""
BLOCK = 1000


def make_rows(clips: int) -> NDArray[np.float32]:
    """Unit vectors (clips * (1 + SEGMENTS), DIMENSION) about a surface of 32 dimensions, clip after clip."""
    random = np.random.default_rng(0)
    surface = random.standard_normal((INNER_DIMENSION, DIMENSION), dtype=np.float32)
    vectors = np.empty((clips, 1 + SEGMENTS, DIMENSION), np.float32)
    for start in range(0, clips, BLOCK):
        block = vectors[start : start + BLOCK]
        block[:] = random.standard_normal((*block.shape[:2], INNER_DIMENSION), dtype=np.float32) @ surface
        block += random.standard_normal(block.shape, dtype=np.float32)
        block /= np.linalg.norm(block, axis=2, keepdims=True)
        block[:, 1:] = NEARNESS * block[:, 1:] + (1 - NEARNESS**2) ** 0.5 * block[:, :1]
        block /= np.linalg.norm(block, axis=2, keepdims=True)
    return vectors.reshape(-1, DIMENSION)


def make_searches(vectors: NDArray[np.float32], noise: float) -> NDArray[np.float32]:
    """Unit vectors (QUERIES, DIMENSION), each beside the vector of a clip."""
    random = np.random.default_rng(3)
    wholes = vectors[:: 1 + SEGMENTS]
    moved = wholes[random.choice(len(wholes), QUERIES)]
    moved = moved + noise * random.standard_normal(moved.shape) / DIMENSION**0.5
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


def measure(library: GraphedLibrary, vectors: NDArray[np.float32], noise: float) -> tuple[float, float]:
    """Prints one line; returns recall, and how many times as fast as the exact search."""
    seconds: dict[str, list[float]] = {"product": [], "exact": [], "approximate": []}
    exact, found = [], []
    for query in make_searches(vectors, noise):
        times = [time.thread_time()]
        vectors @ query
        times.append(time.thread_time())
        exact.append(library._index.rank(query, LIMIT))
        times.append(time.thread_time())
        found.append(library.rank(query, LIMIT))
        times.append(time.thread_time())
        for name, start, end in zip(seconds, times, times[1:], strict=False):
            seconds[name].append(1000 * (end - start))
    product, slow, fast = (statistics.median(seconds[name]) for name in seconds)
    recall, least = recall_of(found, exact, HITS), statistics.mean(ranked[0].score for ranked in exact)
    print(
        f"    best score {least:.2f}: recall {recall:.3f}, {slow / fast:6.1f} times as fast as exact "
        f"({fast:.2f} ms; exact {slow:.2f} ms; product {product:.2f} ms)",
        flush=True,
    )
    return recall, slow / fast


def main() -> int:
    """Measures and prints; returns the exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", type=int, nargs="+", default=[30_000], help="libraries of so many clips")
    parser.add_argument("--threads", type=int, default=1, help="how many build the index")
    parsed = parser.parse_args()
    graphed.LEAST_VECTORS = 0  # the command refuses to build one for so few
    worst = (1.0, float("inf"))
    for clips in parsed.clips:
        vectors = make_rows(clips)
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "library"
            with GraphedLibrary(folder, model="benchmark", dimension=DIMENSION) as library:
                for clip in make_clips(vectors):
                    library.add(clip)
                start = time.perf_counter()
                quality = library.build_graph(parsed.threads)
                building = time.perf_counter() - start
            size = sum(path.stat().st_size for path in folder.glob("library.graph-*")) / 2**20
            start, before = time.perf_counter(), resident_bytes()
            with GraphedLibrary(folder, model="benchmark", dimension=DIMENSION) as library:
                print(
                    f"{len(vectors):,} vectors: index built in {building:.0f} s, {size:.0f} MB, width {quality.width}; "
                    f"opened in {time.perf_counter() - start:.1f} s, {(resident_bytes() - before) / 2**20:.0f} MB held"
                )
                for noise in NOISES:
                    recall, faster = measure(library, vectors, noise)
                    worst = min(worst[0], recall), min(worst[1], faster)
    print(f"worst recall {worst[0]:.3f} (at least {RECALL:g}), {worst[1]:.1f} times as fast (at least {FASTER:g})")
    return int(worst[0] < RECALL or worst[1] < FASTER)


if __name__ == "__main__":
    sys.exit(main())
