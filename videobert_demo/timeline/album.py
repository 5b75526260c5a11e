"""Keeps a bounded number of pictures of a film while it passes, so that in the end every scene has its own.

    cuts       |-----------|----|------------------------------|       as they are found, some seconds late
    parts      |-----------|----|----------|----------|--------|       a part ends at a cut, or after ten seconds
    pictures    . . . . . . ......  . . . . . . . . . . . . . .        up to eight of each part, where they are wanted

New pictures wait until the cuts before them are known. If there are too many parts, the two with the weakest cut
between them become one, with eight pictures again. If pictures take too much memory, the oldest are packed. Knows
moments; does not know what a picture is, or how it is packed.
"""

from __future__ import annotations

import bisect
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from videobert_demo.video.sampling import segment_centres

T = TypeVar("T")

PICTURES_PER_PART = 8
MAX_PARTS = 240
MAX_PART_SECONDS = 10.0
MAX_LOOSE_BYTES = 64 * 2**20
"""Once pictures take more bytes than this, the oldest are packed."""
MAX_OPEN_BYTES = 32 * 2**20
"""How much memory the pictures of the part that is still open may take, if they are more than twice those it keeps."""
_MOST_OPEN_PICTURES = 128  # All of five seconds at 25 a second.
_FINEST_STEP_SECONDS = 0.016
_SHORTEST_SECONDS = 1e-3


@dataclass(eq=False)
class _Part(Generic[T]):
    """When it starts, the strength of the cut there, pictures with their moments, and the bytes of loose ones."""

    start_seconds: float
    strength: float
    step_seconds: float = _FINEST_STEP_SECONDS
    moments: list[float] = field(default_factory=list)
    pictures: list[T] = field(default_factory=list)
    loose_bytes: int = 0


