"""Lists the packets of a clip: when each is shown, and which can be decoded without the ones before it.

Demuxing reads the whole file once and decodes nothing (3 microseconds a packet), so what is listed is what is really
there: headers that lie, or do not know, about the duration or the number of frames do no harm. The list takes some 30
bytes a frame and has a fixed greatest length. Knows nothing about pictures.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import NDArray

from videobert_demo.errors import ClipTooLongError, EmptyClipError, UnreadableClipError
from videobert_demo.video.container import OpenClip
from videobert_demo.video.joints import ContinuousClock
from videobert_demo.video.pixel_limits import check_pixels

MAX_PACKETS = 2**21
"""The most packets that a clip may have: more than 2 hours at 240 frames a second."""

# An index can name the same bytes again and again, so that 3 kB play for hours and 2 MB are read as 400 GB. In a sound
# clip packets do not overlap; what a file tells of them takes bytes as well, and a little is left for small files.
_MAX_TIMES_READ = 16
_BYTES_TO_SPARE = 2**20
_BYTES_TO_TELL_OF_A_PACKET = 16

_NO_TICKS = -(2**63)
_PACKETS_BETWEEN_CHECKS = 256


@dataclass(frozen=True, slots=True, eq=False)
class PacketTable:
    """The packets of a clip's picture, in the order of the file, which is the order of decoding.

    Attributes:
        seconds: float64 (N,), N >= 1: when the packet's frame comes on screen. If `is_ranked`, the i-th entry is when
            the i-th frame in the order of showing comes on screen, because the file does not say which packet that is.
        is_keyframe: bool (N,): whether decoding can start at this packet.
        is_shown: bool (N,): False for frames that an edit list cuts away, and for those before the first keyframe.
        duration_seconds: From the first shown frame to the end of the last one, >= 0.
        frames_per_second: Mean rate, 0 if it is not known.
        is_ranked: Whether packets lack times of showing (B-frames in AVI and MPEG program streams).
        decode_ticks: int64 (N,), sorted: the decoding times, in ticks of the stream; only meant for `is_ranked`.
        seconds_per_tick: Length of a tick of the stream.
        zero_seconds: What is subtracted from the stream's clock.
    """

    seconds: NDArray[np.float64]
    is_keyframe: NDArray[np.bool_]
    is_shown: NDArray[np.bool_]
    duration_seconds: float
    frames_per_second: float
    is_ranked: bool
    decode_ticks: NDArray[np.int64]
    seconds_per_tick: float
    zero_seconds: float

    @property
    def frame_count(self) -> int:
        """How many frames are shown."""
        return int(np.count_nonzero(self.is_shown))


def packets_of(clip: OpenClip) -> Iterator[Packet[VideoStream]]:
    """The packets of the clip's picture that have content, in the order of the file, until its end or its first damage.

    Where streams were joined and their clocks start again, the packets' times go on.

    Raises:
        UnreadableClipError: Reading took too long, or the packets hold many times more than the file.
    """
    demuxed = clip.source.demux(clip.stream)
    time_base = clip.stream.time_base
    clock = ContinuousClock(float(time_base)) if clip.container_format.may_restart and time_base else None
    remaining_bytes = _MAX_TIMES_READ * clip.read_bytes + _BYTES_TO_SPARE
    for number in range(MAX_PACKETS + 1):
        if number % _PACKETS_BETWEEN_CHECKS == 0:
            clip.deadline.check(clip.shown_name)
        try:
            packet = next(demuxed, None)
        except (av.FFmpegError, OSError):
            break
        except IndexError:
            # At the end PyAV stumbles over streams that a damaged file has begun in its middle.
            break
        if packet is None:
            break
        remaining_bytes -= packet.size + _BYTES_TO_TELL_OF_A_PACKET
        if remaining_bytes < 0:
            raise UnreadableClipError(
                "{name} shows the same few bytes again and again; convert it to an MP4 with H.264.",
                name=clip.shown_name,
            )
        # An empty packet would tell the decoder that the clip is over.
        if packet.size > 0:
            if clock is not None:
                clock.shift(packet)
            yield packet
            if clip.container_format.holds_one_picture:
                break
    clip.deadline.check(clip.shown_name)


def scan_packets(clip: OpenClip) -> PacketTable:
    """Lists the packets of a clip.

    Raises:
        EmptyClipError: There are none.
        ClipTooManyPixelsError: It is an animation whose pictures have more pixels than those of a film may have.
        ClipTooLongError: The clip plays too long, or has too many packets.
        UnreadableClipError: No packet has a time, packets hold more than the file can, or reading took too long.
    """
    shown_ticks, decode_ticks, durations = array("q"), array("q"), array("q")
    keyframes, discarded = bytearray(), bytearray()
    for packet in packets_of(clip):
        if len(shown_ticks) == MAX_PACKETS:
            raise ClipTooLongError(
                "{name} has more than {most:,} frames; cut a shorter clip from it.",
                name=clip.shown_name,
                most=MAX_PACKETS,
            )
        shown_ticks.append(_NO_TICKS if packet.pts is None else packet.pts)
        decode_ticks.append(_NO_TICKS if packet.dts is None else packet.dts)
        durations.append(max(0, packet.duration or 0))
        keyframes.append(packet.is_keyframe)
        discarded.append(packet.is_discard)
    if clip.container_format.is_picture and len(shown_ticks) > 1:
        stored = clip.stream.codec_context
        check_pixels(stored.width, stored.height, clip.limits.max_pixels, clip.shown_name)
    _discard_before_first_keyframe(keyframes, shown_ticks, discarded)
    if not shown_ticks or all(discarded):
        raise EmptyClipError(
            "{name} has no frames, or is cut off before the first; save it again.", name=clip.shown_name
        )
    return _table(
        clip,
        shown=np.frombuffer(shown_ticks, dtype=np.int64),
        decoded=np.frombuffer(decode_ticks, dtype=np.int64),
        durations=np.frombuffer(durations, dtype=np.int64),
        is_keyframe=np.frombuffer(keyframes, dtype=np.bool_),
        is_shown=~np.frombuffer(discarded, dtype=np.bool_),
    )


def _discard_before_first_keyframe(keyframes: bytearray, shown_ticks: array[int], discarded: bytearray) -> None:
    """Marks packets in `discarded` that nothing can be made of, because a recorder or a cutter began in the middle.

    Those are the packets before the first keyframe, and the pictures after it that are shown before it (open GOP).
    A clip without any keyframe stays as it is.
    """
    first = keyframes.find(1)
    if first < 0:
        return
    discarded[:first] = b"\1" * first
    for ordinal in range(first + 1, len(shown_ticks)):
        if keyframes[ordinal]:
            break
        if _NO_TICKS < shown_ticks[ordinal] < shown_ticks[first]:
            discarded[ordinal] = 1


def _table(
    clip: OpenClip,
    *,
    shown: NDArray[np.int64],
    decoded: NDArray[np.int64],
    durations: NDArray[np.int64],
    is_keyframe: NDArray[np.bool_],
    is_shown: NDArray[np.bool_],
) -> PacketTable:
    """Turns ticks into seconds, and finds how long the clip and its last frame stand. All arrays are (N,)."""
    is_ranked = bool((shown == _NO_TICKS).any())
    if is_ranked:
        decoded = _complete(decoded, shown, clip.shown_name)
        # The first packet's delay, if the file tells it, is the delay of all frames.
        ticks = decoded + (int(shown[0] - decoded[0]) if shown[0] != _NO_TICKS else 0)
    else:
        ticks = shown
    seconds_per_tick = float(clip.stream.time_base or 0)
    if seconds_per_tick <= 0:
        raise UnreadableClipError(
            "{name} does not say when its frames are shown; convert it to an MP4.", name=clip.shown_name
        )
    start_ticks = int(ticks[is_shown].min())
    zero_seconds = 0.0
    if clip.container_format.has_free_clock:
        start = clip.source.start_time
        zero_seconds = start_ticks * seconds_per_tick if start is None else start / av.time_base
    rate = float(clip.stream.average_rate or clip.stream.guessed_rate or 0)
    last = int(np.flatnonzero(is_shown)[np.argmax(ticks[is_shown])])
    count = int(np.count_nonzero(is_shown))
    span_seconds = (int(ticks[last]) - start_ticks) * seconds_per_tick
    typical_seconds = span_seconds / (count - 1) if count > 1 else (1 / rate if rate > 0 else 0.0)
    last_seconds = float(durations[last]) * seconds_per_tick or typical_seconds
    if clip.container_format.is_picture and count == 1:
        # FFmpeg gives photographs a rate, because it has to: 1 or 25 a second.
        typical_seconds = last_seconds = 0.0
    duration_seconds = span_seconds + last_seconds
    if duration_seconds > clip.limits.max_seconds:
        raise ClipTooLongError(
            "{name} plays for {seconds:,.0f} seconds, more than the limit of {most:,g} seconds; "
            "cut a shorter clip from it.",
            name=clip.shown_name,
            seconds=duration_seconds,
            most=clip.limits.max_seconds,
        )
    return PacketTable(
        seconds=ticks.astype(np.float64) * seconds_per_tick - zero_seconds,
        is_keyframe=is_keyframe,
        is_shown=is_shown,
        duration_seconds=duration_seconds,
        frames_per_second=1 / typical_seconds if typical_seconds > 0 else 0.0,
        is_ranked=is_ranked,
        decode_ticks=decoded,
        seconds_per_tick=seconds_per_tick,
        zero_seconds=zero_seconds,
    )


def _complete(decoded: NDArray[np.int64], shown: NDArray[np.int64], name: str) -> NDArray[np.int64]:
    """Decoding times in order, (N,); packets that have none are put evenly between their neighbours."""
    known = np.where(decoded == _NO_TICKS, shown, decoded)
    positions = np.flatnonzero(known != _NO_TICKS)
    if len(positions) == 0:
        raise UnreadableClipError("{name} does not say when its frames are shown; convert it to an MP4.", name=name)
    if len(positions) == len(known):
        return np.sort(known)
    even = np.interp(np.arange(len(known)), positions, np.sort(known[positions]).astype(np.float64))
    return even.round().astype(np.int64)
