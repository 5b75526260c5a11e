"""Where to find a library: in a folder, on a Milvus server, or in memory for one visitor.

A folder holds one SQLite file whose vectors are searched exactly in memory (`embedded`), or by a graph where one was
built (`graphed`); a URI names a Milvus server or cluster (`server`). docs/scale.md compares the stores that were
measured before this choice; `benchmarks/library.py` measures the library as it is.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from videobert_demo.library.base import Library
from videobert_demo.library.embedded import EmbeddedLibrary
from videobert_demo.library.graphed import GraphedLibrary

_URI = re.compile(r"(https?|tcp|unix)://?\S+", re.IGNORECASE)


def open_library(
    location: str | os.PathLike[str], *, model: str, dimension: int, token: str = "", create: bool = True
) -> Library:
    """Opens a lasting library.

    Args:
        location: a folder, or the URI of a Milvus server or cluster, such as http://localhost:19530.
        model: fingerprint of the checkpoint that makes the vectors; those of two checkpoints cannot be compared.
        dimension: length of the vectors.
        token: "user:password" or an API key, for a server.
        create: whether a folder or a server without a library gets one; otherwise it is refused.

    Raises:
        LibraryError: nothing can be opened there, or it belongs to another checkpoint.
    """
    text = os.fspath(location)
    if is_server(text):
        from videobert_demo.library.server import ServerLibrary  # pymilvus takes a second to import

        return ServerLibrary(text, model=model, dimension=dimension, token=token, create=create)
    return GraphedLibrary(Path(text), model=model, dimension=dimension, create=create)


def is_server(location: str) -> bool:
    """Whether a location is the URI of a server rather than a folder."""
    return _URI.fullmatch(location) is not None


def open_temporary_library(*, dimension: int) -> Library:
    """An empty library in memory, for one visitor: closing it forgets all, the files that it kept included."""
    return EmbeddedLibrary(None, model="temporary", dimension=dimension)
