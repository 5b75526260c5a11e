"""Streams as recorders, cutters and joiners leave them.

Every function writes one file of pictures that show their number (make_clips.picture). Knows nothing about the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.resources.make_clips import encode


def joined(
    path: Path, codec: str, parts: Sequence[range], *, starts_seconds: Sequence[float] = (), **choices: Any
) -> Path:
    """Streams one after another in one file, as `cat a.ts b.ts` does: every part has a clock of its own.

    Args:
        path: Where to write.
        codec: FFmpeg's name of the encoder.
        parts: The numbers that each part shows.
        starts_seconds: Where each part's clock starts; by default all at the container's usual value.
        choices: More for make_clips.encode.
    """
    pieces = []
    for place, numbers in enumerate(parts):
        offset = {"output_ts_offset": str(starts_seconds[place])} if starts_seconds else {}
        part = path.with_name(f"{place}_{path.name}")
        encode(part, codec, numbers=numbers, container_options=offset, **choices)
        pieces.append(part.read_bytes())
        part.unlink()
    path.write_bytes(b"".join(pieces))
    return path
