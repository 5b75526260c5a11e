"""Chooses the picture track of a container that a player would play. Knows tracks; knows nothing about pictures."""

from __future__ import annotations

from collections import Counter

import av
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.video.stream import VideoStream

from videobert_demo.errors import NoVideoStreamError, UnsupportedClipError
from videobert_demo.video.formats import SOUND_ONLY

PEEKED_PACKETS = 2000
"""How many packets are read to find out which of several tracks is a still."""


def picture_tracks(source: InputContainer, name: str) -> list[VideoStream]:
    """The tracks with pictures that can be decoded, at least one; covers and tiles are not among them.

    Args:
        source: The open container.
        name: The clip, for messages.

    Raises:
        NoVideoStreamError: There is none but covers.
        UnsupportedClipError: There are only tiles (HEIC), or no decoder for any of the tracks.
    """
    tracks = [stream for stream in source.streams.video if not stream.disposition & Disposition.attached_pic]
    if not tracks:
        raise NoVideoStreamError(SOUND_ONLY, name=name)
    whole = [stream for stream in tracks if not stream.disposition & Disposition.dependent]
    if not whole:
        raise UnsupportedClipError(
            "{name} stores its picture in tiles, which cannot be joined here; save it as a JPEG.", name=name
        )
    decodable = [stream for stream in whole if stream.codec_context is not None]
    if not decodable:
        raise UnsupportedClipError(
            "{name} uses a codec that has no decoder here; convert it to an MP4 with H.264.", name=name
        )
    return decodable


def main_track(source: InputContainer, tracks: list[VideoStream]) -> int:
    """The index of the track that a player would play, of those of `picture_tracks`. Uses up the container.

    A track with more than one picture comes before a still; then the default one, the largest, and the first.
    """
    frames = _count_frames(source, tracks)

    def rank(stream: VideoStream) -> tuple[bool, bool, int, int]:
        is_default = bool(stream.disposition & Disposition.default)
        area = stream.codec_context.width * stream.codec_context.height
        return frames[stream.index] > 1, is_default, area, -stream.index

    return max(tracks, key=rank).index


def _count_frames(source: InputContainer, tracks: list[VideoStream]) -> Counter[int]:
    """How many pictures each track has at the beginning of the file, by its index."""
    wanted = {stream.index for stream in tracks}
    for stream in source.streams:
        if stream.index not in wanted:
            stream.discard = Discard.all
    counts: Counter[int] = Counter()
    demuxed = source.demux(tracks)
    for _ in range(PEEKED_PACKETS):
        try:
            packet = next(demuxed, None)
        except (av.FFmpegError, OSError, IndexError):
            break
        if packet is None:
            break
        if packet.size > 0:
            counts[packet.stream.index] += 1
    return counts
