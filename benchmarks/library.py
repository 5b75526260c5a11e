"""Times a search in a library of 100,000 vectors against a bare float32 matrix product over the same vectors.

The library is one in a folder, as the app uses it: 10,000 clips, each with a vector of the whole clip, nine of its
segments, and a thumbnail. A search returns the 12 best clips, near-duplicates folded, with what is shown of them. Both
are timed in turn, so that they see the same machine. Clips are inserted one per call, as indexing does it.

python -m benchmarks.library      prints both, their ratio and the insert rate; exits 1 if the ratio is above 2
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from videobert_demo.library.entries import make_thumbnail
from videobert_demo.library.opening import open_library
from videobert_demo.types import EncodedClip, LibraryEntry

CLIPS, SEGMENTS, DIMENSION = 10_000, 9, 384
QUERIES, HITS = 60, 12
MAX_RATIO = 2.0


def make_clips(vectors: NDArray[np.float32]) -> Iterator[EncodedClip]:
    """Makes clips of these vectors (N * (1 + SEGMENTS), DIMENSION); a clip's first one is of the whole clip."""
    texture = np.random.default_rng(1).integers(0, 256, (18, 32, 3), dtype=np.uint8)
    thumbnail = make_thumbnail(texture.repeat(8, axis=0).repeat(8, axis=1))
    starts = np.arange(SEGMENTS, dtype=np.float64)
    seconds = np.stack([starts, starts + 1], axis=1)
    for number, rows in enumerate(vectors.reshape(-1, 1 + SEGMENTS, DIMENSION)):
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        entry = LibraryEntry(digest, f"clip {number}", float(SEGMENTS), thumbnail, f"clip {number}.mp4")
        yield EncodedClip(entry, rows[0], rows[1:], seconds)


def main() -> int:
    """Measures and prints; returns the exit status."""
    random = np.random.default_rng(0)
    vectors = random.standard_normal((CLIPS * (1 + SEGMENTS), DIMENSION), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    queries = vectors[:: len(vectors) // QUERIES][:QUERIES] + 0.03 * random.standard_normal((QUERIES, DIMENSION))
    queries = (queries / np.linalg.norm(queries, axis=1, keepdims=True)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        location = Path(folder) / "library"
        with open_library(location, model="benchmark", dimension=DIMENSION) as library:
            start = time.perf_counter()
            for clip in make_clips(vectors):
                library.add(clip)
            inserting = time.perf_counter() - start
        start = time.perf_counter()
        with open_library(location, model="benchmark", dimension=DIMENSION) as library:
            opening = time.perf_counter() - start
            size = sum(path.stat().st_size for path in location.iterdir()) / 2**20
            product, search, wrong = [], [], 0
            for query in queries:
                start = time.perf_counter()
                similar = vectors @ query
                middle = time.perf_counter()
                hits = library.search(query, HITS)
                end = time.perf_counter()
                product.append(middle - start)
                search.append(end - middle)
                by_clip = similar.reshape(CLIPS, 1 + SEGMENTS)
                best = float(((by_clip[:, 0] + by_clip[:, 1:].max(axis=1)) / 2).max())
                wrong += len(hits) != HITS or abs(hits[0].score - best) > 1e-5
    bare, ours = statistics.median(product), statistics.median(search)
    print(f"inserted            {len(vectors) / inserting:8.0f} vectors/s   ({CLIPS / inserting:.0f} clips/s)")
    print(f"opened in           {opening:8.2f} s   ({len(vectors):,} vectors, {size:.0f} MB)")
    print(f"search, p50         {1000 * ours:8.2f} ms   (best hit wrong: {wrong} of {QUERIES})")
    print(f"matrix product, p50 {1000 * bare:8.2f} ms")
    print(f"ratio               {ours / bare:8.2f}   (limit: at most {MAX_RATIO:g})")
    return 0 if ours / bare <= MAX_RATIO and wrong == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