class Album(Generic[T]):
    """Pictures of a film. Add all of them in order of time, tell the cuts, then ask.

    Args:
        pack: Makes a picture smaller.
        bytes_of: How much memory a picture takes that is not packed.
        wanted: From the start, the end and a count to the moments whose pictures should stand for a stretch, sorted;
            by default the centres of equal segments. The end comes after the start.
        max_parts: How many parts there may be.
        max_loose_bytes: How many bytes of pictures there may be before they are packed. Those that wait and those of
            the open part never are.
    """

    def __init__(
        self,
        pack: Callable[[T], T],
        bytes_of: Callable[[T], int],
        *,
        wanted: Callable[[float, float, int], NDArray[np.float64]] | None = None,
        max_parts: int = MAX_PARTS,
        max_loose_bytes: int = MAX_LOOSE_BYTES,
    ) -> None:
        self._pack, self._bytes_of = pack, bytes_of
        self._wanted = wanted or _centres
        self._max_parts, self._max_loose_bytes = max_parts, max_loose_bytes
        self._waiting: deque[tuple[float, T]] = deque()
        self._cuts: list[tuple[float, float]] = []
        self._open: _Part[T] = _Part(0.0, np.inf)
        self._parts: list[_Part[T]] = []

    def add(self, seconds: float, picture: T) -> None:
        """Shows a picture to the album."""
        if not self._waiting or seconds - self._waiting[-1][0] >= _FINEST_STEP_SECONDS:
            self._waiting.append((seconds, picture))

    def settle(self, seconds: float) -> None:
        """Tells that all cuts before a moment have been told."""
        while self._waiting and self._waiting[0][0] < seconds:
            self._take(*self._waiting.popleft())

    def cut(self, seconds: float, strength: float) -> None:
        """Tells a cut."""
        bisect.insort(self._cuts, (seconds, strength))

    def put(self, seconds: float, picture: T) -> None:
        """Adds a picture to the closed album, unless it has one of this moment."""
        at = max(0, bisect.bisect_right([part.start_seconds for part in self._parts], seconds) - 1)
        part = self._parts[at]
        position = bisect.bisect_left(part.moments, seconds)
        if position == len(part.moments) or part.moments[position] - seconds > 1e-6:
            part.moments.insert(position, seconds)
            part.pictures.insert(position, picture)

    def end(self) -> None:
        """Closes the album after the last picture."""
        self.settle(np.inf)
        self._close()

    def choose(self, start_seconds: float, end_seconds: float, count: int) -> list[tuple[float, T]]:
        """Up to `count` different kept pictures of a stretch, those nearest to the moments that are wanted.

        Returns:
            Moments and pictures, packed or not, in order; if the stretch has none, the picture nearest to it. At least
            one if the album has any.
        """
        kept = self.kept(start_seconds, end_seconds)
        if not kept:
            middle = (start_seconds + end_seconds) / 2
            everything = self.kept(0.0, np.inf)
            return sorted(everything, key=lambda one: abs(one[0] - middle))[:1]
        moments = np.array([moment for moment, _ in kept])
        return [kept[index] for index in self._nearest(moments, start_seconds, end_seconds, count)]

    def kept(self, start_seconds: float, end_seconds: float) -> list[tuple[float, T]]:
        """All kept pictures from the start on and before the end, in order."""
        return [
            (moment, picture)
            for part in self._parts
            for moment, picture in zip(part.moments, part.pictures, strict=True)
            if start_seconds <= moment < end_seconds
        ]

    def _take(self, seconds: float, picture: T) -> None:
        """Puts a picture into the open part, now that no unknown cut can come before it."""
        while self._cuts and self._cuts[0][0] <= seconds + 1e-6:
            start, strength = self._cuts.pop(0)
            if start > self._open.start_seconds:
                self._close(start)
                self._open = _Part(start, strength)
        if seconds - self._open.start_seconds >= MAX_PART_SECONDS and self._open.moments:
            self._close(seconds)
            self._open = _Part(seconds, 0.0)
        part = self._open
        if part.moments and seconds - part.moments[-1] < part.step_seconds - 1e-3:
            return
        part.moments.append(seconds)
        part.pictures.append(picture)
        if len(part.moments) > self._most_open(picture):
            del part.moments[1::2], part.pictures[1::2]
            part.step_seconds = (part.moments[-1] - part.moments[0]) / (len(part.moments) - 1)

    def _most_open(self, picture: T) -> int:
        """How many pictures the open part may hold: more of small ones. To pack many would take long."""
        size_bytes = self._bytes_of(picture)
        most = min(_MOST_OPEN_PICTURES, MAX_OPEN_BYTES // size_bytes) if size_bytes else 0
        return max(2 * PICTURES_PER_PART, most)

    def _close(self, end_seconds: float | None = None) -> None:
        """Ends the open part, of which only the best pictures are kept. Its end is not known at the film's."""
        part = self._open
        if not part.moments:
            return
        moments = np.array(part.moments)
        if end_seconds is None:
            end_seconds = part.moments[-1] + (part.moments[-1] - part.moments[-2] if len(part.moments) > 1 else 0.0)
        best = self._nearest(moments, part.start_seconds, end_seconds, PICTURES_PER_PART)
        pictures = [part.pictures[index] for index in best]
        loose_bytes = sum(map(self._bytes_of, pictures))
        self._parts.append(
            _Part(
                part.start_seconds,
                part.strength,
                moments=moments[best].tolist(),
                pictures=pictures,
                loose_bytes=loose_bytes,
            )
        )
        self._open = _Part(part.moments[-1], 0.0)
        while len(self._parts) > self._max_parts:
            self._join()
        loose_bytes = sum(each.loose_bytes for each in self._parts)
        for each in self._parts:
            if loose_bytes <= self._max_loose_bytes:
                break
            if each.loose_bytes:
                loose_bytes -= each.loose_bytes
                each.pictures, each.loose_bytes = [self._pack(picture) for picture in each.pictures], 0

    def _join(self) -> None:
        """Makes one part of the two with the weakest cut between them; among equal cuts, of the two shortest."""

        def weight(position: int) -> tuple[float, float]:
            first, second = self._parts[position - 1], self._parts[position]
            return second.strength, second.moments[-1] - first.start_seconds

        position = min(range(1, len(self._parts)), key=weight)
        first, second = self._parts[position - 1], self._parts.pop(position)
        moments = np.array(first.moments + second.moments)
        pictures = first.pictures + second.pictures
        best = self._nearest(moments, first.start_seconds, moments[-1], PICTURES_PER_PART)
        first.moments, first.pictures = moments[best].tolist(), [pictures[index] for index in best]
        first.loose_bytes += second.loose_bytes

    def _nearest(
        self, moments: NDArray[np.float64], start_seconds: float, end_seconds: float, count: int
    ) -> Sequence[int]:
        """Positions of up to `count` different moments, (N,) sorted, nearest to the wanted ones; sorted."""
        if len(moments) <= count:
            return range(len(moments))
        wanted = self._wanted(start_seconds, max(start_seconds + _SHORTEST_SECONDS, end_seconds), count)
        chosen: list[int] = []
        for position, moment in enumerate(wanted):
            first = chosen[-1] + 1 if chosen else 0
            last = len(moments) - (len(wanted) - position)  # so many must be left for those that come
            chosen.append(first + int(np.argmin(np.abs(moments[first : last + 1] - moment))))
        return chosen


def _centres(start_seconds: float, end_seconds: float, count: int) -> NDArray[np.float64]:
    return start_seconds + segment_centres(end_seconds - start_seconds, count)
