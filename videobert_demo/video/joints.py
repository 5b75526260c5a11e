"""Lets time go on where streams were joined end to end and the clock starts again.

    parts       |0 1 2 3 4 5|0 1 2 3|         clocks in the file
    time         0 1 2 3 4 5 6 7 8 9          as it is played

Knows the times of packets; knows nothing about what is in them.
"""

from __future__ import annotations

from av.packet import Packet
from av.video.stream import VideoStream

BACK_SECONDS = 0.1
"""How far the decoding time may step back before it counts as a new clock; broadcasts jitter by less."""

AHEAD_SECONDS = 10.0
"""How far it may leap before it counts as a new clock, as in ffmpeg's `-dts_delta_threshold`."""


class ContinuousClock:
    """Shifts the times of packets, which come in the order of the file, so that they never start again.

    Args:
        seconds_per_tick: Length of a tick of the stream.
    """

    def __init__(self, seconds_per_tick: float) -> None:
        self._back_ticks = round(BACK_SECONDS / seconds_per_tick)
        self._ahead_ticks = round(AHEAD_SECONDS / seconds_per_tick)
        self._offset = 0
        self._last: int | None = None
        self._decode_end = self._show_end = 0

    def shift(self, packet: Packet[VideoStream]) -> None:
        """Changes the packet's times to those of the first part's clock."""
        begin = packet.dts if packet.dts is not None else packet.pts
        if begin is None:
            return
        if self._last is not None:
            step = begin + self._offset - self._last
            if step < -self._back_ticks or step > self._ahead_ticks:
                self._offset = self._offset_after_joint(packet.dts, packet.pts)
        if packet.dts is not None:
            packet.dts += self._offset
        if packet.pts is not None:
            packet.pts += self._offset
        self._last = begin + self._offset
        duration = max(0, packet.duration or 0)
        self._decode_end = max(self._decode_end, self._last + duration)
        if packet.pts is not None:
            self._show_end = max(self._show_end, packet.pts + duration)

    def _offset_after_joint(self, decoded: int | None, shown: int | None) -> int:
        """The smallest offset with which the part that begins is neither decoded nor shown before the last one ends.

        Parts whose pictures are delayed alike give the same by both clocks; a file may lack either.
        """
        by_decoding = [] if decoded is None else [self._decode_end - decoded]
        by_showing = [] if shown is None else [self._show_end - shown]
        return max(by_decoding + by_showing)
