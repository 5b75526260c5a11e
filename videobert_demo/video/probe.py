"""Says what a clip is, after checking that it can be shown: lists its packets and decodes its first picture.

Knows how to describe a clip; knows nothing about sampling.
"""

from __future__ import annotations

import os

import numpy as np

from videobert_demo.errors import UnreadableClipError
from videobert_demo.types import ClipInfo, ClipLimits
from videobert_demo.video.container import OpenClip, open_file
from videobert_demo.video.geometry import orientation_of, shown_size
from videobert_demo.video.packets import PacketTable, scan_packets
from videobert_demo.video.pictures import Picture, read_pictures
from videobert_demo.video.sampling import PacketRun
from videobert_demo.video.source import Deadline


def probe(path: str | os.PathLike[str], limits: ClipLimits) -> ClipInfo:
    """Finds out what a clip is. The whole file is read, and one picture decoded.

    Args:
        path: A video file.
        limits: What the clip may cost.

    Returns:
        What the clip is; the duration and the number of frames are counted, not taken from a header.

    Raises:
        ClipError: The clip cannot be used; `container.open_clip` and `packets.scan_packets` list the reasons.
    """
    with open_file(path, limits, Deadline()) as file:
        with file.open() as clip:
            table = scan_packets(clip)
        with file.open() as clip:
            first_key = int(np.argmax(table.is_keyframe))
            everything = PacketRun(0, len(table.seconds) - 1, frozenset({first_key}))
            for _, picture in read_pictures(clip, table, [everything]):
                return describe(clip, table, picture)
            raise no_picture_error(clip)


def describe(clip: OpenClip, table: PacketTable, picture: Picture) -> ClipInfo:
    """Puts together what is known of a clip.

    Args:
        clip: The clip.
        table: Its packets.
        picture: Any picture of it.
    """
    orientation = orientation_of(picture.frame)
    aspect = clip.stream.sample_aspect_ratio
    width, height = shown_size(picture.frame.width, picture.frame.height, aspect, orientation)
    return ClipInfo(
        container=clip.container_format.name,
        codec=clip.container_format.unpacked_codec or clip.stream.codec_context.codec.canonical_name,
        width=width,
        height=height,
        duration_seconds=table.duration_seconds,
        frames_per_second=table.frames_per_second,
        frame_count=table.frame_count,
        rotation_degrees=orientation.rotation_degrees,
        size_bytes=clip.size_bytes,
    )


def no_picture_error(clip: OpenClip) -> UnreadableClipError:
    """The error for a clip of which no packet could be decoded."""
    codec = clip.stream.codec_context.codec.canonical_name
    return UnreadableClipError(
        "None of the frames of {name} can be decoded ({codec}): it is damaged or protected; "
        "save or download it again, or convert it to an MP4 with H.264.",
        name=clip.shown_name,
        codec=codec,
    )
