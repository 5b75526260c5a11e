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


def intra_refreshed(path: Path) -> Path:
    """H.264 of 8 seconds without a keyframe after the first: a column of the picture is refreshed after another."""
    numbers = [number // 4 for number in range(200)]
    options = {"x264-params": "intra-refresh=1:keyint=25", "preset": "veryfast"}
    return encode(path, "libx264", numbers=numbers, size=(640, 360), keyframe_interval=25, options=options)


def cut_at_packet(path: Path, whole: Path, fraction: float, *, bytes_off: int = 0) -> Path:
    """The rest of a transport stream from a packet in its middle on.

    Args:
        path: Where to write.
        whole: The stream.
        fraction: How much of it is left out.
        bytes_off: How many bytes of the packet before are kept.
    """
    data = whole.read_bytes()
    packet = round(fraction * len(data) / 188)
    path.write_bytes(data[188 * packet - bytes_off :])
    return path
