"""Where to find a library: in a folder, on a Milvus server, or in memory for one visitor.

A folder holds one SQLite file whose vectors are searched exactly in memory (`embedded`); a URI names a Milvus server or
cluster (`server`).

What was measured before choosing the embedded one,
on two busy cores with one thread each, Python 3.11, 100,000 vectors of 384 numbers, the 20 nearest, each beside a
bare float32 matrix product over the same vectors in the same run; recall is against the exact answer, and after
`kill -9` in the middle of inserting all acknowledged vectors were there in every store that got so far:

    store                     search / product   recall   inserts/s   installed   packages
    SQLite + resident matrix              1.04     1.00       9,200        0 MB          0
    Chroma 1.5 (HNSW)                     0.47     0.21         280      418 MB         83
    zvec 0.8 (flat)                       2.7      1.00       3,100       45 MB          1
    DuckDB 2.0 (inner product)           10        1.00       2,100       68 MB          1
    LanceDB 0.40 (flat)                  20        1.00           -      373 MB         16
    Milvus Lite 3.2 (flat)        20 to 229        1.00       1,300      357 MB         19
    Milvus Lite 3.2 (HNSW)        28 to 193        1.00       5,000      357 MB         19
    Qdrant client 1.20 (local)    inserting took more than four minutes   45 MB         19
    sqlite-vec 0.1.9              does not load where Python's sqlite3 was built without extensions

Several processes may read and write one SQLite file at once, which Milvus Lite and zvec do not allow. The vectors were
random, the hardest case for HNSW. `benchmarks/library.py` measures the library as it is.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from videobert_demo.library.base import Library
from videobert_demo.library.embedded import EmbeddedLibrary

_URI = re.compile(r"(https?|tcp|unix)://?\S+", re.IGNORECASE)


def open_library(location: str | os.PathLike[str], *, model: str, dimension: int, token: str = "") -> Library:
    """Opens a lasting library, and makes it if it is not there.

    Args:
        location: a folder, or the URI of a Milvus server or cluster, such as http://localhost:19530.
        model: fingerprint of the checkpoint that makes the vectors; those of two checkpoints cannot be compared.
        dimension: length of the vectors.
        token: "user:password" or an API key, for a server.

    Raises:
        LibraryError: nothing can be opened there, or it belongs to another checkpoint.
    """
    text = os.fspath(location)
    if _URI.fullmatch(text):
        from videobert_demo.library.server import ServerLibrary  # pymilvus takes a second to import

        return ServerLibrary(text, model=model, dimension=dimension, token=token)
    return EmbeddedLibrary(Path(text), model=model, dimension=dimension)


def open_temporary_library(*, dimension: int) -> Library:
    """An empty library in memory, for one visitor: closing it forgets all, the files that it kept included."""
    return EmbeddedLibrary(None, model="temporary", dimension=dimension)
