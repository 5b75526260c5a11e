"""How a library in a folder grows: inserting, opening, searching and memory, from 10,000 to 1,000,000 vectors.

Each clip has a vector of its own and nine of its segments. Beside each search stands a bare float32 matrix product over
the same vectors in the same run, and, with --approximate, three approximate indexes: each with the setting that is the
fastest of those that find 98 % of the ten nearest vectors. Vectors are of two kinds: drawn evenly, the hardest case,
and `near`, where they lie about a surface of 32 dimensions, as vectors of a model rather do.

python -m benchmarks.library_curve      exits 1 if a search among 100,000 or more takes over twice a product
python -m benchmarks.library_curve --approximate --most 100000      needs hnswlib, faiss-cpu and usearch
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.library import DIMENSION, HITS, MAX_RATIO, SEGMENTS, make_clips
from videobert_demo.library.opening import open_library

SIZES = (10_000, 100_000, 300_000, 1_000_000)
QUERIES = 30
INNER_DIMENSION = 32
NEAREST, RECALL = 10, 0.98
LEAST_JUDGED = 100_000
"""Below, a product takes less than what any call costs."""


def make_vectors(count: int, *, near: bool) -> NDArray[np.float32]:
    """Unit vectors (count, DIMENSION), of one of the two kinds."""
    random = np.random.default_rng(0)
    if near:
        surface = random.standard_normal((INNER_DIMENSION, DIMENSION), dtype=np.float32)
        vectors = random.standard_normal((count, INNER_DIMENSION), dtype=np.float32) @ surface
        vectors += random.standard_normal((count, DIMENSION), dtype=np.float32)
    else:
        vectors = random.standard_normal((count, DIMENSION), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def make_queries(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit vectors (QUERIES, DIMENSION), each a little beside one of the vectors."""
    chosen = vectors[:: len(vectors) // QUERIES][:QUERIES]
    moved = chosen + 0.03 * np.random.default_rng(1).standard_normal(chosen.shape, dtype=np.float32)
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


def resident_bytes() -> int:
    """What the process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def time_library(vectors: NDArray[np.float32], location: Path) -> dict[str, float]:
    """Fills a library, opens it, and searches."""
    start = time.perf_counter()
    with open_library(location, model="benchmark", dimension=DIMENSION) as library:
        for clip in make_clips(vectors):
            library.add(clip)
    inserting = time.perf_counter() - start
    size = sum(path.stat().st_size for path in location.iterdir())
    before = resident_bytes()
    start = time.perf_counter()
    with open_library(location, model="benchmark", dimension=DIMENSION) as library:
        opening = time.perf_counter() - start
        held = resident_bytes() - before
        product, search = [], []
        for query in make_queries(vectors):
            start = time.perf_counter()
            vectors @ query
            middle = time.perf_counter()
            library.search(query, HITS)
            product.append(middle - start)
            search.append(time.perf_counter() - middle)
    return {
        "vectors/s inserted": len(vectors) / inserting,
        "opened, s": opening,
        "search, ms": 1000 * statistics.median(search),
        "product, ms": 1000 * statistics.median(product),
        "ratio": statistics.median(search) / statistics.median(product),
        "memory, MB": held / 2**20,
        "on disk, MB": size / 2**20,
    }


def time_approximate(vectors: NDArray[np.float32]) -> None:
    """Prints, for each index, building time, and the fastest search with enough recall beside a matrix product."""
    queries = make_queries(vectors)
    times, exact = [], []
    for query in queries:
        start = time.perf_counter()
        similar = vectors @ query
        times.append(time.perf_counter() - start)
        exact.append(set(np.argpartition(-similar, NEAREST)[:NEAREST].tolist()))
    product = statistics.median(times)
    for name, make in (("faiss IVF", make_faiss), ("hnswlib", make_hnswlib), ("usearch", make_usearch)):
        start = time.perf_counter()
        settings = make(vectors)
        built = None
        found = "not reached"
        for label, search in settings:
            built = built or time.perf_counter() - start
            times, right = [], 0
            for query, wanted in zip(queries, exact, strict=True):
                start = time.perf_counter()
                rows = search(query)
                times.append(time.perf_counter() - start)
                right += len(wanted & set(rows))
            recall = right / (NEAREST * len(queries))
            if recall >= RECALL:
                faster = product / statistics.median(times)
                found = f"{label}: recall {recall:.3f}, {faster:6.1f} times as fast as a product"
                break
        print(f"    {name:10} built in {built:7.1f} s; {found}", flush=True)


Search = Callable[[NDArray[np.float32]], list[int]]


def make_faiss(vectors: NDArray[np.float32]) -> Iterator[tuple[str, Search]]:
    """An inverted file; the search looks into more and more of its lists."""
    import faiss

    faiss.omp_set_num_threads(1)
    lists = int(2 * len(vectors) ** 0.5)
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(DIMENSION), DIMENSION, lists, faiss.METRIC_INNER_PRODUCT)
    index.train(vectors[np.random.default_rng(0).permutation(len(vectors))[: 40 * lists]])
    index.add(vectors)
    for probes in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512):
        index.nprobe = probes
        yield f"{lists} lists, {probes} looked into", lambda query: index.search(query[None], NEAREST)[1][0].tolist()


def make_hnswlib(vectors: NDArray[np.float32]) -> Iterator[tuple[str, Search]]:
    """A graph; the search keeps more and more candidates."""
    import hnswlib

    index = hnswlib.Index(space="ip", dim=DIMENSION)
    index.init_index(max_elements=len(vectors), M=16, ef_construction=100)
    index.set_num_threads(1)
    index.add_items(vectors)
    for width in (10, 20, 40, 80, 160, 320, 640):
        index.set_ef(width)
        yield f"ef {width}", lambda query: index.knn_query(query, NEAREST)[0][0].tolist()


def make_usearch(vectors: NDArray[np.float32]) -> Iterator[tuple[str, Search]]:
    """Another graph, with half precision."""
    from usearch.index import Index

    index: Any = Index(ndim=DIMENSION, metric="ip", dtype="f16", connectivity=16, expansion_add=100)
    index.add(np.arange(len(vectors)), vectors, threads=1)
    for width in (10, 20, 40, 80, 160, 320, 640):
        index.expansion_search = width
        yield f"expansion {width}", lambda query: index.search(query, NEAREST, threads=1).keys.tolist()


def main() -> int:
    """Measures and prints; returns the exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the most vectors")
    parser.add_argument("--approximate", action="store_true", help="compare approximate indexes instead")
    parsed = parser.parse_args()
    worst = 0.0
    for count in (size for size in SIZES if size <= parsed.most):
        if parsed.approximate:
            for near in (False, True):
                print(f"{count:,} vectors, {'near a surface' if near else 'drawn evenly'}", flush=True)
                time_approximate(make_vectors(count, near=near))
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = time_library(
                make_vectors(count // (1 + SEGMENTS) * (1 + SEGMENTS), near=True), Path(folder) / "library"
            )
        if count >= LEAST_JUDGED:
            worst = max(worst, found["ratio"])
        print(f"{count:>9,} vectors  " + "  ".join(f"{name} {value:,.2f}" for name, value in found.items()), flush=True)
    if not parsed.approximate:
        print(f"worst ratio {worst:.2f} (limit: at most {MAX_RATIO:g})")
    return int(worst > MAX_RATIO)


if __name__ == "__main__":
    sys.exit(main())
