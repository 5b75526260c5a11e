"""Decodes runs of packets into pictures, each with the moment at which it is shown.

Knows decoders; knows nothing about why these runs were chosen, about sizes or colours.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from videobert_demo.video.container import OpenClip
from videobert_demo.video.packets import PacketTable, packets_of
from videobert_demo.video.pixel_limits import check_pixels
from videobert_demo.video.sampling import PacketRun

PACKETS_AFTER_WANTED = 32
"""How many packets a ranked clip is decoded past a wanted one: more than any codec delays a picture."""

_MAX_THREADS = 4
_ONE_THREAD_PIXELS = 3840 * 2160
_GUARD_FACTOR, _GUARD_PIXELS = 4, 512 * 512
# In these codecs a packet that no other refers to can be left out without harm. In HEVC it cannot always: such a
# picture may still be referred to by a higher temporal layer.
_CODECS_WITH_DISPOSABLE_PICTURES = frozenset({"h264", "mpeg4", "mpeg2video", "mpeg1video"})
# FFmpeg's decoders of these codecs hold pictures back until all of the picture was refreshed, so that a run may begin
# without a keyframe (intra-refresh).
_CODECS_THAT_WAIT_FOR_SOUND_PICTURES = frozenset({"h264"})


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture as the codec gives it, not rotated.

    Attributes:
        seconds: When it comes on screen.
        frame: PyAV's frame.
    """

    seconds: float
    frame: VideoFrame


class UndecodableRunError(Exception):
    """The decoder made nothing, or nothing sound, of a run's beginning; it has to start at an earlier packet."""


def read_pictures(clip: OpenClip, table: PacketTable, runs: list[PacketRun]) -> Iterator[tuple[int, Picture]]:
    """Decodes runs in order. A freshly opened clip is needed, and is used up.

    Of every run come the pictures that the decoder gives, in the order of showing: the wanted ones, and those before
    them that the decoder does not leave out. Damaged packets give no picture.

    Args:
        clip: A clip of which no packet was read yet.
        table: Its packets.
        runs: What to decode, ordered and apart.

    Yields:
        The run's position in `runs`, and a picture.

    Raises:
        UndecodableRunError: A run that does not begin with the clip gave no picture, or, against what the container
            says, it does not begin with a keyframe.
        ClipTooManyPixelsError: A picture has too many pixels, against what the container says.
        UnreadableClipError: Reading took too long.
    """
    decoder = _set_up_decoder(clip, table)
    can_skip = decoder.name in _CODECS_WITH_DISPOSABLE_PICTURES and not table.is_ranked
    needs_keyframe = decoder.name not in _CODECS_THAT_WAIT_FOR_SOUND_PICTURES
    clock = _RankClock(table) if table.is_ranked else None
    position = 0
    is_begun = False
    for ordinal, packet in enumerate(packets_of(clip)):
        run = runs[position]
        if ordinal < run.first:
            continue
        if can_skip:
            decoder.skip_frame = "DEFAULT" if ordinal in run.wanted else "NONREF"
        frames = _decode(clip, packet)
        check_pixels(decoder.width, decoder.height, clip.max_pixels, clip.shown_name)
        is_last = ordinal == run.last
        if is_last:
            frames += _decode(clip, None)
        for frame in frames:
            if needs_keyframe and not is_begun and run.first > 0 and not frame.key_frame:
                raise UndecodableRunError
            is_begun = True
            check_pixels(frame.width, frame.height, clip.max_pixels, clip.shown_name)
            seconds = _seconds_of(frame, table) if clock is None else clock.seconds_of(frame)
            if seconds is not None:
                yield position, Picture(seconds, frame)
        if is_last:
            if not is_begun and run.first > 0:
                raise UndecodableRunError
            decoder.flush_buffers()
            position += 1
            is_begun = False
            if position == len(runs):
                return
    # The file ended before its list of packets did, or a damaged packet ended it: what the decoder holds is still good.
    for frame in _decode(clip, None):
        seconds = _seconds_of(frame, table) if clock is None else clock.seconds_of(frame)
        if seconds is not None:
            yield position, Picture(seconds, frame)


def _set_up_decoder(clip: OpenClip, table: PacketTable) -> VideoCodecContext:
    """The clip's decoder, with its threads and its guard against pictures that grow."""
    decoder = clip.stream.codec_context
    # A picture's rank in a ranked clip comes from the packet that pushed it out, which threads would blur.
    decoder.thread_type = "SLICE" if table.is_ranked else "AUTO"
    is_large = decoder.width * decoder.height > _ONE_THREAD_PIXELS
    decoder.thread_count = 1 if is_large else min(_MAX_THREADS, os.cpu_count() or 1)
    # Up to this size `read_pictures` refuses a picture with a sentence; FFmpeg itself refuses larger ones.
    decoder.options = {"max_pixels": str(_GUARD_FACTOR * clip.max_pixels + _GUARD_PIXELS)}
    return decoder


def _decode(clip: OpenClip, packet: Packet[VideoStream] | None) -> list[VideoFrame]:
    """What the decoder gives for one packet, or at the end for None; nothing if the packet is damaged."""
    clip.deadline.check(clip.shown_name)
    try:
        return clip.stream.codec_context.decode(packet)
    except (av.FFmpegError, MemoryError):
        return []


def _seconds_of(frame: VideoFrame, table: PacketTable) -> float | None:
    if frame.pts is None:
        return None
    return frame.pts * table.seconds_per_tick - table.zero_seconds


class _RankClock:
    """Times the pictures of a clip whose packets do not say when they are shown.

    A decoder that waits for d packets before its first picture gives the picture of rank r when it gets the packet of
    ordinal r + d, and FFmpeg keeps that packet's decoding time with the picture:

        ordinal put in      0    1    2    3    4    end
        rank taken out      -    0    1    2    3    4         d = 1

    At the end no packet is put in, and ranks go on one by one. The first run has to begin at ordinal 0, to see d.
    """

    def __init__(self, table: PacketTable) -> None:
        self._seconds = table.seconds
        self._decode_ticks = table.decode_ticks
        self._delay: int | None = None
        self._rank = -1

    def seconds_of(self, frame: VideoFrame) -> float:
        """When the next picture from the decoder is shown."""
        if frame.dts is None:
            self._rank += 1
        else:
            ordinal = int(np.searchsorted(self._decode_ticks, frame.dts))
            if self._delay is None:
                self._delay = ordinal
            self._rank = max(self._rank + 1, ordinal - self._delay)
        self._rank = min(self._rank, len(self._seconds) - 1)
        return float(self._seconds[self._rank])
