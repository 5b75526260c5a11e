"""Which frames to take from a clip, and which packets to decode for them. Pure index arithmetic on small arrays.

Two orders appear. The *order of showing* is the order of time; a position in it is a rank. The *order of decoding* is
the order of the file; a position in it is an ordinal. They differ where a codec has B-frames:

    ordinal     0   1   2   3   4   5   6   7         order of decoding
    frame       I0  P4  B2  b1  b3  I8  b6 ...
    rank        0   4   2   1   3   8   6             order of showing
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REACH_FRACTION = 0.3
"""How far from its segment's centre a cheaper frame may lie to be taken instead, as a fraction of the segment.

At 0.3 eight frames of a minute with a keyframe every 250 frames need between 0.2 % and 30 % of the frames to be
decoded, depending on the frame rate (20 to 60); at 0.25 it is up to 34 %.
"""

WORTHWHILE_FRAMES = 24
"""How many fewer frames have to be decoded for a frame that is no keyframe to be preferred to the one at the centre."""


@dataclass(frozen=True, slots=True)
class PacketRun:
    """Packets to decode one after another.

    Attributes:
        first: Ordinal of the first packet.
        last: Ordinal of the last packet, >= first.
        wanted: Ordinals of the packets whose frames are wanted, at least one, in any order.
    """

    first: int
    last: int
    wanted: frozenset[int]


def segment_centres(duration_seconds: float, count: int) -> NDArray[np.float64]:
    """The centres of equal segments.

        duration 8, count 4:    |---.---|---.---|---.---|---.---|
                                0   1   2   3   4   5   6   7   8     -> 1, 3, 5, 7

    Args:
        duration_seconds: Length of the whole, >= 0.
        count: Number of segments, >= 1.

    Returns:
        float64 (count,), in seconds from the start.
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    if not duration_seconds >= 0:
        raise ValueError(f"duration_seconds must not be negative, got {duration_seconds}")
    return (np.arange(count, dtype=np.float64) + 0.5) * (duration_seconds / count)


def choose_frames(
    seconds: NDArray[np.float64], is_keyframe: NDArray[np.bool_], duration_seconds: float, count: int
) -> NDArray[np.int64]:
    """Chooses the frames that are on screen at the centres of equal segments, or cheaper ones near by.

        segments       |-------.-------|-------.-------|-------.-------|
        frames         K . . . . . . . . . . K . . . . . . . . K . . . .       K: keyframe
        chosen                 ^             ^                 ^
                           the centre   keyframes that are within reach of the centre

    Where no keyframe is that near, decoding has to go on from the last one to the chosen frame. If that takes many
    frames that no later choice needs, the choice moves to the front of its reach.

    A clip with a long still (few frames in much time) shows one frame at several centres; then the neighbours are taken
    too, so that every clip of at least `count` frames gives `count` different ones.

    Args:
        seconds: (N,), N >= 1, non-decreasing: when each frame comes on screen, in the order of showing.
        is_keyframe: (N,).
        duration_seconds: From the first frame to the end of the last one.
        count: How many frames to choose, >= 1.

    Returns:
        int64 (min(count, N),): ranks, increasing.
    """
    if len(seconds) == 0 or len(seconds) != len(is_keyframe):
        raise ValueError(f"need as many keyframe flags as times, got {len(is_keyframe)} and {len(seconds)}")
    centres = seconds[0] + segment_centres(duration_seconds, count)
    if len(seconds) <= count:
        return np.arange(len(seconds), dtype=np.int64)
    # The small step keeps rounding from choosing the frame before one that comes on screen at the very centre.
    at_centre = np.searchsorted(seconds, centres + 1e-9, side="right").astype(np.int64) - 1
    chosen = _make_different(at_centre, len(seconds))
    key_ranks = np.flatnonzero(is_keyframe)
    reach_seconds = REACH_FRACTION * duration_seconds / count
    _prefer_keyframes(chosen, seconds, centres, key_ranks, reach_seconds)
    _shorten_runs(chosen, seconds, centres, key_ranks, reach_seconds)
    return chosen


def _prefer_keyframes(
    chosen: NDArray[np.int64],
    seconds: NDArray[np.float64],
    centres: NDArray[np.float64],
    key_ranks: NDArray[np.int64],
    reach_seconds: float,
) -> None:
    """Replaces chosen ranks by the keyframe nearest to the centre, in `chosen`, where one is within reach."""
    count = len(chosen)
    for segment, centre in enumerate(centres):
        low = int(chosen[segment - 1]) if segment > 0 else -1
        high = int(chosen[segment + 1]) if segment + 1 < count else len(seconds)
        near = key_ranks[(key_ranks > low) & (key_ranks < high)]
        if len(near) == 0:
            continue
        distances_seconds = np.abs(seconds[near] - centre)
        nearest = int(np.argmin(distances_seconds))
        if distances_seconds[nearest] <= reach_seconds:
            chosen[segment] = near[nearest]


