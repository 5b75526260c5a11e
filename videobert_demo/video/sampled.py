"""A clip after decoding: what is known of it, its sampled frames, and the hash of its bytes. Knows no model.

It needs no PyTorch, so a process that only decodes stays small.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

from videobert_demo.errors import UnreadableClipError
from videobert_demo.types import ClipInfo, ClipLimits, Frames
from videobert_demo.video.container import open_regular_file, shown_name
from videobert_demo.video.decode import read_clip

DISPLAY_SIDE = 480


@dataclass(frozen=True, slots=True, eq=False)
class SampledClip:
    """A clip, or a part of it, whose frames have been taken.

    Attributes:
        content_hash: SHA-256 of the file's bytes, hexadecimal; of a part of the clip its start and end follow.
        frames: long side at most `DISPLAY_SIDE` pixels.
    """

    content_hash: str
    info: ClipInfo
    frames: Frames


def sample_clip(path: str | os.PathLike[str], count: int, limits: ClipLimits) -> SampledClip:
    """Takes up to `count` frames of a whole clip.

    Raises:
        ClipError: the file is no clip that can be read within the limits.
    """
    digest = hash_file(path, limits.max_bytes)
    return SampledClip(digest, *read_clip(path, count, limits=limits, max_side=DISPLAY_SIDE))


def hash_file(path: str | os.PathLike[str], max_bytes: int) -> str:
    """SHA-256 of a file's first `max_bytes` + 1 bytes: a larger file is refused later, by its size.

    Raises:
        UnreadableClipError: it is missing, may not be read, or is a folder, a device, a pipe or an address.
    """
    digest = hashlib.sha256()
    remaining = max_bytes + 1
    name = shown_name(path)
    try:
        with open_regular_file(path, name) as file:
            while remaining > 0 and (block := file.read(min(1 << 20, remaining))):
                digest.update(block)
                remaining -= len(block)
    except OSError as error:
        raise UnreadableClipError("{name} cannot be read; check its disk or its connection.", name=name) from error
    return digest.hexdigest()