def _shorten_runs(
    chosen: NDArray[np.int64],
    seconds: NDArray[np.float64],
    centres: NDArray[np.float64],
    key_ranks: NDArray[np.int64],
    reach_seconds: float,
) -> None:
    """Moves chosen ranks at which decoding can stop to the front of their reach, in `chosen`, if that saves much."""
    for segment, centre in enumerate(centres):
        rank = int(chosen[segment])
        after = int(np.searchsorted(key_ranks, rank, side="right"))  # how many keyframes are not after this rank
        next_key = int(key_ranks[after]) if after < len(key_ranks) else len(seconds)
        goes_on = segment + 1 < len(chosen) and chosen[segment + 1] < next_key
        is_key = after > 0 and key_ranks[after - 1] == rank
        if goes_on or is_key:
            continue
        before = int(chosen[segment - 1]) if segment > 0 else -1
        earliest = max(int(np.searchsorted(seconds, centre - reach_seconds)), before + 1)
        if rank - earliest >= WORTHWHILE_FRAMES:
            chosen[segment] = earliest


def plan_runs(
    wanted: NDArray[np.int64],
    seconds: NDArray[np.float64],
    is_keyframe: NDArray[np.bool_],
    *,
    packets_after: int = 0,
    keyframes_before: int = 0,
) -> list[PacketRun]:
    """Finds the shortest runs of packets from a keyframe to each wanted frame.

        ordinal    0  1  2  3  4  5  6  7  8  9  10 11
                   K  .  .  .  .  .  K  .  .  .  K  .
        wanted                 ^     ^     ^        ^
        runs       [-----------]     [-----]     [--]

    A frame that is shown before a keyframe but stored after it (open GOP) needs the keyframe before that one, because
    its own time is earlier.

    Args:
        wanted: (M,), ordinals.
        seconds: (N,), when each packet's frame is shown, in the order of decoding.
        is_keyframe: (N,), in the order of decoding.
        packets_after: How many packets a run goes on after its last wanted one, if the file goes on.
        keyframes_before: How many keyframes earlier than it seems necessary a run begins, if there are as many.

    Returns:
        The runs; they are ordered and do not overlap.
    """
    key_ordinals = np.flatnonzero(is_keyframe)
    runs: list[PacketRun] = []
    for ordinal in sorted(int(value) for value in wanted):
        starts = key_ordinals[(key_ordinals <= ordinal) & (seconds[key_ordinals] <= seconds[ordinal])]
        first = int(starts[-min(1 + keyframes_before, len(starts))]) if len(starts) else 0
        last = min(ordinal + packets_after, len(seconds) - 1)
        run = PacketRun(first, last, frozenset({ordinal}))
        while runs and run.first <= runs[-1].last:
            before = runs.pop()
            run = PacketRun(min(before.first, first), max(before.last, last), before.wanted | run.wanted)
        runs.append(run)
    return runs


def group_frames(available: int, per_segment: int, most: int) -> NDArray[np.int64]:
    """Which of a clip's frames each segment gets, evenly and in order; each segment has `per_segment` of them.

        12 frames, 4 a segment, at most 2    0 2 3 5 | 6 8 9 11
         3 frames, 4 a segment               0 1 1 2                 a clip that is too short repeats frames

    Args:
        available: How many frames there are, in the order of time, >= 1.
        per_segment: F, >= 1.
        most: How many segments there may be, >= 1.

    Returns:
        int64 (T, F), ranks; there are as many segments as the clip can fill, at least one.
    """
    if min(available, per_segment, most) < 1:
        raise ValueError(f"frames and segments must be at least 1, got {available}, {per_segment}, {most}")
    segments = min(most, max(1, available // per_segment))
    count = segments * per_segment
    return ((np.arange(count, dtype=np.int64) * 2 + 1) * available // (2 * count)).reshape(segments, per_segment)


def _make_different(ranks: NDArray[np.int64], frame_count: int) -> NDArray[np.int64]:
    """Moves equal ranks apart, as little as needed: 2 2 2 7 of 9 frames become 2 3 4 7.

    Args:
        ranks: (M,), non-decreasing, M <= frame_count.
        frame_count: How many ranks there are.

    Returns:
        (M,), increasing, in [0, frame_count).
    """
    steps = np.arange(len(ranks), dtype=np.int64)
    # Increasing means that ranks minus steps is non-decreasing.
    slack = np.maximum.accumulate(ranks - steps)
    return np.clip(slack, 0, frame_count - len(ranks)) + steps
